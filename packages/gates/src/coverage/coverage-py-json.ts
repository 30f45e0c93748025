import * as z from 'zod';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import type { CoverageSink } from './coverage.ts';
import type { CoverageReportSink } from './coverage-report.ts';
import { isObject, jsonCount, jsonLine, parseEntry } from './json-entry.ts';
import { createSection, wholeFile } from './section.ts';
import type { Section } from './section.ts';

/** JSON of coverage.py (coverage/jsonreport.py), formats 2 and 3. Its statements are lines. */
export const coveragePyReader: JsonReader<CoverageSink> = {
  format: 'coverage-py-json',
  title: 'coverage.py JSON',
  shape: 'json',
  sniff: (document) =>
    isObject(document) &&
    isObject(document['meta']) &&
    isObject(document['files']) &&
    'branch_coverage' in document['meta'],
  read: readCoveragePy,
};

const formats: readonly unknown[] = [2, 3];

const lines = z.array(jsonLine);
/** From line to line; what leads in or out of a function is negative. */
const arcs = z.array(z.tuple([z.int(), z.int()]));
const summary = z.object({
  covered_lines: jsonCount,
  num_statements: jsonCount,
  missing_lines: jsonCount,
  num_branches: jsonCount.optional(),
  covered_branches: jsonCount.optional(),
});
const region = z.object({
  executed_lines: lines,
  missing_lines: lines,
  excluded_lines: lines.optional(),
  // Since 7.14
  start_line: jsonLine.optional(),
});
const file = region.extend({
  summary,
  executed_branches: arcs.optional(),
  missing_branches: arcs.optional(),
  functions: z.record(z.string(), region).optional(),
});
type PyFile = z.infer<typeof file>;
const totals = summary.extend({ percent_covered_display: z.string().max(20).optional() });

function readCoveragePy(document: unknown, sink: CoverageSink, report: ReportContext): number {
  if (!isObject(document) || !isObject(document['meta']) || !isObject(document['files'])) return 0;
  const { format } = document['meta'];
  if (!formats.includes(format)) {
    const named = typeof format === 'number' ? `${format}` : 'without a number';
    const accepted = 'accepted: 2 and 3, of coverage.py 7.3 and later';
    report.fail('report-unrecognised', `format ${named} of coverage.py JSON; ${accepted}`);
  }
  const files = sink.begin(report, 'part');
  const section = createSection();
  const sums = { covered_lines: 0, num_statements: 0, num_branches: 0, covered_branches: 0 };
  for (const [path, entry] of Object.entries(document['files'])) {
    const read = parseEntry(file, entry, `files.${path}`, report);
    checkSummary(read, path, report);
    putLines(read, section, files, report.path);
    putBranches(read, section);
    for (const [name, part] of Object.entries(read.functions ?? {})) {
      // The part without a name is what stands outside of functions.
      if (name !== '') putFunction(part, section);
    }
    for (const key of sumKeys) sums[key] += read.summary[key] ?? 0;
    files.add({ paths: [path] }, section.take());
  }
  checkTotals(document['totals'], sums, files, report);
  return files.end();
}

const sumKeys = ['covered_lines', 'num_statements', 'num_branches', 'covered_branches'] as const;

/** The lines that were executed and are not left out by a comment. */
function executedOf({ executed_lines, excluded_lines = [] }: z.infer<typeof region>): number[] {
  const excluded = new Set(excluded_lines);
  return executed_lines.filter((line) => !excluded.has(line));
}

function putLines(read: PyFile, section: Section, files: CoverageReportSink, name: string): void {
  const { covered_lines: covered, num_statements: total } = read.summary;
  const executed = executedOf(read);
  if (executed.length === covered) {
    for (const [list, isCovered] of [
      [executed, true],
      [read.missing_lines, false],
    ] as const) {
      for (const line of list) {
        section.line(line, isCovered);
        section.count('statement', line, isCovered ? 1 : 0, 1);
      }
    }
    return;
  }
  // Before 7.14 the list also has docstrings and the like, which are no statements; only the sums are right then.
  files.note(
    `${name} lists executed lines that are no statements, so its sums are used; coverage.py 7.14 and later do not.`,
  );
  section.count('line', wholeFile, covered, total);
  section.count('statement', wholeFile, covered, total);
}

function putBranches(
  { executed_branches = [], missing_branches = [] }: PyFile,
  section: Section,
): void {
  for (const [from] of executed_branches) section.count('branch', Math.abs(from), 1, 1);
  for (const [from] of missing_branches) section.count('branch', Math.abs(from), 0, 1);
}

function putFunction(part: z.infer<typeof region>, section: Section): void {
  const executed = executedOf(part);
  const first = executed.concat(part.missing_lines).reduce((a, b) => Math.min(a, b), Infinity);
  // A function without statements can be neither covered nor missed.
  if (first === Infinity) return;
  section.count('function', part.start_line ?? first, executed.length > 0 ? 1 : 0, 1);
}

function checkSummary(read: PyFile, path: string, report: ReportContext): void {
  const { covered_lines, num_statements, missing_lines, num_branches, covered_branches } =
    read.summary;
  const executed = executedOf(read).length;
  const agrees =
    covered_lines + missing_lines === num_statements &&
    read.missing_lines.length === missing_lines &&
    executed >= covered_lines &&
    (num_branches === undefined || (covered_branches ?? 0) <= num_branches) &&
    (read.executed_branches === undefined || read.executed_branches.length === covered_branches) &&
    (read.missing_branches === undefined ||
      read.missing_branches.length === (num_branches ?? 0) - (covered_branches ?? 0));
  if (!agrees) {
    const key = `files.${path}.summary`;
    report.fail('report-contradictory', 'the summary contradicts the lists of lines', { key });
  }
}

function checkTotals(
  value: unknown,
  sums: Readonly<Record<(typeof sumKeys)[number], number>>,
  files: CoverageReportSink,
  report: ReportContext,
): void {
  const read = parseEntry(totals, value, 'totals', report);
  for (const key of sumKeys) {
    if (read[key] !== undefined && read[key] !== sums[key]) {
      const problem = `${read[key]}, but the files add up to ${sums[key]}`;
      report.fail('report-contradictory', problem, { key: `totals.${key}` });
    }
  }
  if (sums.num_branches > 0 && read.percent_covered_display !== undefined) {
    files.note(
      `${report.path} says ${read.percent_covered_display} % of itself, which is of lines and branches together and ` +
        'is not used.',
    );
  }
}
