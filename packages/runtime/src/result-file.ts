import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError } from '@gatewright/verdict';

/** The place of the result, known to be writable. */
export interface ResultFile {
  readonly path: string;
  /** Replaces the file as a whole: a reader never sees half of it. */
  write(text: string): void;
}

/**
 * Makes sure, before the action does anything, that its result can be written. Synchronous: nothing else is there to be
 * done meanwhile, and hops to other threads are much of the time of a short action.
 *
 * @param path - absolute
 * @throws {@link ConfigurationError} `input-invalid` when nothing can be written there
 */
export function openResultFile(path: string, token: string): ResultFile {
  const draft = `${path}.${token}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, '', { flag: 'wx' });
    rmSync(draft);
  } catch (cause) {
    throw new ConfigurationError('input-invalid', `The result cannot be written to ${path}.`, {
      checked: [String(cause)],
      remedy: 'Give a result-path in a directory that the job can write to, or leave it out.',
      cause,
    });
  }
  return {
    path,
    write(text) {
      try {
        writeFileSync(draft, text, { flag: 'wx' });
        renameSync(draft, path);
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}
