import type { CoverageMetric } from '../policy.ts';
import type { ReportContext } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { wholeFile } from './section.ts';
import type { FileLists } from './section.ts';
import { createStore, putFile } from './store.ts';
import type { CoverageStore } from './store.ts';
import { addCounts, keepLarger } from './triples.ts';

/** Metrics, the commonest first. */
export const coverageMetrics: readonly CoverageMetric[] = [
  'line',
  'branch',
  'statement',
  'function',
];

/**
 * What it means when a report has a file twice: `again` is another measurement of the same code (LCOV, by test), `part`
 * is another part of the file (a class of its own in Cobertura).
 */
export type RepeatedFile = 'again' | 'part';

/** Where a file may be. Paths as the report writes them, best first. */
export interface FileNames {
  /** Taken at its word. */
  readonly paths: readonly string[];
  /** Taken only when such a file exists in the tree. */
  readonly guesses?: readonly string[];
}

/** Takes what one report says. Nothing of it counts before `end`. */
export interface CoverageReportSink {
  add(names: FileNames, lists: FileLists): void;
  /** The report has this metric, but not in a way that can be counted. */
  lacks(metric: CoverageMetric, why: string): void;
  /** A fact to show, one sentence. */
  note(text: string): void;
  /** @returns how many files the report has */
  end(): number;
}

/** What is known of one report besides its coverage. */
export interface CoverageReportFacts {
  readonly path: string;
  /** Mentions of files, inside of the tree or not. */
  readonly files: number;
  /** Those that are not in the tree. */
  readonly outside: number;
  /** The first of them. */
  readonly outsideExample?: string;
  /** It has no single line of code. */
  readonly empty: boolean;
  /** Metrics by which it counts something. */
  readonly gives: ReadonlySet<CoverageMetric>;
  /** Why a metric cannot be used. */
  readonly lacks: ReadonlyMap<CoverageMetric, string>;
  readonly notes: readonly string[];
}

/** Collects one report into a store of its own. */
export interface CollectOptions {
  readonly report: ReportContext;
  readonly repeats: RepeatedFile;
  readonly exists: ((path: string) => boolean) | undefined;
  readonly done: (facts: CoverageReportFacts, store: CoverageStore) => void;
}

export function collectReport(options: CollectOptions): CoverageReportSink {
  const { report, exists } = options;
  const store = createStore();
  const combine = options.repeats === 'again' ? keepLarger : addCounts;
  const gives = new Set<CoverageMetric>();
  const lacks = new Map<CoverageMetric, string>();
  const notes = new Set<string>();
  const outside: { count: number; example?: string } = { count: 0 };
  let files = 0;
  let hasLines = false;
  const has =
    exists === undefined
      ? undefined
      : (path: string): boolean => store.files.has(path) || exists(path);
  return {
    add: (names, lists) => {
      files += 1;
      for (const metric of coverageMetrics) {
        if (lists(metric).length > 0) gives.add(metric);
      }
      hasLines ||= lists('lines').length > 0 || countsWhole(lists);
      const path = choosePath(names, report, has);
      if (path === undefined) {
        outside.count += 1;
        outside.example ??= names.paths[0] ?? '';
        return;
      }
      putFile(store, path, lists, combine);
    },
    lacks: (metric, why) => {
      if (!lacks.has(metric)) lacks.set(metric, why);
    },
    note: (text) => notes.add(text),
    end: () => {
      // Every format counts lines.
      gives.add('line');
      const facts: CoverageReportFacts = {
        path: report.path,
        files,
        outside: outside.count,
        ...(outside.example === undefined ? {} : { outsideExample: outside.example }),
        empty: !hasLines,
        gives,
        lacks,
        notes: [...notes],
      };
      options.done(facts, store);
      return files;
    },
  };
}

function countsWhole(lists: FileLists): boolean {
  const counts = lists('line');
  return counts[0] === wholeFile && (counts[2] ?? 0) > 0;
}

function choosePath(
  { paths, guesses = [] }: FileNames,
  { roots }: ReportContext,
  exists: ((path: string) => boolean) | undefined,
): string | undefined {
  const candidates = exists === undefined ? paths : [...paths, ...guesses];
  for (const candidate of candidates) {
    const path = treePath(candidate, roots);
    if (path !== undefined && (exists === undefined || exists(path))) return path;
  }
  return undefined;
}
