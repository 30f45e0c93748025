import type { ReportContext, XmlElement, XmlHandler, XmlReader } from '../report/reader.ts';
import type { CoverageMetric } from '../policy.ts';
import type { CoverageSink } from './coverage.ts';
import { countOf, lineNumber, wasHit } from './numbers.ts';
import { createSection, wholeFile } from './section.ts';
import type { Section } from './section.ts';

/**
 * Clover XML, as written by Istanbul, PHPUnit and OpenClover. Its statements are not offered as a metric, because Istanbul
 * and PHPUnit write the number of lines there.
 */
export const cloverReader: XmlReader<CoverageSink> = {
  format: 'clover',
  title: 'Clover XML',
  shape: 'xml',
  sniff: ({ name, attributes }) =>
    name === 'coverage' &&
    (attributes['clover'] !== undefined || attributes['generated'] !== undefined),
  read: readClover,
};

/** Attributes of `<metrics>`: how many there are, and how many of them are covered. */
const pairs = [
  ['statements', 'coveredstatements'],
  ['conditionals', 'coveredconditionals'],
  ['methods', 'coveredmethods'],
] as const;
type Metrics = Record<(typeof pairs)[number][number], number>;

interface CloverFile {
  readonly name: string;
  /** Items of `<line>` that can hold a statement. */
  lines: number;
  /** First lines of methods, which are lines of code only if a statement stands there, too. */
  readonly methods: [line: number, hit: boolean][];
  metrics?: Metrics;
}

function readClover(sink: CoverageSink, report: ReportContext): XmlHandler {
  const files = sink.begin(report, 'part');
  const section = createSection();
  const sums = emptyMetrics();
  const elements: string[] = [];
  let project: Metrics | undefined;
  let file: CloverFile | undefined;
  // Coverage of the tests themselves
  let inTests = false;

  const endFile = ({ name, lines, methods, metrics }: CloverFile): void => {
    const statements = metrics?.statements ?? 0;
    if (statements > lines + methods.length) {
      const listed = `only ${lines + methods.length} lines are listed`;
      report.fail('report-contradictory', `${name} has ${statements} statements, but ${listed}`);
    }
    if (statements > lines) for (const [line, hit] of methods) section.line(line, hit);
    for (const key of pairs.flat()) sums[key] += metrics?.[key] ?? 0;
    countWhole('branch', metrics?.coveredconditionals, metrics?.conditionals);
    countWhole('function', metrics?.coveredmethods, metrics?.methods);
    files.add({ paths: [name] }, section.take());
  };
  const countWhole = (metric: CoverageMetric, covered = 0, total = 0): void => {
    section.count(metric, wholeFile, covered, total);
  };
  return {
    open: ({ name, attributes }) => {
      const parent = elements.at(-1);
      elements.push(name);
      if (name === 'testproject') inTests = true;
      if (inTests) return;
      if (name === 'file') {
        file = { name: attributes['path'] || attributes['name'] || '', lines: 0, methods: [] };
        if (file.name === '') report.fail('report-malformed', 'a file without a name');
      } else if (name === 'line' && file !== undefined) {
        readLine(attributes, file, section, report);
      } else if (name === 'metrics' && parent === 'file' && file !== undefined) {
        file.metrics = metricsOf(attributes, report);
      } else if (name === 'metrics' && parent === 'project') {
        project = metricsOf(attributes, report);
      }
    },
    close: (name) => {
      elements.pop();
      if (name === 'testproject') inTests = false;
      if (name !== 'file' || file === undefined) return;
      endFile(file);
      file = undefined;
    },
    end: () => {
      checkProject(project, sums, report);
      return files.end();
    },
  };
}

function readLine(
  attributes: XmlElement['attributes'],
  file: CloverFile,
  section: Section,
  report: ReportContext,
): void {
  const { num, type, count } = attributes;
  const line = lineNumber(num);
  if (line === undefined) report.fail('report-malformed', `no line: num ${num}`);
  // The conditions of OpenClover have no count; their line has a statement, too.
  if (type === 'cond' && count === undefined) return;
  const hit = wasHit(count);
  if (hit === undefined) report.fail('report-malformed', `no count of line ${line}`);
  if (type === 'method') {
    file.methods.push([line, hit]);
  } else if (type === 'stmt' || type === 'cond') {
    file.lines += 1;
    section.line(line, hit);
  } else {
    report.fail('report-malformed', `no type of line ${line}: ${type}`);
  }
}

/** Compares what the project says of itself with the files. */
function checkProject(said: Metrics | undefined, sums: Metrics, report: ReportContext): void {
  const wrong = said && pairs.flat().find((key) => said[key] !== sums[key]);
  if (wrong === undefined) return;
  const problem = `${wrong} is ${said?.[wrong]}, but the files add up to ${sums[wrong]}`;
  report.fail('report-contradictory', problem);
}

function emptyMetrics(): Metrics {
  return {
    statements: 0,
    coveredstatements: 0,
    conditionals: 0,
    coveredconditionals: 0,
    methods: 0,
    coveredmethods: 0,
  };
}

function metricsOf(attributes: XmlElement['attributes'], report: ReportContext): Metrics {
  const metrics = emptyMetrics();
  for (const [total, covered] of pairs) {
    for (const key of [total, covered]) {
      const text = attributes[key];
      const count = text === undefined ? 0 : countOf(text);
      if (count === undefined) report.fail('report-malformed', `no count: ${key} ${text}`);
      metrics[key] = count;
    }
    if (metrics[covered] > metrics[total]) {
      const problem = `${covered} ${metrics[covered]} of ${total} ${metrics[total]}`;
      return report.fail('report-contradictory', problem);
    }
  }
  return metrics;
}
