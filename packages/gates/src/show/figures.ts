import type { CoverageCounts, GateResult } from '@gatewright/verdict';
import { shortfall } from '../coverage/ratio.ts';

/** A count with its name. */
export type Figure = readonly [name: string, count: number];

/** The counts of a gate, in their order. */
export function figuresOf({ counts }: Pick<GateResult, 'counts'>): Figure[] {
  return Object.entries(counts).flatMap(([name, count]): Figure[] =>
    typeof count === 'number' ? [[name === 'notAnalysed' ? 'not analysed' : name, count]] : [],
  );
}

/** What coverage came to, if the gate has any. */
export function coverageOf({ counts }: Pick<GateResult, 'counts'>): CoverageCounts | undefined {
  return 'coverage' in counts ? counts.coverage : undefined;
}

/** A number with its thousands apart. */
export function thousands(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number with its noun. @param plural - when it is not the noun with an s */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(count)} ${count === 1 ? noun : plural}`;
}

/** One measure of coverage beside what is demanded of it. */
export interface CoverageRow {
  readonly title: string;
  readonly covered: number;
  readonly total: number;
  readonly percent: string;
  /** Percent; absent when nothing is demanded. */
  readonly minimum?: number;
  /** How many more have to be covered; 0 when it is enough. */
  readonly missing: number;
}

/** The whole and, when it was looked at, the changed part. */
export function coverageRows(coverage: CoverageCounts): CoverageRow[] {
  const { changed, metric } = coverage;
  const all = { title: plurals[metric], ...coverage };
  return [all, ...(changed === undefined ? [] : [{ title: 'changed lines', ...changed }])].map(
    ({ title, covered, total, percent, minimum }) => ({
      title,
      covered,
      total,
      percent,
      ...(minimum === undefined ? {} : { minimum }),
      missing: minimum === undefined ? 0 : shortfall({ covered, total }, minimum),
    }),
  );
}

const plurals: Record<CoverageCounts['metric'], string> = {
  line: 'lines',
  branch: 'branches',
  statement: 'statements',
  function: 'functions',
};

const barCells = 20;

/** A bar of 20 cells, with a mark where the minimum is. Rounded down, so that only the whole is a full bar. */
export function bar({ covered, total, minimum }: Omit<CoverageRow, 'title' | 'percent'>): string {
  const full = total === 0 ? 0 : Math.min(barCells, Math.floor((barCells * covered) / total));
  const cells = Array.from({ length: barCells }, (_, index) => (index < full ? '█' : '░'));
  if (minimum === undefined) return cells.join('');
  const mark = Math.min(barCells, Math.round((barCells * minimum) / 100));
  return [...cells.slice(0, mark), '┃', ...cells.slice(mark)].join('');
}
