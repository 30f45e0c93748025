import { ReportError } from '../report/report-error.ts';
import type { FoundReport } from './find-reports.ts';

/** Reports that a command left as they were before it ran: they tell nothing about this run. */
export function untouchedReports(
  before: readonly FoundReport[],
  after: readonly FoundReport[],
): ReportError[] {
  const earlier = new Map(before.map(({ path, mark }) => [path, mark]));
  return after.flatMap(({ path, mark }) => {
    const then = earlier.get(path);
    const same = then?.mtimeMs === mark.mtimeMs && then.size === mark.size && then.ino === mark.ino;
    return same ? [stale(path, 'the command did not write it; it is left from before')] : [];
  });
}

/**
 * Reports that were there before the job began.
 * @param since - milliseconds since the epoch
 */
export function reportsBefore(since: number, reports: readonly FoundReport[]): ReportError[] {
  return reports
    .filter(({ mark }) => mark.mtimeMs < since)
    .map(({ path, mark }) => {
      const [made, began] = [new Date(mark.mtimeMs), new Date(since)];
      return stale(
        path,
        `written at ${made.toISOString()}, before the job began (${began.toISOString()})`,
      );
    });
}

/** Reports that are part of the commit instead of being made from it. */
export function committedReports(
  tracked: ReadonlySet<string>,
  reports: readonly FoundReport[],
): ReportError[] {
  return reports
    .filter(({ path }) => tracked.has(path))
    .map(({ path }) => stale(path, 'it is committed, so no run has made it'));
}

function stale(path: string, problem: string): ReportError {
  return new ReportError('report-stale', path, problem);
}
