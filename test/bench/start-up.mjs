import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of all code of a bundle, chunks that most runs never load included. */
export function bundleBytes(root, action) {
  const dist = join(root, 'actions', action, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
}

/**
 * How often longer than an empty script a script takes until it exits: the median over pairs of runs A B A B, which
 * holds also while the machine's speed drifts.
 */
export async function startUpRatio({ node24, script, empty, env, pairs }) {
  const ratios = [];
  while (ratios.length < pairs) {
    ratios.push((await seconds(node24, script, env)) / (await seconds(node24, empty, env)));
  }
  return ratios.toSorted((a, b) => a - b)[Math.floor(pairs / 2)];
}

async function seconds(node, script, env) {
  const before = performance.now();
  const child = spawn(node, [script], { env, stdio: 'ignore' });
  await once(child, 'exit');
  return (performance.now() - before) / 1000;
}
