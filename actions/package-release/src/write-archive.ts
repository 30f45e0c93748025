import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Header, Pax } from 'tar';
import type { ArchiveEntry } from './archive-entry.ts';
import { gzip } from './gzip.ts';

/** An archive on disk. */
export interface WrittenArchive {
  /** SHA-256, hex. */
  readonly digest: string;
  readonly bytes: number;
}

/**
 * Writes a gzipped tar of these entries in this order. Owner, time and permission bits are always the same, so the tar
 * depends on nothing but paths, contents and the executable bit. How small it gets is zlib's own choice: the same entries
 * give the same archive as long as Node and its zlib are the same.
 *
 * @throws the signal's reason when it aborts.
 */
export async function writeArchive(
  path: string,
  entries: readonly ArchiveEntry[],
  signal: AbortSignal,
): Promise<WrittenArchive> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    await pipeline(tar(entries), ...gzip(), async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        signal.throwIfAborted();
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
    });
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: hash.digest('hex'), bytes };
}

const blockBytes = 512;

async function* tar(entries: readonly ArchiveEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield headerOf(entry);
    if (entry.kind !== 'file') continue;
    yield* entry.content();
    const rest = entry.bytes % blockBytes;
    if (rest > 0) yield new Uint8Array(blockBytes - rest);
  }
  yield new Uint8Array(2 * blockBytes);
}

const types = { file: 'File', directory: 'Directory', symlink: 'SymbolicLink' } as const;

function headerOf(entry: ArchiveEntry): Uint8Array {
  const path = entry.kind === 'directory' ? `${entry.path}/` : entry.path;
  const linkpath = entry.kind === 'symlink' ? entry.target : '';
  const header = new Header({
    path,
    linkpath,
    type: types[entry.kind],
    mode: modeOf(entry),
    uid: 0,
    gid: 0,
    size: entry.kind === 'file' ? entry.bytes : 0,
    mtime: new Date(0),
  });
  const block = Buffer.alloc(blockBytes);
  // True when a name does not fit: then the whole name goes before it, in a block of its own.
  if (!header.encode(block)) return block;
  const long = new Pax({
    path,
    ...(linkpath === '' ? {} : { linkpath }),
    mtime: new Date(0),
    uid: 0,
    gid: 0,
  });
  return Buffer.concat([long.encode(), block]);
}

function modeOf(entry: ArchiveEntry): number {
  if (entry.kind === 'directory') return 0o755;
  if (entry.kind === 'symlink') return 0o777;
  return entry.isExecutable ? 0o755 : 0o644;
}
