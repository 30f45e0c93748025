import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combinedOutput, head } from './output.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 4000 });

describe('head', () => {
  it('is a prefix of whole characters within the limit', () => {
    fc.assert(
      fc.property(anyText, fc.nat(5000), (text, limit) => {
        const cut = head(text, limit);
        expect(text.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        expect(cut === text).toBe(Buffer.byteLength(text) <= limit);
      }),
    );
  });
});

describe('combinedOutput', () => {
  it('never takes more than 2500 bytes, and always starts with the head of stdout', () => {
    fc.assert(
      fc.property(anyText, anyText, (stdout, stderr) => {
        const output = combinedOutput(stdout, stderr);
        expect(Buffer.byteLength(output)).toBeLessThanOrEqual(2500);
        expect(output.startsWith(head(stdout, 1000))).toBe(true);
      }),
    );
  });
});
