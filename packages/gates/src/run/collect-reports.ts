import { ReportError } from '../report/report-error.ts';
import type { Collected, ReportInput } from './collected.ts';
import { findReports } from './find-reports.ts';
import type { FoundReport } from './find-reports.ts';
import type { EvidenceRequest, GatePorts, GateRequest } from './request.ts';
import { committedReports, reportsBefore } from './stale-reports.ts';

type ReportsRequest = Extract<EvidenceRequest, { kind: 'reports' }>;

/** Reports that are there already. One that is older than the job, or part of the commit, is none of this run. */
export async function collectReports(
  evidence: ReportsRequest,
  request: GateRequest,
  { git }: GatePorts,
): Promise<Collected> {
  const main = await findReports(evidence.reports, request.roots);
  const coverage = await findReports(evidence.coverageReports, request.roots);
  const all = [...main.found, ...coverage.found];
  const tracked = all.length === 0 ? undefined : await git.tracked(all.map(({ path }) => path));
  const { since } = evidence;
  return {
    inputs: reportInputs(main.found, coverage.found, request.format),
    runs: [],
    problems: [
      ...main.problems,
      ...coverage.problems,
      ...(since === undefined ? [] : reportsBefore(since, all)),
      ...(tracked === undefined ? [] : committedReports(tracked, all)),
    ],
    notes: since === undefined ? ['The age of the reports was not looked at.'] : [],
  };
}

/** Findings and coverage; a file that both globs match is read as coverage. */
export function reportInputs(
  main: readonly FoundReport[],
  coverage: readonly FoundReport[],
  declared: string | undefined,
): ReportInput[] {
  const taken = new Set(coverage.map(({ file }) => file));
  return [
    ...main
      .filter(({ file }) => !taken.has(file))
      .map(({ path, file }) => ({
        path,
        file,
        coverage: false,
        ...(declared === undefined ? {} : { declared }),
      })),
    ...coverage.map(({ path, file }) => ({ path, file, coverage: true })),
  ];
}

/** A report that a tool should have written. */
export function notWritten(path: string, name: string): ReportError {
  return new ReportError('report-missing', path, `${name} did not write it`);
}
