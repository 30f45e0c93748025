import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory with files; gone when the test is over. */
export interface Tree {
  readonly root: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Runs git in it. */
  readonly git: (...words: readonly string[]) => string;
  readonly remove: () => void;
}

/** Makes a directory in the temporary one of the machine. */
export function makeTree(files: Readonly<Record<string, string>> = {}): Tree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-run-')));
  const write = (some: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(some)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  };
  write(files);
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  return {
    root,
    write,
    git: (...words) =>
      execFileSync('git', [...identity, ...words], { cwd: root, encoding: 'utf8', stdio: 'pipe' }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
