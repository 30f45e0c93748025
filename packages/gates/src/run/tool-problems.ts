import { ConfigurationError } from '@gatewright/verdict';
import { cleanText } from '../report/clean-text.ts';
import { isSignalCode } from './collected.ts';
import type { ToolRun } from './collected.ts';

/**
 * What is wrong with how a tool ended, whatever its reports say: it ran out of time, was killed, or says itself that it
 * did not get to the end.
 */
export function endProblem(
  { name, end, completeWith }: ToolRun,
  timeoutSeconds: number,
): ConfigurationError | undefined {
  const said = end.lastLine === '' ? [] : [`its last line: ${cleanText(end.lastLine)}`];
  if (end.timedOut) {
    return new ConfigurationError(
      'tool-timed-out',
      `${name} did not end within ${timeoutSeconds} seconds and was stopped.`,
      { checked: said, remedy: 'Give it more time with timeout-seconds, or make it faster.' },
    );
  }
  const how = `${name} ended with exit code ${end.exitCode}`;
  const remedy = 'Read its output above; run the same command locally.';
  if (isSignalCode(end.exitCode)) {
    const problem = `${how}: signal ${end.exitCode - 128} ended it.`;
    return new ConfigurationError('tool-failed', problem, { checked: said, remedy });
  }
  if (completeWith === undefined || completeWith.includes(end.exitCode)) return undefined;
  const problem = `${how}, which means that it could not do its work.`;
  return new ConfigurationError('tool-failed', problem, { checked: said, remedy });
}

/**
 * A tool that failed although its reports hold nothing that it could have failed for: what it found is not in them.
 * @param explained - findings or failed tests in the reports of this run
 */
export function unexplainedEnd(
  { name, end }: ToolRun,
  explained: number,
): ConfigurationError | undefined {
  if (end.exitCode === 0 || explained > 0) return undefined;
  return new ConfigurationError(
    'tool-failed',
    `${name} ended with exit code ${end.exitCode}, but its reports hold nothing that explains it.`,
    {
      checked: end.lastLine === '' ? [] : [`its last line: ${cleanText(end.lastLine)}`],
      remedy: 'Read its output above; a report must hold everything that the tool found.',
    },
  );
}
