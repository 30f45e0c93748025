import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { utf8Decoder } from './utf8.ts';

function decodeInPieces(bytes: Uint8Array, cuts: readonly number[]): string {
  const decoder = utf8Decoder();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  let text = '';
  let start = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    text += decoder.decode(bytes.subarray(start, end));
    start = end;
  }
  return text + decoder.end();
}

function outcome(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

describe('decoding of UTF-8', () => {
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  const part = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('é', '😀', '\u20ac'),
  );

  it('gives the text, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(part), cuts, (parts, at) => {
        const text = parts.join('').replace(/^\ufeff+/, '');
        expect(decodeInPieces(new TextEncoder().encode(text), at)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves out a byte order mark at the start, and only there', () => {
    const bytes = new TextEncoder().encode('\ufeffab\ufeffc');
    expect(decodeInPieces(bytes, [])).toBe('ab\ufeffc');
    expect(decodeInPieces(bytes, [1, 4])).toBe('ab\ufeffc');
    expect(decodeInPieces(bytes.subarray(3), [2])).toBe('ab\ufeffc');
  });

  it('throws for bytes that are none, wherever they are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array(), cuts, (bytes, at) => {
        const whole = (): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        expect(outcome(() => decodeInPieces(bytes, at))).toBe(outcome(whole));
      }),
      { numRuns: 1000 },
    );
  });
});
