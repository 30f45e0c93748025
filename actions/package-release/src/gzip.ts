import { crc32 } from 'node:zlib';
import { blockBytes, createDeflater } from './deflate.ts';

/**
 * Compresses to gzip (RFC 1952). The bytes depend on the input alone: not on how it is divided into chunks, and not on a
 * zlib build, whose output differs between processors and versions and would give one tree several digests.
 */
export async function* gzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // No name, no time, unknown operating system.
  yield Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  const deflater = createDeflater();
  let checksum = 0;
  let total = 0;
  for await (const block of inBlocks(source)) {
    checksum = crc32(block, checksum);
    total += block.length;
    yield deflater.block(block);
  }
  yield deflater.finish();
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(total % 2 ** 32, 4);
  yield trailer;
}

/** The same bytes in blocks of one size, the last one shorter. A block is reused once the next one is asked for. */
async function* inBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(blockBytes);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + blockBytes - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < blockBytes) continue;
      yield block;
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
