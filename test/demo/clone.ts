import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the tree that is tested. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a run of the demo ended. */
export interface DemoRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the built tree that a test may damage. */
export interface Clone {
  readonly directory: string;
  /** Replaces text in a file, and fails when the text is not there: a mutation that mutates nothing proves nothing. */
  readonly replace: (path: string, from: string | RegExp, to: string) => void;
  readonly empty: (path: string) => void;
  readonly removeFile: (path: string) => void;
  /** Undoes every change. */
  readonly restore: () => void;
  readonly demo: (...args: string[]) => Promise<DemoRun>;
  readonly remove: () => void;
}

/** Copies the built tree; only `node_modules` is shared, by hard links, since nothing writes there. */
export function cloneTree(): Clone {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-clone-'));
  for (const name of readdirSync(root)) {
    if (['.git', 'node_modules', 'demo-report', 'bench-report'].includes(name)) continue;
    cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(directory, 'node_modules')]);
  const changed = new Set<string>();
  const change = (path: string): string => {
    changed.add(path);
    return join(directory, path);
  };
  return {
    directory,
    replace(path, from, to) {
      const file = change(path);
      const before = readFileSync(file, 'utf8');
      const after = before.replace(from, to);
      if (after === before) throw new Error(`${path} does not contain ${String(from)}`);
      writeFileSync(file, after);
    },
    empty: (path) => writeFileSync(change(path), ''),
    removeFile: (path) => rmSync(change(path)),
    restore() {
      for (const path of changed) cpSync(join(root, path), join(directory, path));
      changed.clear();
    },
    demo: (...args) => runDemo(directory, args, tmpdir()),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Runs the built demo of a tree as a user would; its temporary files go to `temporary`. */
export function runDemo(
  directory: string,
  args: readonly string[],
  temporary: string,
): Promise<DemoRun> {
  const program = join(directory, 'packages/cli/lib/main.js');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, 'demo', ...args],
      { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, TMPDIR: temporary } },
      (error, stdout, stderr) =>
        resolve({
          exitCode: error === null ? 0 : Number(error.code ?? 1),
          stdout,
          stderr,
        }),
    );
  });
}
