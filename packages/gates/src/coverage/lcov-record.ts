import type { ReportContext } from '../report/reader.ts';
import { createLcovFunctions } from './lcov-functions.ts';
import type { BadItem } from './lcov-functions.ts';
import { createLcovSums } from './lcov-sums.ts';
import { lineNumber, wasHit } from './numbers.ts';
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

/** Version of the source, and modified condition/decision coverage, which no policy asks for. */
const ignoredKinds = ['VER', 'MCDC', 'MCF', 'MCH'];

export function createLcovRecord(report: ReportContext): LcovRecord {
  const section = createSection();
  const bad: BadItem = (kind, text) =>
    report.fail('report-malformed', `no value of ${kind}: ${text.slice(0, 80)}`);
  const functions = createLcovFunctions(bad);
  const sums = createLcovSums(report, bad);
  let lines = 0;
  let coveredLines = 0;
  let branches = { covered: 0, total: 0 };

  const counted = (line: number, hit: boolean): void => {
    section.line(line, hit);
    lines += 1;
    if (hit) coveredLines += 1;
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
  return {
    counted,
    named: (name) => sums.named(name),
    item: (kind, text) => {
      if (kind === 'DA') readLine(text);
      else if (kind === 'BRDA') readBranch(text);
      else
        return sums.item(kind, text) || functions.item(kind, text) || ignoredKinds.includes(kind);
      return true;
    },
    end: () => {
      const called = functions.end(section);
      const lists = section.take();
      if (called.unknown !== undefined) {
        report.fail('report-contradictory', `calls of ${called.unknown}, which is no function`);
      }
      // Each item, or each line once: tools that write a line twice differ in how they count it.
      const lineWays = [{ covered: coveredLines, total: lines }, countLines(lists('lines'))];
      sums.end(lineWays, [branches], [called.each, called.byName]);
      lines = 0;
      coveredLines = 0;
      branches = { covered: 0, total: 0 };
      return lists;
    },
  };
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
