import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createColumn } from './column.ts';
import {
  addCounts,
  createTriples,
  keepLarger,
  mergeTriples,
  uniteBits,
  unmergeable,
} from './triples.ts';
import type { Combine, Triples } from './triples.ts';

type Entry = readonly [key: number, first: number, second: number];

const count = fc
  .tuple(fc.nat(4), fc.nat(2))
  .map(([covered, missed]) => [covered, covered + missed + 1] as const);
const counts = fc.array(fc.tuple(fc.nat(5), count), { maxLength: 6 }).map((entries) =>
  listOf(
    entries.map(([key, [covered, total]]) => [key, covered, total]),
    keepLarger,
  ),
);
const bits = fc
  .array(fc.tuple(fc.nat(5), fc.nat(0xffff_ffff), fc.nat(0xffff_ffff)), { maxLength: 6 })
  .map((entries) => listOf(entries, uniteBits));

describe('lists of triples', () => {
  it('come out in order, with one entry for each key', () => {
    expect(
      plain(
        listOf(
          [
            [5, 1, 2],
            [1, 0, 1],
            [5, 1, 1],
            [3, 2, 2],
          ],
          addCounts,
        ),
      ),
    ).toEqual([
      [1, 0, 1],
      [3, 2, 2],
      [5, 2, 3],
    ]);
  });

  it('keep what is more than 31 bits', () => {
    expect(
      plain(
        listOf(
          [
            [1, 0x8000_0000, 0xffff_ffff],
            [1, 1, 0],
          ],
          uniteBits,
        ),
      ),
    ).toEqual([[1, 0x8000_0001, 0xffff_ffff]]);
  });

  it('give up counts that do not fit', () => {
    const list = listOf(
      [
        [1, 5, unmergeable - 1],
        [1, 1, 1],
      ],
      addCounts,
    );
    expect(plain(list)).toEqual([[1, 0, unmergeable]]);
  });

  it('keep a contradiction whatever comes', () => {
    const contradiction = mergeTriples(
      listOf([[1, 1, 2]], keepLarger),
      listOf([[1, 3, 3]], keepLarger),
      keepLarger,
    );
    expect(plain(contradiction)).toEqual([[1, 0, unmergeable]]);
    expect(plain(mergeTriples(contradiction, listOf([[1, 2, 2]], keepLarger), keepLarger))).toEqual(
      [[1, 0, unmergeable]],
    );
  });

  it.each([
    ['counts', counts, keepLarger],
    ['bits', bits, uniteBits],
  ] as const)('merge %s in any order and as often as one likes', (_, lists, combine) => {
    const merge = (left: Triples, right: Triples): Triples => mergeTriples(left, right, combine);
    fc.assert(
      fc.property(lists, lists, lists, (a, b, c) => {
        expect(plain(merge(a, b))).toEqual(plain(merge(b, a)));
        expect(plain(merge(merge(a, b), c))).toEqual(plain(merge(a, merge(b, c))));
        expect(plain(merge(a, a))).toEqual(plain(a));
      }),
    );
  });
});

describe('a column', () => {
  it('gives back long lists that grow', () => {
    const column = createColumn();
    for (let step = 1; step <= 30; step += 1) {
      for (const file of [0, 1, 2]) column.put(file, numbersFrom(file, step * 3000 * (file + 1)));
    }
    for (const file of [0, 1, 2]) {
      expect(column.of(file)).toEqual(numbersFrom(file, 90_000 * (file + 1)));
    }
  });

  it('gives back what was put in last, however lists grow and shrink', () => {
    const puts = fc.array(fc.tuple(fc.nat(150), fc.nat(60)), { maxLength: 200 });
    fc.assert(
      fc.property(puts, (steps) => {
        const column = createColumn();
        const expected = new Map<number, number[]>();
        for (const [step, [file, length]] of steps.entries()) {
          const list = Array.from({ length: (length + 1) * 3 }, (_, index) => step * 1000 + index);
          column.put(file, Uint32Array.from(list));
          expected.set(file, list);
        }
        for (let file = 0; file <= 151; file += 1) {
          expect([...column.of(file)]).toEqual(expected.get(file) ?? []);
        }
      }),
    );
  });
});

function numbersFrom(first: number, length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, index) => first + index);
}

function listOf(entries: readonly Entry[], combine: Combine): Triples {
  const list = createTriples(combine);
  for (const [key, first, second] of entries) list.add(key, first, second);
  return list.take().slice();
}

function plain(list: Triples): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < list.length; at += 3) {
    entries.push([list[at] ?? 0, list[at + 1] ?? 0, list[at + 2] ?? 0]);
  }
  return entries;
}
