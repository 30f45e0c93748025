// Builds two clones in directories of different depth and compares every bundle byte by byte.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'gatewright-reproducible-'));

function build(directory) {
  mkdirSync(dirname(directory), { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, directory]);
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(directory, 'node_modules')]);
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const files = readdirSync(join(directory, 'actions'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[^/]+\/dist\/.*\.[a-z]+$/.test(name))
    .toSorted();
  return new Map(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, 'actions', name)))
        .digest('hex'),
    ]),
  );
}

try {
  const first = build(join(scratch, 'a'));
  const second = build(join(scratch, 'somewhere/much/deeper/b'));
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const different = names.filter((name) => first.get(name) !== second.get(name));
  if (names.length === 0) throw new Error('the build made no bundle');
  const lines = different.map((name) => `  actions/${name}\n`);
  process.stdout.write(
    `${names.length} files compared, ${different.length} differ\n${lines.join('')}`,
  );
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
