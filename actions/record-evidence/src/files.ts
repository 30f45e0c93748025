import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import type { FoundFile, FoundResults } from './results.ts';

const maxFiles = 32;
const maxBytes = 16 * 1024 * 1024;

/** Reads the `.json` files of a directory that somebody else filled: no links followed, no more than the limits. */
export async function findResults(directory: string): Promise<FoundResults> {
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

/** Writes the evidence and, beside it, the very bytes that it was made of; gives the path of the evidence. */
export async function writeEvidence(
  directory: string,
  evidence: string,
  found: FoundResults,
): Promise<string> {
  const path = join(directory, 'evidence.json');
  await mkdir(join(directory, 'results'), { recursive: true });
  await writeFile(path, evidence);
  const files = found.kind === 'present' ? found.files : [];
  await Promise.all(
    files.flatMap((file) =>
      'bytes' in file ? [writeFile(join(directory, 'results', file.name), file.bytes)] : [],
    ),
  );
  return path;
}
