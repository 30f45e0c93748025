import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a path of the project must hold; without content it must not exist. */
export interface GeneratedFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly content: string | undefined;
}

/** The text of a file, or `undefined` when there is none. */
export function readIfThere(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Those that are not on disk as they should be. */
export function staleFiles(
  root: string,
  files: readonly GeneratedFile[],
): readonly GeneratedFile[] {
  return files.filter(({ path, content }) => readIfThere(root, path) !== content);
}

/** Puts the files on disk; those that are right are not touched. Returns what was changed. */
export function writeFiles(
  root: string,
  files: readonly GeneratedFile[],
): readonly GeneratedFile[] {
  const stale = staleFiles(root, files);
  for (const { path, content } of stale) {
    const file = join(root, path);
    if (content === undefined) {
      rmSync(file);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
  return stale;
}
