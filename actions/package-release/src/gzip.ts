import { createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';

/** Where the header of a gzip stream names the operating system (RFC 1952, section 2.3). */
const systemAt = 9;
const unknownSystem = 255;

type Step = (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

/**
 * The steps of a pipeline that compress it to gzip. The header holds no name and no time; zlib would write there for which
 * system it was built, which would set apart archives that are otherwise the same.
 */
export function gzip(): [Gzip, Step] {
  return [createGzip({ level: 9 }), ofUnknownSystem];
}

async function* ofUnknownSystem(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of chunks) {
    if (position <= systemAt && systemAt < position + chunk.length) {
      chunk[systemAt - position] = unknownSystem;
    }
    position += chunk.length;
    yield chunk;
  }
}
