import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { captureOf, firstLine } from './capture.ts';

describe('firstLine', () => {
  it('finds the line and hands on the rest, however the bytes come', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: 'binary' }), sizes, (id, output, cuts) => {
        const lines: string[] = [];
        let shown = '';
        const capture = captureOf(1_000_000, (text) => (shown += text));
        const add = firstLine((line) => lines.push(line), capture.add);
        const bytes = Buffer.from(`${id}\n${output}`);
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = cuts[turn % cuts.length] ?? 1;
          add(bytes.subarray(at, at + size));
          at += size;
        }
        expect(lines).toEqual([String(id)]);
        expect(capture.tail()).toBe(Buffer.from(output).toString());
        expect(shown).toBe(capture.tail());
      }),
    );
  });
});

describe('captureOf', () => {
  it('takes nothing once it is closed', () => {
    const shown: string[] = [];
    const capture = captureOf(100, (text) => shown.push(text));
    capture.add(Buffer.from('one'));
    capture.close();
    capture.add(Buffer.from('two'));
    expect([shown, capture.tail()]).toEqual([['one'], 'one']);
  });
});
