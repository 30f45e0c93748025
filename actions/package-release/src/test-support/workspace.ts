import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { readInputs } from '@gatewright/contract';
import type { ActionOutcome } from '@gatewright/contract';
import { runCommand } from '@gatewright/process';
import { fakeContext } from '@gatewright/testing';
import type { FakeContext } from '@gatewright/testing';
import { contract } from '../contract.ts';
import { run } from '../run.ts';

export const commit = '1f3c9a2b4d5e6f708192a3b4c5d6e7f801234567';

/** A gatewright.yml of these values, each as YAML. */
export const config = (changes: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    version: '1',
    app: 'sample',
    package: '{ include: [bin, server.mjs] }',
    service: '{ port: 8080 }',
    hooks:
      '{ start: { command: [./bin/start] }, health: { command: [./bin/health], timeout-seconds: 7 } }',
    verify:
      '{ release: { path: /healthz, json-path: $.release }, checks: [{ name: home, path: / }] }',
    ...changes,
  })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');

/** Name to content. */
export type Files = Readonly<Record<string, string>>;
export const files: Files = {
  'gatewright.yml': config(),
  'server.mjs': 'console.log(1);\n',
  'bin/start': '#!/bin/sh\necho started "$@"\n',
  'bin/health': '#!/bin/sh\n',
  'bin/sub/note.txt': 'note\n',
  'not-included.txt': 'no\n',
};

export interface Run {
  readonly outcome: ActionOutcome<typeof contract>;
  readonly context: FakeContext;
  /** The output directory. */
  readonly output: string;
}

interface Workspace {
  /** A place in the workspace. */
  readonly at: (path: string) => string;
  readonly context: () => FakeContext;
  /** Writes an application into a directory of the workspace; what is in `bin` is executable. */
  readonly write: (directory: string, content: Files, mode?: number) => Promise<void>;
  /** Runs the action on that directory. */
  readonly pack: (
    directory: string,
    given?: Readonly<Record<string, string>>,
    context?: FakeContext,
  ) => Promise<Run>;
}

/** A workspace for each test of the file, real and empty at its beginning. */
export function useWorkspace(): Workspace {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gatewright-package-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });
  const at = (path: string): string => join(root, path);
  const newContext = (): FakeContext => fakeContext({ run: { workspace: root } });
  return {
    at,
    context: newContext,
    write: async (directory, content, mode = 0o755) => {
      for (const [name, text] of Object.entries(content)) {
        const path = join(root, directory, name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
        if (name.startsWith('bin/s') || name === 'bin/health') await chmod(path, mode);
      }
    },
    pack: async (directory, given = {}, context = newContext()) => {
      const raw: Record<string, string> = {
        release: '1.2.3',
        commit,
        'working-directory': directory,
        'output-directory': `out-${directory}`,
        ...given,
      };
      const inputs = readInputs(contract, (name) => raw[name] ?? '');
      const env = {
        PATH: process.env['PATH'],
        GITHUB_OUTPUT: '/secret',
        INPUT_RELEASE: 'x',
        KEPT: 'yes',
      };
      const outcome = await run(inputs, { context, runCommand, env });
      return { outcome, context, output: at(raw['output-directory'] ?? '') };
    },
  };
}
