import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Coverage } from './coverage.ts';
import { coverageOf, figures, lcovRecord, linesOf, readAll } from './test-support.ts';

/** Lines of files, and whether they are covered. */
type Model = Readonly<Record<string, readonly (readonly [line: number, covered: boolean])[]>>;

const paths = ['a.c', 'b.c', 'src/c.c'];
const someLines = fc.array(
  // Far apart as well, so that they are not all in one word of bits
  fc.tuple(
    fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(5000, 9_999_999)),
    fc.boolean(),
  ),
  { maxLength: 12 },
);
const model: fc.Arbitrary<Model> = fc.record({
  'a.c': someLines,
  'b.c': someLines,
  'src/c.c': someLines,
});

describe('merging', () => {
  it('unites lines as a plain map does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(model, { maxLength: 4 }), async (models) => {
        const coverage = await coverageOf(...models.map(textOf));
        const expected = new Map<string, boolean>();
        for (const [path, lines] of models.flatMap((one) => Object.entries(one))) {
          for (const [line, covered] of lines) {
            const key = `${path}:${line}`;
            expected.set(key, covered || expected.get(key) === true);
          }
        }
        const { covered, total } = coverage.tally('line');
        expect(total).toBe(expected.size);
        expect(covered).toBe([...expected.values()].filter(Boolean).length);
        for (const [key, isCovered] of expected) {
          const [path = '', line] = key.split(':');
          expect(coverage.file(path)?.isCovered(Number(line))).toBe(isCovered);
        }
      }),
    );
  });

  it('does not depend on the order, and a report twice changes nothing', async () => {
    const branches = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(2)), {
      maxLength: 5,
    });
    const reports = fc.array(fc.tuple(model, branches), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(reports, async (given) => {
        const texts = given.map(([lines, counts]) => textOf(lines) + branchText(counts));
        const expected = summary(await coverageOf(...texts));
        expect(summary(await coverageOf(...texts.toReversed()))).toEqual(expected);
        expect(summary(await coverageOf(...texts, ...texts))).toEqual(expected);
        expect(summary(await coverageOf(texts.join('')))).toEqual(expected);
      }),
    );
  });

  it('of a report that was split gives the whole', async () => {
    const split = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(model, split, async (whole, choice) => {
        const half = (wanted: boolean): Model =>
          Object.fromEntries(
            Object.entries(whole).map(([path, lines], file) => [
              path,
              lines.filter((_, index) => choice[file * 12 + index] === wanted),
            ]),
          );
        const parts = await coverageOf(textOf(half(true)), textOf(half(false)));
        expect(summary(parts)).toEqual(summary(await coverageOf(textOf(whole))));
      }),
    );
  });

  it('keeps apart files that only begin alike, and unites paths that mean one file', async () => {
    const coverage = await coverageOf(
      lcovRecord('src/a.c', ['DA:1,0']) + lcovRecord('src/a.cc', ['DA:1,0']),
      lcovRecord('/work-tree/src/a.c', ['DA:1,1']) + lcovRecord('./src/../src/a.c', ['DA:2,1']),
    );
    expect(figures(coverage)).toBe('line 2/3');
    expect(coverage.file('src/a.c')?.seenIn).toEqual(['report-1', 'report-2']);
    expect(linesOf(coverage, 'src/a.c').covered).toEqual([1, 2]);
  });

  it('counts of branches in one line those that the better report covers', async () => {
    const coverage = await coverageOf(
      branchText([
        [3, 0],
        [3, 1],
      ]),
      branchText([
        [3, 1],
        [3, 0],
      ]),
    );
    expect(figures(coverage)).toBe('branch 1/2');
    expect(coverage.tally('branch').sharedFiles).toBe(1);
  });

  it('finds branches that were counted differently', async () => {
    const coverage = await coverageOf(
      branchText([[3, 1]]),
      branchText([
        [3, 1],
        [3, 1],
      ]),
    );
    expect(coverage.tally('branch')).toMatchObject({
      conflictCount: 1,
      conflicts: [{ path: 'a.c', line: 3, reports: ['report-1', 'report-2'] }],
    });
  });

  it('finds a sum and lines for one file', async () => {
    const sums = { total: 2, covered: 1 };
    const entry = { lines: sums, statements: sums, branches: sums, functions: sums };
    const text = JSON.stringify({ total: entry, 'a.c': entry });
    const coverage = await coverageOf(lcovRecord('a.c', ['DA:1,1']), text);
    expect(coverage.tally('line')).toMatchObject({
      conflictCount: 1,
      conflicts: [{ path: 'a.c', reports: ['report-1', 'report-2'] }],
    });
    expect(coverage.tally('statement').conflictCount).toBe(0);
  });

  it('leaves out files that are not in the tree', async () => {
    const text = lcovRecord('../x.c', ['DA:1,1']) + lcovRecord('a.c', ['DA:1,0']);
    const coverage = await coverageOf(text);
    expect(figures(coverage)).toBe('line 0/1');
    expect(coverage.reports[0]).toMatchObject({ files: 2, outside: 1, outsideExample: '../x.c' });
    const { coverage: none } = await readAll([text], { exists: () => false });
    expect(none.reports[0]).toMatchObject({ files: 2, outside: 2 });
  });

  it('knows the reports of a file also beyond 32', async () => {
    const texts = Array.from({ length: 40 }, (_, index) =>
      lcovRecord(`f${index % 2}.c`, ['DA:1,1']),
    );
    const coverage = await coverageOf(...texts);
    expect(coverage.file('f1.c')?.seenIn).toHaveLength(20);
    expect(coverage.file('f1.c')?.seenIn.at(-1)).toBe('report-40');
  });
});

function textOf(lines: Model): string {
  return Object.entries(lines)
    .map(([path, known]) =>
      lcovRecord(
        path,
        known.map(([line, covered]) => `DA:${line},${covered ? 1 : 0}`),
      ),
    )
    .join('');
}

function branchText(branches: readonly (readonly [line: number, count: number])[]): string {
  return lcovRecord(
    'a.c',
    branches.map(([line, count], index) => `BRDA:${line},0,${index},${count}`),
  );
}

function summary(coverage: Coverage): unknown {
  const files = paths.map((path) => linesOf(coverage, path, 80));
  const { sharedFiles: _, conflicts, ...branches } = coverage.tally('branch');
  const places = conflicts.map(({ path, line }) => `${path}:${line}`);
  return { files, figures: figures(coverage), branches, places: places.toSorted() };
}
