import { describe, expect, it } from '@jest/globals';
import { countOf, lineNumber, wasHit } from './numbers.ts';

describe('wasHit', () => {
  it.each([
    ['0', false],
    ['1', true],
    ['000', false],
    ['4294967296', true],
    ['18446744073709551616', true],
    ['9'.repeat(400), true],
    ['1.0', true],
    ['0.0', false],
    ['0.5', true],
    ['1e+06', true],
    ['0e5', false],
    ['1.5E-3', true],
  ])('takes %s', (text, expected) => {
    expect(wasHit(text)).toBe(expected);
  });

  it.each(['', '-1', '-', 'NaN', 'Infinity', '=====', '1,5', ' 1', '0x1', '1e', '.5', undefined])(
    'refuses %s',
    (text) => {
      expect(wasHit(text)).toBeUndefined();
    },
  );
});

describe('lineNumber', () => {
  it.each([
    ['1', 1],
    ['10000000', 10_000_000],
  ])('takes %s', (text, expected) => {
    expect(lineNumber(text)).toBe(expected);
  });

  it.each(['0', '', 'undefined', '-1', '1.5', '10000001', '99999999999999999999', undefined])(
    'refuses %s',
    (text) => {
      expect(lineNumber(text)).toBeUndefined();
    },
  );
});

describe('countOf', () => {
  it('takes whole numbers that a file can have', () => {
    expect([countOf('0'), countOf('12'), countOf('1000000001'), countOf('1.5')]).toEqual([
      0,
      12,
      undefined,
      undefined,
    ]);
  });
});
