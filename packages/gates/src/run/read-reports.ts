import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { GatewrightError } from '@gatewright/verdict';
import type { GateEvidence } from '@gatewright/verdict';
import type { ReportInput, ToolRun } from './collected.ts';
import type { GateWork } from './gate-kind.ts';
import { unexplainedEnd } from './tool-problems.ts';

/** What all reports came to. Items are in the sinks of the gate. */
export interface ReadAll {
  readonly evidence: readonly GateEvidence[];
  /** Reports that are not of coverage. */
  readonly reports: number;
  readonly problems: readonly GatewrightError[];
}

/** Linters that print nothing when there is nothing to say. */
const silentFormats = new Set(['flake8', 'gcc', 'mypy', 'pylint', 'tsc']);

/** Reads every report to its end, whatever becomes of the others: all problems are told at once. */
export async function readReports(
  work: GateWork,
  inputs: readonly ReportInput[],
  runs: readonly ToolRun[],
): Promise<ReadAll> {
  const evidence: GateEvidence[] = [];
  const problems: GatewrightError[] = [];
  let reports = 0;
  const explained = runs.map(() => 0);
  const unread = new Set<number>();
  for (const input of inputs) {
    const { run, coverage } = input;
    try {
      const silent = await silence(input, run === undefined ? undefined : runs[run]);
      const read = silent ?? (await work.read(input));
      evidence.push(read.evidence);
      if (!coverage) reports += 1;
      if (run !== undefined) explained[run] = (explained[run] ?? 0) + read.explains;
    } catch (error) {
      if (!(error instanceof GatewrightError)) throw error;
      problems.push(error);
      if (run !== undefined) unread.add(run);
    }
  }
  const unexplained = runs.flatMap((run, index) =>
    unread.has(index) ? [] : (unexplainedEnd(run, explained[index] ?? 0) ?? []),
  );
  return { evidence, reports, problems: [...problems, ...unexplained] };
}

/**
 * Nothing at all is evidence only from a tool that is known to say nothing when it is content, and that ended well.
 */
async function silence(
  { path, file, declared, silentFormat }: ReportInput,
  run: ToolRun | undefined,
): Promise<{ evidence: GateEvidence; explains: 0 } | undefined> {
  const isSilent = declared !== undefined && silentFormats.has(declared);
  const format = isSilent ? declared : silentFormat;
  if (format === undefined) return undefined;
  if (run?.end.exitCode !== 0) return undefined;
  const facts = await stat(file);
  if (facts.size > 0) return undefined;
  const sha256 = createHash('sha256').digest('hex');
  return { evidence: { path, format, bytes: 0, sha256, items: 0 }, explains: 0 };
}
