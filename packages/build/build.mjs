// Builds everything: compile, generate what is derived, bundle the actions. Runs uncompiled, since it makes the compiled
// files; and it is one program rather than a chain of npm scripts, since a nested npm leaves a cache in the temporary
// directory. Everything it says goes to stderr, so that `npm run demo -- --json` has stdout for itself.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const steps = [
  ['node_modules/typescript/bin/tsc', '-b'],
  ['packages/host/lib/generate.js'],
  ['node_modules/typescript/bin/tsc', '-b'],
  ['packages/build/lib/main.js', 'generate'],
  ['packages/build/lib/main.js', 'bundle'],
];

for (const step of steps) {
  const { status, error } = spawnSync(process.execPath, step, {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
