import type { ReportContext } from '../report/reader.ts';
import type { BadItem } from './lcov-functions.ts';
import { countOf } from './numbers.ts';
import type { Ratio } from './ratio.ts';

/** The sums that a record says of itself: found and hit lines, branches, functions. */
export interface LcovSums {
  /** A TN line came. @param name - of the test */
  named(name: string): void;
  /** @returns whether it is a sum */
  item(kind: string, text: string): boolean;
  /** Compares the sums with the items, each of which can be counted in several ways; then forgets them. */
  end(lines: readonly Ratio[], branches: readonly Ratio[], functions: readonly Ratio[]): void;
}

const kinds = ['LF', 'LH', 'BRF', 'BRH', 'FNF', 'FNH'];

export function createLcovSums(report: ReportContext, bad: BadItem): LcovSums {
  const sums = new Map<string, number>();
  let testName: string | undefined;
  let last = '';
  let isLlvm = false;
  return {
    named: (name) => {
      testName = name;
    },
    item: (kind, text) => {
      if (!kinds.includes(kind)) return false;
      sums.set(kind, countOf(text) ?? bad(kind, text));
      // It writes no TN, and LF right behind BRH; no other tool is known to do both.
      if (kind === 'LF' && last === 'BRH' && testName === undefined) isLlvm = true;
      last = kind;
      return true;
    },
    end: (lines, branches, functions) => {
      // llvm-cov and gcovr add up the lines of each instantiation of a template or generic function, so their sums are
      // of other things than their items.
      if (sums.size > 0 && !isLlvm && testName !== 'GCOVR_report') {
        compare(report, sums, ['LF', 'LH'], lines);
        compare(report, sums, ['BRF', 'BRH'], branches);
        compare(report, sums, ['FNF', 'FNH'], functions);
      }
      sums.clear();
      last = '';
      isLlvm = false;
    },
  };
}

/** Every sum that is given must be the one of some way to count. */
function compare(
  report: ReportContext,
  sums: ReadonlyMap<string, number>,
  [found, hit]: readonly [string, string],
  ways: readonly Ratio[],
): void {
  const total = sums.get(found);
  const covered = sums.get(hit);
  const agrees = ways.some(
    (way) => (total ?? way.total) === way.total && (covered ?? way.covered) === way.covered,
  );
  if (agrees) return;
  const [items] = ways;
  report.fail(
    'report-contradictory',
    `${found} ${total ?? 'is missing'} and ${hit} ${covered ?? 'is missing'}, but the record has ` +
      `${items?.total ?? 0} items, ${items?.covered ?? 0} of them covered`,
  );
}
