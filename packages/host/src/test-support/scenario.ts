import { spawn } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createHost } from './host.ts';
import type { TestHost } from './host.ts';
import { openShelf } from './release.ts';
import type { Shelf, TestRelease } from './release.ts';
import { findShells, removeTools } from './shells.ts';
import type { Shell } from './shells.ts';

/** The shells that the scenarios of this file run under. */
export const shells: readonly Shell[] = findShells();

let turn = 0;

/**
 * The shells of one scenario: `all` for what a shell does in its own way (processes, descriptors, signals), one in turn
 * for the rest, to keep the suite short.
 */
export function under(which: 'all' | 'one'): readonly Shell[] {
  if (which === 'all') return shells;
  turn += 1;
  return shells.filter((_, place) => place === turn % shells.length);
}

let shelf: Promise<Shelf> | undefined;
let pair: Promise<{ one: TestRelease; two: TestRelease }> | undefined;

/** The shelf of this test file. */
export function theShelf(): Promise<Shelf> {
  shelf ??= openShelf();
  return shelf;
}

/** Two good releases, 1.0.0 and 1.1.0. */
export function goodReleases(): Promise<{ one: TestRelease; two: TestRelease }> {
  pair ??= theShelf().then(async ({ pack }) => ({
    one: await pack('1.0.0'),
    two: await pack('1.1.0'),
  }));
  return pair;
}

export async function closeScenario(): Promise<void> {
  for (const host of templates.values()) await (await host).remove();
  await (await shelf)?.close();
  removeTools();
}

/** An empty host for one test; whatever runs on it afterwards is ended. */
export async function onHost(shell: Shell, test: (host: TestHost) => Promise<void>): Promise<void> {
  const host = await createHost(shell);
  try {
    await test(host);
  } finally {
    await host.remove();
  }
}

const templates = new Map<string, Promise<TestHost>>();

/** A host as 1.0.0 leaves it, under this shell; copied, because making one takes most of a test's time. */
function template(shell: Shell): Promise<TestHost> {
  const made = templates.get(shell.name) ?? makeTemplate(shell);
  templates.set(shell.name, made);
  return made;
}

async function makeTemplate(shell: Shell): Promise<TestHost> {
  const host = await createHost(shell);
  const { one } = await goodReleases();
  const { envelope } = await host.send({ kind: 'apply', ...one, runId: 'run-0' });
  if (envelope.outcome !== 'applied') throw new Error(`1.0.0 was not applied: ${envelope.detail}`);
  await host.forgetEvents();
  return host;
}

/** A host that serves 1.0.0, with the events of that forgotten. */
export function onServingHost(
  shell: Shell,
  test: (host: TestHost, one: TestRelease, two: TestRelease) => Promise<void>,
): Promise<void> {
  return onHost(shell, async (host) => {
    const { one, two } = await goodReleases();
    await cp((await template(shell)).app, host.app, { recursive: true, verbatimSymlinks: true });
    const service = spawn('sleep', ['300'], { env: { ROOT: host.root }, stdio: 'ignore' });
    await writeFile(join(host.app, 'shared', 'pid'), `${String(service.pid)}\n`);
    await test(host, one, two);
  });
}
