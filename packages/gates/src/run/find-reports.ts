import { lstat, open, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { ReportError } from '../report/report-error.ts';
import type { ReportSource } from '../report/source.ts';
import { treePath } from '../report/tree-path.ts';
import type { TreeRoots } from '../report/tree-path.ts';
import { errorCode } from './error-code.ts';

/** What changes whenever a file is written: none of it needs a clock. */
export interface FileMark {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

/** A file that a glob matched. */
export interface FoundReport {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly mark: FileMark;
}

/** Reports in the order of their paths, and why others cannot be used. */
export interface FoundReports {
  readonly found: readonly FoundReport[];
  readonly problems: readonly ReportError[];
}

/** More is a glob that caught something else. */
const mostReports = 10_000;

/** What is installed or belongs to git is nobody's report. */
const ignored = ['**/node_modules/**', '**/.git/**'];

/**
 * The files that globs match, each file once. Globs start at the base and cannot leave it; links are not followed out of
 * the repository; what lies in `node_modules` and `.git` is not matched.
 *
 * @param globs - those that begin with `!` take files away from all others
 */
export async function findReports(
  globs: readonly string[],
  roots: TreeRoots,
): Promise<FoundReports> {
  const wanted = globs.filter((pattern) => !pattern.startsWith('!'));
  const ignore = [
    ...ignored,
    ...globs.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  ];
  const problems: ReportError[] = [];
  const found = new Map<string, FoundReport>();
  for (const pattern of wanted) {
    if (leaves(pattern)) {
      problems.push(new ReportError('report-missing', pattern, 'the glob leaves its directory'));
      continue;
    }
    const names = await glob(pattern.replaceAll('\\', '/'), {
      cwd: roots.base,
      ignore,
      dot: true,
      expandDirectories: false,
      followSymbolicLinks: false,
    });
    if (names.length === 0) {
      problems.push(new ReportError('report-missing', pattern, 'no file matches this glob'));
    }
    if (names.length > mostReports) {
      const problem = `${names.length} files match; at most ${mostReports} are read`;
      problems.push(new ReportError('report-too-large', pattern, problem));
      continue;
    }
    for (const name of names) {
      const look = await lookAt(resolve(roots.base, name), roots);
      if (look instanceof ReportError) problems.push(look);
      else found.set(look.path, look);
    }
  }
  const reports = [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { found: reports, problems };
}

function leaves(pattern: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(pattern) || pattern.split(/[/\\]/).includes('..');
}

async function lookAt(file: string, roots: TreeRoots): Promise<FoundReport | ReportError> {
  const path = treePath(file, roots) ?? file;
  try {
    const real = await realpath(file);
    if (treePath(real, { ...roots, root: await realpath(roots.root) }) === undefined) {
      return new ReportError('report-missing', path, 'a link that leads out of the repository');
    }
    const facts = await lstat(real);
    if (!facts.isFile()) return new ReportError('report-missing', path, 'not a regular file');
    const { mtimeMs, size, ino } = facts;
    return { path, file: real, mark: { mtimeMs, size, ino } };
  } catch (error) {
    const why = errorCode(error) ?? 'unknown error';
    return new ReportError('report-missing', path, `not readable (${why})`);
  }
}

/** The content of a file, as a report to read. */
export function fileSource(path: string, file: string): ReportSource {
  return { path, open: () => readPieces(file) };
}

/** The text of a larger one would be kept apart by V8, which gives such room back late. */
const pieceBytes = 64 * 1024;

/** All pieces come in the same room; a stream takes new room for each. */
async function* readPieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    const room = new Uint8Array(pieceBytes);
    for (;;) {
      const { bytesRead } = await handle.read(room);
      if (bytesRead === 0) return;
      yield room.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
