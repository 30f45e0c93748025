import type { ReportContext } from '../report/reader.ts';
import { createLcovFunctions } from './lcov-functions.ts';
import type { BadItem } from './lcov-functions.ts';
import { countOf, lineNumber, wasHit } from './numbers.ts';
import type { Ratio } from './ratio.ts';
import { countLines, createSection } from './section.ts';
import type { FileLists } from './section.ts';

/** The items between SF and end_of_record. */
export interface LcovRecord {
  /** A TN line came. @param name - of the test */
  named(name: string): void;
  /** A DA item that was read already. */
  counted(line: number, hit: boolean): void;
  /** @param text - what stands behind the colon. @returns whether LCOV has such an item */
  item(kind: string, text: string): boolean;
  /** Compares the sums with the items, and gives what was read. */
  end(): FileLists;
}

/** Sums that a record says of itself: found and hit lines, branches, functions. */
const sumKinds = ['LF', 'LH', 'BRF', 'BRH', 'FNF', 'FNH'];
/** Version of the source, and modified condition/decision coverage, which no policy asks for. */
const ignoredKinds = ['VER', 'MCDC', 'MCF', 'MCH'];

export function createLcovRecord(report: ReportContext): LcovRecord {
  const section = createSection();
  const bad: BadItem = (kind, text) =>
    report.fail('report-malformed', `no value of ${kind}: ${text.slice(0, 80)}`);
  const functions = createLcovFunctions(bad);
  const sums = new Map<string, number>();
  let lines = { covered: 0, total: 0 };
  let branches = { covered: 0, total: 0 };
  let lastSum = '';
  let testName: string | undefined;
  let isLlvm = false;

  const counted = (line: number, hit: boolean): void => {
    section.line(line, hit);
    lines.total += 1;
    if (hit) lines.covered += 1;
  };
  const readLine = (text: string): void => {
    // Line, count, and perhaps a checksum
    const [number, count] = text.split(',', 2);
    const line = lineNumber(number);
    const hit = wasHit(count);
    if (line === undefined || hit === undefined) bad('DA', text);
    else counted(line, hit);
  };
  const readBranch = (text: string): void => {
    const { line, hit, excluded } = parseBranch(text) ?? bad('BRDA', text);
    if (excluded) return;
    branches.total += 1;
    if (hit) branches.covered += 1;
    section.count('branch', line, hit ? 1 : 0, 1);
  };
  const readSum = (kind: string, text: string): void => {
    // It writes no TN, and LF right behind BRH; no other tool is known to do both.
    if (kind === 'LF' && lastSum === 'BRH' && testName === undefined) isLlvm = true;
    lastSum = kind;
    sums.set(kind, countOf(text) ?? bad(kind, text));
  };
  return {
    counted,
    named: (name) => {
      testName = name;
    },
    item: (kind, text) => {
      if (kind === 'DA') readLine(text);
      else if (kind === 'BRDA') readBranch(text);
      else if (sumKinds.includes(kind)) readSum(kind, text);
      else return functions.item(kind, text) || ignoredKinds.includes(kind);
      return true;
    },
    end: () => {
      const called = functions.end(section);
      const lists = section.take();
      if (called.unknown !== undefined) {
        report.fail('report-contradictory', `calls of ${called.unknown}, which is no function`);
      }
      // llvm-cov and gcovr add up the lines of each instantiation of a template or generic function, so their sums are
      // of other things than their items.
      if (!isLlvm && testName !== 'GCOVR_report') {
        // Each item, or each line once: tools that write a line twice differ in how they count it.
        compare(report, sums, ['LF', 'LH'], [lines, countLines(lists('lines'))]);
        compare(report, sums, ['BRF', 'BRH'], [branches]);
        compare(report, sums, ['FNF', 'FNH'], [called.each, called.byName]);
      }
      lines = { covered: 0, total: 0 };
      branches = { covered: 0, total: 0 };
      sums.clear();
      lastSum = '';
      isLlvm = false;
      return lists;
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

interface Branch {
  readonly line: number;
  readonly hit: boolean;
  readonly excluded: boolean;
}

/**
 * `<line>,[e|f][U]<block>,<branch>,<count>`: e for an exception, f for falling through, U for unreachable code, which is
 * not counted. The branch may be an expression with commas, and the count `-` when the block was never reached.
 */
function parseBranch(text: string): Branch | undefined {
  const [, first, excluded, count = ''] = /^(\d+),[ef]?(U?)\d+,.*,([^,]+)$/.exec(text) ?? [];
  const line = lineNumber(first);
  const hit = count === '-' ? false : wasHit(count);
  return line === undefined || hit === undefined
    ? undefined
    : { line, hit, excluded: excluded === 'U' };
}
