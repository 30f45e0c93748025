import { describe, expect, it } from '@jest/globals';
import { coverageOf, figures, linesOf, refusal } from './test-support.ts';

const count = (covered: number, total: number, pct: unknown = 0): object => ({
  total,
  covered,
  skipped: 0,
  pct,
});
const entry = (lines: object, others: object = count(0, 0, 100)): object => ({
  lines,
  statements: lines,
  functions: others,
  branches: others,
});

describe('Istanbul json-summary', () => {
  it('counts sums, and knows no lines', async () => {
    const text = JSON.stringify({
      total: { ...entry(count(3, 7)), branchesTrue: count(0, 0, 'Unknown') },
      '/work-tree/src/a.js': entry(count(2, 5)),
      '/work-tree/src/b.js': entry(count(1, 2)),
    });
    const coverage = await coverageOf(text);
    expect(figures(coverage)).toBe('line 3/7, statement 3/7');
    expect(coverage.file('src/a.js')?.numbered).toBe(false);
  });

  it('takes "Unknown" for what it is: nothing', async () => {
    const text = JSON.stringify({ total: entry(count(0, 0, 'Unknown'), count(0, 0, 'Unknown')) });
    expect((await coverageOf(text)).tally('line').total).toBe(0);
  });

  it('refuses sums that contradict', async () => {
    const files = { '/work-tree/a.js': entry(count(2, 5)) };
    expect(await refusal(JSON.stringify({ total: entry(count(5, 5)), ...files }))).toBe(
      'report-contradictory report-1: total.lines: 5 of 5, but the files add up to 2 of 5',
    );
    const wrong = { total: entry(count(6, 5)), '/work-tree/a.js': entry(count(6, 5)) };
    expect(await refusal(JSON.stringify(wrong))).toContain('more is covered than there is');
    const pct = { total: entry(count(1, 2)), 'a.js': { lines: { pct: 50 } } };
    expect(await refusal(JSON.stringify(pct))).toContain(
      'report-malformed report-1: a.js.lines.total',
    );
  });
});

const at = (line: number): object => ({ start: { line, column: 0 }, end: { line, column: 9 } });
const final = {
  path: '/work-tree/src/a.js',
  statementMap: { 0: at(3), 1: at(3), 2: at(4), 3: at(9) },
  s: { 0: 0, 1: 2, 2: 0, 3: 1 },
  branchMap: {
    // An `else` that is not written has no place.
    0: { loc: at(3), type: 'if', locations: [at(3), { start: {}, end: {} }], line: 3 },
    1: { loc: at(9), type: 'switch', locations: [at(9)] },
  },
  b: { 0: [1, 0], 1: [0] },
  fnMap: { 0: { name: 'a', decl: at(2), loc: at(3), line: 2 }, 1: { name: 'b', loc: at(8) } },
  f: { 0: 1, 1: 0 },
};
const finalText = (over: object = {}): string =>
  JSON.stringify({ '/work-tree/src/a.js': { ...final, ...over } });

describe('Istanbul coverage-final', () => {
  it('takes a line for covered when one of its statements is, as Istanbul does', async () => {
    const coverage = await coverageOf(finalText());
    expect(figures(coverage)).toBe('line 2/3, branch 1/3, statement 2/4, function 1/2');
    expect(linesOf(coverage, 'src/a.js')).toEqual({ covered: [3, 9], uncovered: [4] });
  });

  it('reads a file without statements', async () => {
    const nothing = { statementMap: {}, s: {}, branchMap: {}, b: {}, fnMap: {}, f: {} };
    expect((await coverageOf(finalText(nothing))).reports[0]?.empty).toBe(true);
  });

  it.each([
    ['a count without its statement', { s: { ...final.s, 7: 1 } }, 's.7'],
    [
      'a count with a name that objects have',
      { s: { ...final.s, constructor: 1 } },
      's.constructor',
    ],
    ['a statement without its count', { s: { 0: 1 } }, 'statementMap'],
    ['a count without its branch', { b: { ...final.b, 7: [1] } }, 'b.7'],
    ['a branch without its count', { b: {} }, 'branchMap'],
    ['a count without its function', { f: { ...final.f, 7: 1 } }, 'f.7'],
    ['a function without its count', { f: {} }, 'fnMap'],
  ])('refuses %s', async (_, over, key) => {
    expect(await refusal(finalText(over))).toBe(
      `report-contradictory report-1: /work-tree/src/a.js.${key}: the counts do not belong to the map`,
    );
  });

  it.each([
    ['a line that is none', { statementMap: { ...final.statementMap, 0: at(0) } }],
    ['a negative count', { s: { ...final.s, 0: -1 } }],
    ['no branches', { b: undefined }],
  ])('refuses %s', async (_, over) => {
    expect(await refusal(finalText(over))).toContain('report-malformed');
  });
});
