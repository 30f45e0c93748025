import { readFile } from 'node:fs/promises';
import type { GateEvidence, GateResult } from '@gatewright/verdict';
import type { CoverageMetric } from '../policy.ts';
import { readReport } from '../report/read-report.ts';
import { ReportError } from '../report/report-error.ts';
import { createCoverage } from './coverage.ts';
import type { Coverage, CoverageOptions } from './coverage.ts';
import { coverageMetrics } from './coverage-report.ts';
import { coverageReaders } from './readers.ts';

/** Where the reports of the tests say that their files are. */
export const tree = '/work-tree';

export interface Given {
  readonly path?: string;
  readonly text: string;
}

export interface ReadCoverage {
  readonly coverage: Coverage;
  readonly evidence: readonly GateEvidence[];
}

/** Reads reports as the gate does. */
export async function readAll(
  reports: readonly (Given | string)[],
  options: CoverageOptions = {},
): Promise<ReadCoverage> {
  const sink = createCoverage(options);
  const evidence: GateEvidence[] = [];
  for (const [index, report] of reports.entries()) {
    const given = typeof report === 'string' ? { text: report } : report;
    const path = given.path ?? `report-${index + 1}`;
    evidence.push(
      await readReport({
        source: { path, open: () => pieces(given.text) },
        readers: coverageReaders,
        foreign: [],
        sink,
        roots: { root: tree, base: tree },
      }),
    );
  }
  return { coverage: sink.coverage(), evidence };
}

/** Reads reports, and gives their coverage. */
export async function coverageOf(...reports: readonly (Given | string)[]): Promise<Coverage> {
  return (await readAll(reports)).coverage;
}

/** The reason code and message with which a report is refused. */
export async function refusal(text: string): Promise<string> {
  try {
    await readAll([text]);
  } catch (error) {
    if (error instanceof ReportError) return `${error.reasonCode} ${error.message}`;
    throw error;
  }
  return 'not refused';
}

/** Covered and total by each metric, such as `line 3/4`; what has no total is left out. */
export function figures(coverage: Coverage): string {
  return coverageMetrics
    .map((metric) => ({ metric, ...coverage.tally(metric) }))
    .filter(({ total }) => total > 0)
    .map(({ metric, covered, total }) => `${metric} ${covered}/${total}`)
    .join(', ');
}

/** The lines of a file that are covered, and those that are not. */
export function linesOf(
  coverage: Coverage,
  path: string,
  upTo = 40,
): { covered: number[]; uncovered: number[] } {
  const numbers = Array.from({ length: upTo }, (_, index) => index + 1);
  const file = coverage.file(path);
  return {
    covered: numbers.filter((line) => file?.isCovered(line) === true),
    uncovered: numbers.filter((line) => file?.isCovered(line) === false),
  };
}

/** A report that the real tool wrote. */
export async function sample(path: string): Promise<string> {
  return readFile(new URL(`../../samples/${path}`, import.meta.url), 'utf8');
}

/** One record of LCOV. */
export function lcovRecord(path: string, items: readonly string[]): string {
  return `SF:${path}\n${items.map((item) => `${item}\n`).join('')}end_of_record\n`;
}

/** A base result of the test gate with this coverage. */
export function baseWith(metric: CoverageMetric, covered: number, total: number): GateResult {
  return {
    gate: 'test',
    verdict: 'pass',
    reasonCode: 'gate-passed',
    explanation: '',
    evidence: [],
    counts: {
      tests: 1,
      passed: 1,
      failed: 0,
      errored: 0,
      skipped: 0,
      flaky: 0,
      waived: 0,
      coverage: { metric, covered, total, percent: '0.00', minimum: 0 },
    },
    findings: [],
    findingsOmitted: 0,
    waived: [],
    policy: { source: 'defaults', digest: '0'.repeat(64) },
  };
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  // Small and of an odd size, so that items are cut in two.
  for (let at = 0; at < bytes.length; at += 1021) yield bytes.subarray(at, at + 1021);
}
