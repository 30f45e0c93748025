import type { CoverageMetric } from '../policy.ts';
import { addCounts, createTriples, noTriples, uniteBits } from './triples.ts';
import type { TripleList, Triples } from './triples.ts';

/**
 * What is kept of a file: `lines` are bits (covered, known) of 32 lines by one key; a metric has counts (covered, total)
 * by line, or for the whole file by the key {@link wholeFile}; `seen` are bits of the reports that have the file (none of them covered).
 */
export const columnNames = ['lines', 'line', 'branch', 'statement', 'function', 'seen'] as const;
export type ColumnName = (typeof columnNames)[number];

/** Instead of a line: the report counts without saying where. */
export const wholeFile = 0;

/** The lists of one file. */
export type FileLists = (column: ColumnName) => Triples;

/** What one report says of one file, in any order. */
export interface Section {
  /** @param line - counts from 1 */
  line(line: number, covered: boolean): void;
  /** Several counts at one place are added up. @param line - or {@link wholeFile} */
  count(metric: CoverageMetric, line: number, covered: number, total: number): void;
  /** What was put in. The section is empty then, and what is returned holds until it is filled again. */
  take(): FileLists;
}

/** A section can be used for one file after the other. */
export function createSection(): Section {
  const lines = createTriples(uniteBits);
  const counts: Record<CoverageMetric, TripleList> = {
    line: createTriples(addCounts),
    branch: createTriples(addCounts),
    statement: createTriples(addCounts),
    function: createTriples(addCounts),
  };
  // Lines come one after the other; those of one word are put together before they go into the list.
  let word = -1;
  let covered = 0;
  let known = 0;
  const endWord = (): void => {
    if (word >= 0) lines.add(word, covered, known);
    word = -1;
    covered = 0;
    known = 0;
  };
  return {
    line: (line, isCovered) => {
      const bit = 1 << (line & 31);
      if (line >>> 5 !== word) {
        endWord();
        word = line >>> 5;
      }
      known |= bit;
      if (isCovered) covered |= bit;
    },
    count: (metric, line, hit, total) => {
      if (total > 0) counts[metric].add(line, hit, total);
    },
    take: () => {
      endWord();
      const taken: Readonly<Record<ColumnName, Triples>> = {
        lines: lines.take(),
        line: counts.line.take(),
        branch: counts.branch.take(),
        statement: counts.statement.take(),
        function: counts.function.take(),
        seen: noTriples,
      };
      return (column) => taken[column];
    },
  };
}

/** How many lines are covered, and how many are known. */
export function countLines(lines: Triples): { covered: number; total: number } {
  let covered = 0;
  let total = 0;
  for (let at = 0; at < lines.length; at += 3) {
    covered += bitCount(lines[at + 1] ?? 0);
    total += bitCount(lines[at + 2] ?? 0);
  }
  return { covered, total };
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
