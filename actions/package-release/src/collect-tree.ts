import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { ArchiveEntry } from './archive-entry.ts';
import { byPath, maxTreeBytes, ownFolder } from './archive-entry.ts';
import type { Refusal } from './refusal.ts';
import { refusalError } from './refusal.ts';

/** What to pack. */
export interface TreeSpec {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root. */
  readonly include: readonly string[];
  /** Absolute; what this action writes must not become part of what it packs. */
  readonly outputDirectory: string;
}

interface Found {
  readonly entries: Map<string, ArchiveEntry>;
  readonly refusals: Refusal[];
}

/**
 * Every file, directory and symbolic link that the release includes, sorted, with the directories above them.
 * Everything that cannot be packed is told at once.
 *
 * @throws ConfigurationError `package-refused`
 */
export async function collectTree(spec: TreeSpec): Promise<ArchiveEntry[]> {
  const root = await realpath(spec.root);
  const found: Found = { entries: new Map(), refusals: [] };
  for (const item of spec.include) {
    await collect(root, posix.normalize(item).replace(/\/$/, ''), found);
  }
  for (const path of found.entries.keys()) addParents(path, found.entries);
  await checkLinks(root, found);
  checkOutput(root, spec, found);
  checkSize(found);
  if (found.refusals.length > 0) throw refusalError(found.refusals);
  return [...found.entries.values()].toSorted(byPath);
}

async function collect(root: string, path: string, found: Found): Promise<void> {
  const refuse = (why: string): void => void found.refusals.push({ path, why });
  if (path.split('/')[0]?.toLowerCase() === ownFolder)
    return refuse(`the folder ${ownFolder} is Gatewright's own`);
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\ufffd]/.test(path))
    return refuse('a name with control characters, or not in UTF-8');
  const absolute = join(root, path);
  const status = await statusOf(absolute);
  if (status === undefined) return refuse('not found');
  if ((await realpath(dirname(absolute))) !== dirname(absolute)) {
    return refuse('lies behind a symbolic link; include the place itself');
  }
  if (status.isDirectory()) {
    found.entries.set(path, { kind: 'directory', path });
    for (const name of await readdir(absolute)) await collect(root, `${path}/${name}`, found);
  } else if (status.isSymbolicLink()) {
    found.entries.set(path, { kind: 'symlink', path, target: await readlink(absolute) });
  } else if (status.isFile()) {
    found.entries.set(path, fileEntry(path, absolute, status));
  } else {
    refuse('neither a file, nor a directory, nor a symbolic link');
  }
}

async function statusOf(absolute: string): Promise<Stats | undefined> {
  try {
    return await lstat(absolute);
  } catch {
    return undefined;
  }
}

function fileEntry(path: string, absolute: string, status: Stats): ArchiveEntry {
  const bytes = status.size;
  // The owner's bit alone: it is the one that git keeps and that no umask takes away.
  const isExecutable = (status.mode & 0o100) !== 0;
  return {
    kind: 'file',
    path,
    isExecutable,
    bytes,
    content: () => readExactly(path, absolute, bytes),
  };
}

async function* readExactly(
  path: string,
  absolute: string,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  const file = await open(absolute, 'r');
  let read = 0;
  try {
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 262_144 })) {
      const data: Uint8Array = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      read += data.length;
      if (read > bytes) break;
      yield data;
    }
  } finally {
    await file.close();
  }
  if (read !== bytes) throw refusalError([{ path, why: 'changed while it was packed' }]);
}

function addParents(path: string, entries: Map<string, ArchiveEntry>): void {
  for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) {
    if (!entries.has(parent)) entries.set(parent, { kind: 'directory', path: parent });
  }
}

/** A link must lead, by its text and in truth, to something that is packed: on a host there is nothing else. */
async function checkLinks(root: string, { entries, refusals }: Found): Promise<void> {
  for (const entry of entries.values()) {
    if (entry.kind !== 'symlink') continue;
    const why = await linkProblem(root, entry.path, entry.target, entries);
    if (why !== undefined) refusals.push({ path: entry.path, why });
  }
}

async function linkProblem(
  root: string,
  path: string,
  target: string,
  entries: ReadonlyMap<string, ArchiveEntry>,
): Promise<string | undefined> {
  const shown = JSON.stringify(target);
  if (target.startsWith('/') || leavesTree(path, target)) {
    return `a symbolic link out of the application, to ${shown}`;
  }
  // Not joined: that would take `..` out of the text, which is another way once a link stands in it.
  const real = await realpath(`${dirname(join(root, path))}/${target}`).catch(() => undefined);
  if (real === undefined) return `a symbolic link to nothing, to ${shown}`;
  if (isOutside(root, real)) return `a symbolic link out of the application, to ${shown}`;
  const inside = relative(root, real).split(sep).join('/');
  return entries.has(inside) ? undefined : `a symbolic link to what is not included, to ${shown}`;
}

/** Whether the way goes above the root at any point, also if it comes back: a host calls the root by another name. */
function leavesTree(path: string, target: string): boolean {
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function isOutside(root: string, absolute: string): boolean {
  const way = relative(root, absolute);
  return way === '..' || way.startsWith(`..${sep}`);
}

function checkOutput(root: string, spec: TreeSpec, { refusals }: Found): void {
  const way = relative(root, spec.outputDirectory).split(sep).join('/');
  const around = spec.include.find((item) => `${way}/`.startsWith(`${item.replace(/\/$/, '')}/`));
  if (around === undefined) return;
  refusals.push({
    path: around,
    why: 'holds output-directory, which cannot be part of the release',
  });
}

function checkSize({ entries, refusals }: Found): void {
  const files = [...entries.values()].filter((entry) => entry.kind === 'file');
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxTreeBytes) return;
  const largest = files.toSorted((a, b) => b.bytes - a.bytes)[0];
  refusals.push({
    path: 'package.include',
    why: `${mebibytes(total)} MiB in all, more than ${mebibytes(maxTreeBytes)} MiB; the largest file is ${largest?.path} with ${mebibytes(largest?.bytes ?? 0)} MiB`,
  });
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}
