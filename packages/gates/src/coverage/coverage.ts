import type { CoverageMetric } from '../policy.ts';
import type { ReportContext } from '../report/reader.ts';
import { collectReport } from './coverage-report.ts';
import type { CoverageReportFacts, CoverageReportSink, RepeatedFile } from './coverage-report.ts';
import { countLines, wholeFile } from './section.ts';
import { absorb, createStore } from './store.ts';
import type { CoverageStore } from './store.ts';
import { unmergeable } from './triples.ts';
import type { Triples } from './triples.ts';

/** What coverage readers give their reports to. */
export interface CoverageSink {
  begin(report: ReportContext, repeats: RepeatedFile): CoverageReportSink;
}

/** Two reports that cannot be put together. */
export interface CoverageConflict {
  readonly path: string;
  /** Absent when one counts by line, and the other for the whole file. */
  readonly line?: number;
  /** Paths of the reports. */
  readonly reports: readonly string[];
}

/** Coverage by one metric. */
export interface CoverageTally {
  readonly covered: number;
  readonly total: number;
  /** The first ones. */
  readonly conflicts: readonly CoverageConflict[];
  readonly conflictCount: number;
  /** Files that several reports have. */
  readonly sharedFiles: number;
}

/** Line coverage of one file. */
export interface FileCoverage {
  /** Paths of the reports that have it. */
  readonly seenIn: readonly string[];
  /** False when a report only gives sums for it. */
  readonly numbered: boolean;
  /** Undefined when the line has no code, or is not known. */
  isCovered(line: number): boolean | undefined;
}

/** The coverage of all reports together. */
export interface Coverage {
  readonly reports: readonly CoverageReportFacts[];
  tally(metric: CoverageMetric): CoverageTally;
  /** @param path - tree path */
  file(path: string): FileCoverage | undefined;
}

/** Takes reports, and gives their coverage. */
export interface CoverageCollector extends CoverageSink {
  coverage(): Coverage;
}

/** How paths of reports are resolved. */
export interface CoverageOptions {
  /**
   * Whether the tree has such a file, by tree path. With it, a file that is nowhere in the tree counts as foreign, and
   * the source directory is found of formats that do not say it (JaCoCo, Cobertura with several sources).
   */
  readonly exists?: (path: string) => boolean;
}

const shownConflicts = 5;

/**
 * Puts coverage reports together by tree path. The memory that it takes grows with the files, and by a few bits a line.
 * The order of the reports does not matter, and the same report twice changes nothing.
 */
export function createCoverage({ exists }: CoverageOptions = {}): CoverageCollector {
  const reports: CoverageReportFacts[] = [];
  const merged: Merged = { reports, store: createStore(), firstReport: 0, firstFiles: 0 };
  const done = (facts: CoverageReportFacts, collected: CoverageStore): void => {
    reports.push(facts);
    if (merged.store.files.size > 0) {
      absorb(merged.store, collected, reports.length - 1);
    } else {
      merged.store = collected;
      merged.firstReport = reports.length - 1;
      merged.firstFiles = collected.files.size;
    }
  };
  return {
    begin: (report, repeats) => collectReport({ report, repeats, exists, done }),
    coverage: () => ({
      reports,
      tally: (metric) => tally(merged, metric),
      file: (path) => fileCoverage(merged, path),
    }),
  };
}

interface Merged {
  readonly reports: readonly CoverageReportFacts[];
  store: CoverageStore;
  /** The first report that has files gives its store; that it has the first so many files is not noted for each of them. */
  firstReport: number;
  firstFiles: number;
}

function tally(merged: Merged, metric: CoverageMetric): CoverageTally {
  const { files, columns } = merged.store;
  const sums = { covered: 0, total: 0, conflictCount: 0, sharedFiles: 0 };
  const conflicts: CoverageConflict[] = [];
  const conflict = (path: string, file: number, line: number): void => {
    sums.conflictCount += 1;
    if (conflicts.length === shownConflicts) return;
    const reports = reportsOf(merged, file);
    conflicts.push({ path, reports, ...(line === wholeFile ? {} : { line }) });
  };
  for (const [path, file] of files) {
    const counts = columns[metric].of(file);
    const lines = metric === 'line' ? countLines(columns.lines.of(file)) : { covered: 0, total: 0 };
    if (counts[0] === wholeFile && (lines.total > 0 || counts.length > 3)) {
      conflict(path, file, wholeFile);
      continue;
    }
    sums.covered += lines.covered;
    sums.total += lines.total;
    for (let at = 0; at < counts.length; at += 3) {
      if (counts[at + 2] === unmergeable) {
        conflict(path, file, counts[at] ?? wholeFile);
        continue;
      }
      sums.covered += counts[at + 1] ?? 0;
      sums.total += counts[at + 2] ?? 0;
    }
    if (isShared(merged, file)) sums.sharedFiles += 1;
  }
  return { ...sums, conflicts };
}

function fileCoverage(merged: Merged, path: string): FileCoverage | undefined {
  const { files, columns } = merged.store;
  const file = files.get(path);
  if (file === undefined) return undefined;
  const lines = columns.lines.of(file);
  return {
    seenIn: reportsOf(merged, file),
    numbered: columns.line.of(file).length === 0,
    isCovered: (line) => {
      const at = entryOf(lines, line >>> 5);
      const bit = 1 << (line & 31);
      if (at === undefined || ((lines[at + 2] ?? 0) & bit) === 0) return undefined;
      return ((lines[at + 1] ?? 0) & bit) !== 0;
    },
  };
}

function entryOf(lines: Triples, key: number): number | undefined {
  let low = 0;
  let high = lines.length / 3;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle * 3] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return lines[low * 3] === key ? low * 3 : undefined;
}

function isShared({ store, firstFiles }: Merged, file: number): boolean {
  const { total } = countLines(store.columns.seen.of(file));
  return total + (file < firstFiles ? 1 : 0) > 1;
}

function reportsOf({ reports, store, firstFiles, firstReport }: Merged, file: number): string[] {
  const seen = store.columns.seen.of(file);
  const has = (index: number): boolean => {
    const at = entryOf(seen, index >>> 5);
    const noted = at !== undefined && ((seen[at + 2] ?? 0) & (1 << (index & 31))) !== 0;
    return noted || (index === firstReport && file < firstFiles);
  };
  return reports.flatMap(({ path }, index) => (has(index) ? [path] : []));
}
