import { createHost } from './host.ts';
import type { TestHost } from './host.ts';
import { openShelf } from './release.ts';
import type { Shelf, TestRelease } from './release.ts';
import { findShells, removeTools } from './shells.ts';
import type { Shell } from './shells.ts';

/** The shells that the scenarios of this file run under. */
export const shells: readonly Shell[] = findShells();

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

/** A host that serves 1.0.0, with the events of that forgotten. */
export function onServingHost(
  shell: Shell,
  test: (host: TestHost, one: TestRelease, two: TestRelease) => Promise<void>,
): Promise<void> {
  return onHost(shell, async (host) => {
    const { one, two } = await goodReleases();
    const { envelope } = await host.send({ kind: 'apply', ...one });
    if (envelope.outcome !== 'applied')
      throw new Error(`1.0.0 was not applied: ${envelope.detail}`);
    await host.forgetEvents();
    await test(host, one, two);
  });
}
