import { open, readdir } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';

/** A file of a results directory, as it was found. */
export type FoundFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly problem: string };

/** What a results directory held. */
export type FoundResults =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'present'; readonly files: readonly FoundFile[] };

/** How much of a directory is read; both are far above what our own workflows leave there. */
const maxFiles = 32;
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads the `.json` files of a directory that jobs before this one filled: in the order of their names, without following
 * links, and no more than the limits. What cannot be read is told, never thrown.
 */
export async function readResultFiles(directory: string): Promise<FoundResults> {
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => name.endsWith('.json')).toSorted();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', why: code };
  }
  if (names.length > maxFiles) return { kind: 'unreadable', why: `more than ${maxFiles} files` };
  const files = await Promise.all(names.map((name) => readOne(directory, name)));
  return { kind: 'present', files };
}

async function readOne(directory: string, name: string): Promise<FoundFile> {
  try {
    // O_NONBLOCK: a named pipe must not hold this job until its time is over.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(join(directory, name), flags);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return { name, problem: 'not a regular file' };
      if (facts.size > maxBytes) return { name, problem: `larger than ${maxBytes} bytes` };
      return { name, bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { name, problem: `not readable (${code})` };
  }
}
