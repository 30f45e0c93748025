import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh } from './inputs-hash.ts';

/** Processes at once. */
const parallelBundles = 2;

/** What became of one bundle. */
export interface BundleReport {
  readonly action: string;
  readonly state: 'fresh' | 'built' | 'failed';
  /** All code of the bundle, chunks included. */
  readonly bytes: number;
}

/** Bytes of all JavaScript of a bundle. */
function codeBytes(root: string, action: string): number {
  const dist = join(root, 'actions', action, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?js$/.test(name))
    .reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
}

/**
 * Bundles in a process of its own, since the bundler depends on the working directory and uses one core. One process
 * for many: the second bundle takes it half the time of the first.
 *
 * @returns the actions that it says it has built
 */
async function bundleApart(
  root: string,
  program: string,
  actions: readonly string[],
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, 'bundle-here', ...actions], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  return said.split('\n');
}

/**
 * Bundles those of the actions whose inputs have changed.
 *
 * @param program - the build tool's own entry, started once per core
 */
export async function bundleAll(
  root: string,
  program: string,
  actions: readonly string[],
): Promise<readonly BundleReport[]> {
  const stale = actions.filter((action) => !isFresh(root, action));
  const lanes = Array.from({ length: Math.min(parallelBundles, stale.length) }, (_, lane) =>
    stale.filter((action) => stale.indexOf(action) % parallelBundles === lane),
  );
  const said = await Promise.all(lanes.map((lane) => bundleApart(root, program, lane)));
  const built = new Set(said.flat());
  return actions.map((action) => {
    if (!stale.includes(action)) return { action, state: 'fresh', bytes: codeBytes(root, action) };
    return built.has(action)
      ? { action, state: 'built', bytes: codeBytes(root, action) }
      : { action, state: 'failed', bytes: 0 };
  });
}
