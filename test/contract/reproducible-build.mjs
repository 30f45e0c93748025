// Builds two clones and compares every bundle byte by byte. The second one stands deeper, is built by another user (where
// this one may become another), with another home and umask, under another patch version of Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'gatewright-reproducible-'));
chmodSync(scratch, 0o755);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const platform = `node-${process.platform}-${process.arch}`;
const ours = manifest.optionalDependencies[platform];
/** Another patch of the same major version, from the same place as ours. */
const otherPatch = '24.20.0';
const nobody = process.getuid?.() === 0 ? 65534 : undefined;
const say = (line) => process.stdout.write(`${line}\n`);

/** Another Node than the one that `npm run build` would take. */
function otherNode() {
  if (ours === undefined || ours === otherPatch) return undefined;
  const words = ['pack', '--silent', '--json=false', `${platform}@${otherPatch}`];
  const file = execFileSync('npm', words, { cwd: scratch, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', file], { cwd: scratch });
  return join(scratch, 'package/bin/node');
}

/** Gives a clone to somebody; its packages stay whose they are, since they are shared. */
function giveAway(directory, uid) {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!path.startsWith(join(directory, 'node_modules')) && !entry.isSymbolicLink()) {
      chownSync(path, uid, uid);
    }
  }
  chownSync(directory, uid, uid);
}

function build(directory, { node, uid, umask }) {
  mkdirSync(dirname(directory), { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, directory]);
  if (uid !== undefined) giveAway(directory, uid);
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(directory, 'node_modules')]);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  say(
    `building with Node ${version}, user ${uid ?? process.getuid?.() ?? '?'}, umask ${umask.toString(8)}`,
  );
  // The umask is inherited; there is no other way to give one to a child without a shell.
  const before = process.umask(umask);
  try {
    execFileSync(node, ['packages/build/build.mjs'], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, HOME: directory },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
  } finally {
    process.umask(before);
  }
  const files = readdirSync(join(directory, 'actions'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((name) => /^actions\/[^/]+\/dist\//.test(name))
    .toSorted();
  return new Map(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]),
  );
}

try {
  const own = join(root, 'node_modules', platform, 'bin/node');
  const node = ours === undefined ? process.execPath : own;
  const other = otherNode();
  if (other === undefined)
    say(`There is no other Node for ${platform}: the same one builds twice.`);
  if (nobody === undefined) say('Only root can become another user: the same one builds twice.');
  const first = build(join(scratch, 'a'), { node, uid: undefined, umask: 0o022 });
  const second = build(join(scratch, 'somewhere/much/deeper/b'), {
    node: other ?? node,
    uid: nobody,
    umask: 0o077,
  });
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const different = names.filter((name) => first.get(name) !== second.get(name));
  if (names.length === 0) throw new Error('the build made no bundle');
  say(`${names.length} files compared, ${different.length} differ`);
  for (const name of different) say(`  ${name}`);
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
