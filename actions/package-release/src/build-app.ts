import type { ActionContext } from '@gatewright/contract';
import type { runCommand } from '@gatewright/process';
import { ConfigurationError } from '@gatewright/verdict';
import { buildEnvironment } from './build-environment.ts';

/** What a build needs from outside. */
export interface BuildDeps {
  readonly context: Pick<ActionContext, 'log' | 'signal'>;
  readonly runCommand: typeof runCommand;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs the build command in the application's directory; its output goes to the log as it comes.
 *
 * @throws ConfigurationError `build-failed`; the signal's reason when it aborts.
 */
export async function buildApp(
  command: readonly [string, ...string[]],
  place: { readonly directory: string; readonly timeoutSeconds: number },
  { context, runCommand: execute, env }: BuildDeps,
): Promise<void> {
  const shown = JSON.stringify(command);
  const say = (line: string): void => context.log.info(line);
  const lines = { stdout: lineReader(say), stderr: lineReader(say) };
  const result = await context.log.group(`Build: ${shown}`, () =>
    execute(
      {
        argv: command,
        cwd: place.directory,
        env: buildEnvironment(env),
        timeoutSeconds: place.timeoutSeconds,
        maxOutputBytes: 2000,
        onOutput: (stream, text) => lines[stream].add(text),
      },
      context.signal,
    ).finally(() => {
      lines.stdout.end();
      lines.stderr.end();
    }),
  );
  context.signal.throwIfAborted();
  if (!result.timedOut && result.exitCode === 0) return;
  const how = result.timedOut
    ? `did not end within ${place.timeoutSeconds} seconds and was stopped`
    : `ended with exit code ${result.exitCode}`;
  const last = lastLine(result.stderrTail) ?? lastLine(result.stdoutTail);
  throw new ConfigurationError('build-failed', `The build command ${shown} ${how}.`, {
    checked: [
      `package.build of gatewright.yml, run in ${place.directory}`,
      ...(last === undefined ? [] : [`its last line: ${last}`]),
    ],
    remedy: 'Read the output of the build above; run the same command locally.',
  });
}

function lastLine(text: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.findLast((line) => line !== '')?.slice(0, 200);
}

interface LineReader {
  add(text: string): void;
  end(): void;
}

/** Hands on whole lines, each marked as foreign text; the logger keeps them from being workflow commands. */
function lineReader(show: (line: string) => void): LineReader {
  let rest = '';
  const write = (line: string): void => show(`  | ${line}`);
  return {
    add: (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(write);
    },
    end: () => {
      if (rest !== '') write(rest);
      rest = '';
    },
  };
}
