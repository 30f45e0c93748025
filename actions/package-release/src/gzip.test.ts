import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gzip } from './gzip.ts';

async function* chunksOf(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

async function compress(data: Uint8Array, chunk = 65_536): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of gzip(chunksOf(data, chunk))) parts.push(part);
  return Buffer.concat(parts);
}

/** Text-like data: words that come back at all distances and lengths. */
const wordy = fc
  .array(fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 600 })), { maxLength: 300 })
  .map((runs) => Buffer.from(runs.map(([word, count]) => `w${word}`.repeat(count)).join('\n')));
const random = fc.uint8Array({ maxLength: 5000 });

describe('gzip', () => {
  it('is read back by zlib, whatever went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(wordy, random), async (data) => {
        expect(gunzipSync(await compress(data)).equals(data)).toBe(true);
      }),
    );
  });

  it('does not depend on how the input comes', async () => {
    await fc.assert(
      fc.asyncProperty(wordy, fc.integer({ min: 100, max: 200_000 }), async (data, size) => {
        expect((await compress(data, size)).equals(await compress(data))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each([0, 1, 3, 65_534, 65_535, 65_536, 131_070, 300_001])(
    'takes %d bytes of any kind',
    async (size) => {
      // A linear congruential generator: the same bytes in every run, and nothing to compress.
      let seed = 1;
      const noise = Uint8Array.from(
        { length: size },
        () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 24,
      );
      const packed = await compress(noise);
      expect(gunzipSync(packed).equals(noise)).toBe(true);
      expect(packed.length).toBeLessThanOrEqual(size + 5 * Math.ceil(size / 65_535) + 24);
      expect(gunzipSync(await compress(new Uint8Array(size))).length).toBe(size);
    },
  );

  it('makes text a good deal smaller', async () => {
    const text = Buffer.from(
      Array.from({ length: 5000 }, (_, n) => `line ${n} of a log file\n`).join(''),
    );
    expect((await compress(text)).length).toBeLessThan(text.length / 4);
  });
});
