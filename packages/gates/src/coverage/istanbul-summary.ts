import * as z from 'zod';
import type { CoverageMetric } from '../policy.ts';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import type { CoverageSink } from './coverage.ts';
import { isObject, jsonCount, parseEntry } from './json-entry.ts';
import { createSection, wholeFile } from './section.ts';

/** `json-summary` of Istanbul (istanbul-reports), also written by Jest, c8 and Vitest. It has sums, and no lines. */
export const istanbulSummaryReader: JsonReader<CoverageSink> = {
  format: 'istanbul-summary',
  title: 'Istanbul json-summary',
  shape: 'json',
  sniff: (document) =>
    isObject(document) && isObject(document['total']) && isObject(document['total']['lines']),
  read: readSummary,
};

// The percentage is not read: it is rounded, and the text "Unknown" when there is nothing to count.
const count = z
  .object({ total: jsonCount, covered: jsonCount })
  .refine(({ total, covered }) => covered <= total, 'more is covered than there is');
const entry = z.object({ lines: count, branches: count, statements: count, functions: count });

const metricOf: Readonly<Record<keyof z.infer<typeof entry>, CoverageMetric>> = {
  lines: 'line',
  branches: 'branch',
  statements: 'statement',
  functions: 'function',
};
const keys = ['lines', 'branches', 'statements', 'functions'] as const;

function readSummary(document: unknown, sink: CoverageSink, report: ReportContext): number {
  if (!isObject(document)) return 0;
  const files = sink.begin(report, 'part');
  const section = createSection();
  const sums = new Map(keys.map((key) => [key, { total: 0, covered: 0 }]));
  for (const [path, value] of Object.entries(document)) {
    if (path === 'total') continue;
    const read = parseEntry(entry, value, path, report);
    for (const key of keys) {
      const { covered, total } = read[key];
      const sum = sums.get(key);
      if (sum !== undefined) {
        sum.covered += covered;
        sum.total += total;
      }
      section.count(metricOf[key], wholeFile, covered, total);
    }
    files.add({ paths: [path] }, section.take());
  }
  const total = parseEntry(entry, document['total'], 'total', report);
  for (const [key, sum] of sums) {
    const said = total[key];
    if (said.total === sum.total && said.covered === sum.covered) continue;
    const problem = `${said.covered} of ${said.total}, but the files add up to ${sum.covered} of ${sum.total}`;
    report.fail('report-contradictory', problem, { key: `total.${key}` });
  }
  return files.end();
}
