import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { percentText, shortfall } from './ratio.ts';

const ratio = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 40 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([total, share]) => ({ covered: Math.floor(total * share), total }));
const hundredths = fc.integer({ min: 0, max: 10_000 });

describe('shortfall', () => {
  it('agrees with exact fractions', () => {
    fc.assert(
      fc.property(ratio, hundredths, ({ covered, total }, minimum) => {
        const missing = shortfall({ covered, total }, minimum / 100);
        const reaches = (extra: number): boolean =>
          (BigInt(covered) + BigInt(extra)) * 10_000n >= BigInt(minimum) * BigInt(total);
        expect(reaches(missing)).toBe(true);
        expect(missing === 0 || !reaches(missing - 1)).toBe(true);
      }),
    );
  });

  it.each([
    [{ covered: 8, total: 13 }, 62, 1],
    [{ covered: 8, total: 13 }, 61.53, 0],
    [{ covered: 8, total: 13 }, 61.54, 1],
    [{ covered: 62, total: 100 }, 70, 8],
    [{ covered: 0, total: 5 }, 0, 0],
    [{ covered: 4, total: 5 }, 100, 1],
    // 0.07 * 100 is 7.000000000000001
    [{ covered: 7, total: 10_000 }, 0.07, 0],
    // A third decimal must not make the minimum laxer.
    [{ covered: 8, total: 13 }, 61.531, 1],
  ])('of %o to %d percent is %d', (figures, minimum, expected) => {
    expect(shortfall(figures, minimum)).toBe(expected);
  });
});

describe('percentText', () => {
  it.each([
    [8, 13, '61.53'],
    [1, 3, '33.33'],
    [2, 3, '66.66'],
    [99_999, 100_000, '99.99'],
    [1, 100_000, '0.00'],
    [1, 2000, '0.05'],
    [5, 5, '100.00'],
    [0, 5, '0.00'],
  ])('rounds %d of %d down to %s', (covered, total, expected) => {
    expect(percentText({ covered, total })).toBe(expected);
  });

  it('never shows more than there is', () => {
    fc.assert(
      fc.property(ratio, ({ covered, total }) => {
        const shown = BigInt(percentText({ covered, total }).replace('.', ''));
        expect(shown * BigInt(total) <= BigInt(covered) * 10_000n).toBe(true);
        expect((shown + 1n) * BigInt(total) > BigInt(covered) * 10_000n).toBe(true);
      }),
    );
  });
});
