import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadReleaseManifest } from '@gatewright/config';
import { readInputs } from '@gatewright/contract';
import type { ActionOutcome } from '@gatewright/contract';
import { runCommand } from '@gatewright/process';
import { fakeContext } from '@gatewright/testing';
import type { FakeContext } from '@gatewright/testing';
import { contract } from './contract.ts';
import { run } from './run.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatewright-package-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const commit = '1f3c9a2b4d5e6f708192a3b4c5d6e7f801234567';
const config = (changes: Readonly<Record<string, string>> = {}): string =>
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

type Files = Readonly<Record<string, string>>;
const files: Files = {
  'gatewright.yml': config(),
  'server.mjs': 'console.log(1);\n',
  'bin/start': '#!/bin/sh\necho started "$@"\n',
  'bin/health': '#!/bin/sh\n',
  'bin/sub/note.txt': 'note\n',
  'not-included.txt': 'no\n',
};

/** Writes an application into a directory of the workspace; what is in `bin` is executable. */
async function write(directory: string, content: Files, mode = 0o755): Promise<void> {
  for (const [name, text] of Object.entries(content)) {
    const path = join(root, directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    if (name.startsWith('bin/s') || name === 'bin/health') await chmod(path, mode);
  }
}

interface Run {
  readonly outcome: ActionOutcome<typeof contract>;
  readonly context: FakeContext;
  readonly output: string;
}

async function pack(
  directory: string,
  given: Readonly<Record<string, string>> = {},
  context: FakeContext = fakeContext({ run: { workspace: root } }),
): Promise<Run> {
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
  return { outcome, context, output: join(root, raw['output-directory'] ?? '') };
}

const tar = (...args: string[]): string => execFileSync('tar', args, { encoding: 'utf8' });

describe('package-release', () => {
  it('writes an archive, and a manifest that describes it', async () => {
    await write('app', files);
    const { outcome, output } = await pack('app');
    const bytes = await readFile(join(output, 'release.tar.gz'));
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(outcome).toMatchObject({
      verdict: 'pass',
      reasonCode: 'packaged',
      outputs: {
        digest,
        bytes: bytes.length,
        artifactPath: join(output, 'release.tar.gz'),
        manifestPath: join(output, 'manifest.json'),
      },
    });
    const manifest = loadReleaseManifest(
      await readFile(join(output, 'manifest.json'), 'utf8'),
      'manifest.json',
    );
    expect(manifest).toMatchObject({
      schema: 'gatewright.release/1',
      app: 'sample',
      version: '1.2.3',
      commit,
      digest,
      bytes: bytes.length,
      port: 8080,
      verify: { deadlineSeconds: 60, checks: [{ name: 'home' }] },
      rollback: { mode: 'safe' },
    });
    expect((await readdir(output)).toSorted()).toEqual(['manifest.json', 'release.tar.gz']);
  });

  it('packs what is included, and what a host needs to know, with plain owners and modes', async () => {
    await write('app', files);
    const { output } = await pack('app');
    const listed = tar('--numeric-owner', '--utc', '-tvzf', join(output, 'release.tar.gz'))
      .trim()
      .split('\n');
    expect(
      listed.map((line) => line.replaceAll(/ +/g, ' ').replace(/ \d+ 1970-01-01 00:00/, '')),
    ).toEqual([
      'drwxr-xr-x 0/0 .gatewright/',
      'drwxr-xr-x 0/0 .gatewright/hooks/',
      '-rwxr-xr-x 0/0 .gatewright/hooks/health',
      '-rw-r--r-- 0/0 .gatewright/hooks/health.timeout',
      '-rwxr-xr-x 0/0 .gatewright/hooks/start',
      '-rw-r--r-- 0/0 .gatewright/hooks/start.timeout',
      '-rw-r--r-- 0/0 .gatewright/release',
      'drwxr-xr-x 0/0 bin/',
      '-rwxr-xr-x 0/0 bin/health',
      '-rwxr-xr-x 0/0 bin/start',
      'drwxr-xr-x 0/0 bin/sub/',
      '-rwxr-xr-x 0/0 bin/sub/note.txt',
      '-rw-r--r-- 0/0 server.mjs',
    ]);
    await mkdir(join(root, 'host'));
    tar('-xzf', join(output, 'release.tar.gz'), '-C', join(root, 'host'));
    const read = (name: string): Promise<string> => readFile(join(root, 'host', name), 'utf8');
    expect(await read('.gatewright/release')).toBe(
      `app=sample\nversion=1.2.3\ncommit=${commit}\nport=8080\n`,
    );
    expect(await read('.gatewright/hooks/health.timeout')).toBe('7\n');
    expect(await read('bin/sub/note.txt')).toBe('note\n');
  });

  it('gives the same bytes for the same files, whatever the place, the times and the umask', async () => {
    await write('first', files);
    await write('second', Object.fromEntries(Object.entries(files).toReversed()), 0o700);
    await chmod(join(root, 'second/server.mjs'), 0o600);
    await chmod(join(root, 'second/bin'), 0o700);
    await utimes(join(root, 'second/server.mjs'), 1, 1);
    const first = await pack('first');
    const second = await pack('second');
    expect(second.outcome.outputs.digest).toBe(first.outcome.outputs.digest);
    await writeFile(join(root, 'second/server.mjs'), 'console.log(2);\n');
    expect((await pack('second')).outcome.outputs.digest).not.toBe(first.outcome.outputs.digest);
  });

  it('has known bytes, so that a change of the format does not go unseen', async () => {
    await write('app', files);
    expect((await pack('app')).outcome.outputs.digest).toBe(
      '7871ce76013146ab635c255ada4a158787bd2ab2d9e9788e9b95bd4cfd66d684',
    );
  });

  it('hands hooks their arguments exactly as they were written', async () => {
    const hostile = [
      'a b',
      "it's",
      '"double"',
      '$HOME `id` $(id)',
      '*',
      '',
      String.raw`back\slash`,
      '; exit 3',
      '-n',
      '日本',
    ];
    const hooks = JSON.stringify({
      start: { command: ['./bin/show', ...hostile] },
      health: { command: ['./bin/health'] },
    });
    const show = `#!${process.execPath}\nrequire('fs').writeFileSync('seen.json', JSON.stringify(process.argv.slice(2)));\n`;
    await write('app', { ...files, 'gatewright.yml': config({ hooks }), 'bin/show': show });
    const { output } = await pack('app');
    const host = join(root, 'host');
    await mkdir(host);
    tar('-xzf', join(output, 'release.tar.gz'), '-C', host);
    execFileSync('sh', ['.gatewright/hooks/start'], { cwd: host });
    expect(JSON.parse(await readFile(join(host, 'seen.json'), 'utf8'))).toEqual(hostile);
  });

  it('keeps long names, names beyond ASCII, and links within the release', async () => {
    const long = `bin/${'deep/'.repeat(30)}${'n'.repeat(120)}.txt`;
    await write('app', { ...files, [long]: 'long\n', 'bin/grüße 日本.txt': 'hello\n' });
    await symlink('../server.mjs', join(root, 'app/bin/server'));
    const { output } = await pack('app');
    const host = join(root, 'host');
    await mkdir(host);
    tar('-xzf', join(output, 'release.tar.gz'), '-C', host);
    expect(await readFile(join(host, long), 'utf8')).toBe('long\n');
    expect(await readFile(join(host, 'bin/grüße 日本.txt'), 'utf8')).toBe('hello\n');
    expect(await readFile(join(host, 'bin/server'), 'utf8')).toBe('console.log(1);\n');
  });
});

const building = (...build: string[]): Files => ({
  ...files,
  'gatewright.yml': config({ package: JSON.stringify({ include: ['bin', 'dist'], build }) }),
});

describe('the build command', () => {
  it('runs before packing, and its output is shown line by line', async () => {
    await write(
      'app',
      building(
        'sh',
        '-c',
        'mkdir dist; env > dist/env; echo one; printf ::error::two; echo three >&2',
      ),
    );
    const { context, output } = await pack('app');
    expect(context.lines).toContain('info:   | one');
    expect(context.lines).toContain('info:   | ::error::two');
    expect(context.lines).toContain('info:   | three');
    const env = tar('-xzOf', join(output, 'release.tar.gz'), 'dist/env');
    expect(env).toContain('KEPT=yes');
    expect(env).not.toMatch(/GITHUB_OUTPUT|INPUT_RELEASE/);
  });

  it.each([
    [['sh', '-c', 'echo first; echo broken >&2; exit 4'], {}, 'ended with exit code 4'],
    [
      ['sleep', '600'],
      { 'build-timeout-seconds': '1' },
      'did not end within 1 seconds and was stopped',
    ],
    [['no-such-builder'], {}, 'could not be started: ENOENT'],
  ])('that fails leaves no release: %j', async (command, given, how) => {
    await write('app', building(...command));
    await expect(pack('app', given)).rejects.toThrow(how);
    await expect(readdir(join(root, 'out-app'))).rejects.toThrow('ENOENT');
  });

  it('that is cancelled ends the action', async () => {
    await write('app', building('sh', '-c', 'echo up; exec sleep 600'));
    const context = fakeContext({ run: { workspace: root } });
    const log = { ...context.log, info: () => context.abort() };
    await expect(pack('app', {}, { ...context, log })).rejects.toThrow('Received SIGINT.');
  });
});

const including = (...include: string[]): Files => ({
  ...files,
  'gatewright.yml': config({ package: JSON.stringify({ include }) }),
});
const refusal = (message: string | RegExp): unknown =>
  expect.objectContaining({
    reasonCode: 'package-refused',
    message: expect.stringMatching(message),
  });

describe('package-release refuses', () => {
  it('what is not there, all of it at once', async () => {
    await write('app', including('bin', 'missing', 'server.mjs/x'));
    await expect(pack('app')).rejects.toEqual(
      refusal(/^The release cannot be packed: missing: not found; server\.mjs\/x: not found\.$/),
    );
  });

  it("the application's own .gatewright", async () => {
    await write('app', { ...including('bin', '.Gatewright'), '.Gatewright/release': 'app=evil\n' });
    await expect(pack('app')).rejects.toEqual(
      refusal("the folder .gatewright is Gatewright's own"),
    );
  });

  it.each([
    ['/etc/passwd', 'a symbolic link out of the application, to "/etc/passwd"'],
    ['../../outside', 'a symbolic link out of the application, to "../../outside"'],
    ['../../app/server.mjs', 'a symbolic link out of the application, to "../../app/server.mjs"'],
    ['nowhere', 'a symbolic link to nothing, to "nowhere"'],
    ['../not-included.txt', 'a symbolic link to what is not included, to "../not-included.txt"'],
    ['loop', 'a symbolic link to nothing, to "loop"'],
    ['sub/up/../../outside', 'a symbolic link out of the application'],
  ])('a symbolic link to %s', async (target, why) => {
    await write('app', files);
    await write('.', { outside: 'x', 'app/a/b/x': 'x' });
    await symlink('..', join(root, 'app/bin/sub/up'));
    await symlink(target, join(root, 'app/bin/loop'));
    const refused = refusal('');
    await expect(pack('app')).rejects.toEqual(refused);
    await expect(pack('app')).rejects.toThrow(`bin/loop: ${why}`);
  });

  it('a place behind a symbolic link', async () => {
    await write('app', including('bin', 'link/secret'));
    await write('elsewhere', { secret: 'x' });
    await symlink('../elsewhere', join(root, 'app/link'));
    await expect(pack('app')).rejects.toEqual(refusal('link/secret: lies behind a symbolic link'));
  });

  it('pipes, and names with control characters', async () => {
    await write('app', { ...files, 'bin/two\nlines': 'x' });
    execFileSync('mkfifo', [join(root, 'app/bin/pipe')]);
    await expect(pack('app')).rejects.toEqual(refusal(/pipe: neither a file/));
    await expect(pack('app')).rejects.toEqual(refusal(/control characters/));
  });

  it('to pack its own output', async () => {
    await write('app', including('bin'));
    const given = { 'output-directory': 'app/bin/out' };
    await expect(pack('app', given)).rejects.toEqual(refusal('bin: holds output-directory'));
  });

  it('more than 512 MiB, before it reads a byte of it', async () => {
    await write('app', files);
    await writeFile(join(root, 'app/bin/huge'), '');
    await truncate(join(root, 'app/bin/huge'), 513 * 1024 * 1024);
    await expect(pack('app')).rejects.toEqual(
      refusal('513 MiB in all, more than 512 MiB; the largest file is bin/huge with 513 MiB'),
    );
  });

  it.each([
    [{ release: '1.0/2' }, 'release: got "1.0/2"'],
    [{ release: '-rf' }, 'release: got "-rf"'],
    [{ commit: 'main' }, 'commit: got "main"'],
  ])('inputs that do not parse: %j', async (given, message) => {
    await expect(pack('app', given)).rejects.toMatchObject({
      checked: [expect.stringContaining(message)],
    });
  });

  it('to leave an old manifest beside a new archive', async () => {
    await write('app', files);
    const { output } = await pack('app');
    await rm(join(root, 'app/server.mjs'));
    await expect(pack('app')).rejects.toEqual(refusal('server.mjs: not found'));
    // Nothing was begun, so the old pair stands as it was.
    expect((await readdir(output)).toSorted()).toEqual(['manifest.json', 'release.tar.gz']);
  });

  it('an application without its configuration', async () => {
    await mkdir(join(root, 'app'));
    await expect(pack('app')).rejects.toMatchObject({ reasonCode: 'config-missing' });
  });
});
