import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError } from '@gatewright/verdict';

/** The place of the result, known to be writable. */
export interface ResultFile {
  readonly path: string;
  /** Replaces the file as a whole: a reader never sees half of it. */
  write(text: string): Promise<void>;
}

/**
 * Makes sure, before the action does anything, that its result can be written.
 *
 * @param path - absolute
 * @throws {@link ConfigurationError} `input-invalid` when nothing can be written there
 */
export async function openResultFile(path: string, token: string): Promise<ResultFile> {
  const draft = `${path}.${token}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, '', { flag: 'wx' });
    await rm(draft);
  } catch (cause) {
    throw new ConfigurationError('input-invalid', `The result cannot be written to ${path}.`, {
      checked: [String(cause)],
      remedy: 'Give a result-path in a directory that the job can write to, or leave it out.',
      cause,
    });
  }
  return {
    path,
    async write(text) {
      try {
        await writeFile(draft, text, { flag: 'wx' });
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
    },
  };
}
