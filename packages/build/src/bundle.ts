import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh } from './inputs-hash.ts';

/** Minifying dominates and uses one core. */
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

/** Bundles in a process of its own, since the bundler depends on the working directory of the process. */
async function bundleApart(root: string, program: string, action: string): Promise<boolean> {
  const child = spawn(process.execPath, [program, 'bundle-one', action], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}

/**
 * Bundles those of the actions whose inputs have changed.
 *
 * @param program - the build tool's own entry, started once per bundle
 */
export async function bundleAll(
  root: string,
  program: string,
  actions: readonly string[],
): Promise<readonly BundleReport[]> {
  const reports = new Map<string, BundleReport>();
  const open = [...actions];
  const work = async (): Promise<void> => {
    for (let action = open.shift(); action !== undefined; action = open.shift()) {
      reports.set(action, await bundleOne(root, program, action));
    }
  };
  await Promise.all(Array.from({ length: parallelBundles }, work));
  return actions.flatMap((action) => reports.get(action) ?? []);
}

async function bundleOne(root: string, program: string, action: string): Promise<BundleReport> {
  if (isFresh(root, action)) return { action, state: 'fresh', bytes: codeBytes(root, action) };
  const built = await bundleApart(root, program, action);
  return built
    ? { action, state: 'built', bytes: codeBytes(root, action) }
    : { action, state: 'failed', bytes: 0 };
}
