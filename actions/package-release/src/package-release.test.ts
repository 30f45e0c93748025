import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { loadReleaseManifest } from '@gatewright/config';
import { commit, config, files, useWorkspace } from './test-support/workspace.ts';
import type { Files } from './test-support/workspace.ts';

const { at, context: newContext, write, pack } = useWorkspace();

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
    await mkdir(at('host'));
    tar('-xzf', join(output, 'release.tar.gz'), '-C', at('host'));
    const read = (name: string): Promise<string> => readFile(at(`host/${name}`), 'utf8');
    expect(await read('.gatewright/release')).toBe(
      `app=sample\nversion=1.2.3\ncommit=${commit}\nport=8080\n`,
    );
    expect(await read('.gatewright/hooks/health.timeout')).toBe('7\n');
    expect(await read('bin/sub/note.txt')).toBe('note\n');
  });

  it('gives the same bytes for the same files, whatever the place, the times and the umask', async () => {
    await write('first', files);
    await write('second', Object.fromEntries(Object.entries(files).toReversed()), 0o700);
    await chmod(at('second/server.mjs'), 0o600);
    await chmod(at('second/bin'), 0o700);
    await utimes(at('second/server.mjs'), 1, 1);
    const first = await pack('first');
    const second = await pack('second');
    expect(second.outcome.outputs.digest).toBe(first.outcome.outputs.digest);
    await writeFile(at('second/server.mjs'), 'console.log(2);\n');
    expect((await pack('second')).outcome.outputs.digest).not.toBe(first.outcome.outputs.digest);
  });

  it('has a header without name, time and operating system', async () => {
    await write('app', files);
    const { output } = await pack('app');
    const bytes = await readFile(join(output, 'release.tar.gz'));
    expect(bytes.subarray(0, 10).toString('hex')).toBe('1f8b08000000000002ff');
  });

  it('has a known tar inside, so that a change of the format does not go unseen', async () => {
    await write('app', files);
    const { output } = await pack('app');
    const inside = gunzipSync(await readFile(join(output, 'release.tar.gz')));
    expect(createHash('sha256').update(inside).digest('hex')).toBe(
      '62f19fdb6c92566ef7960badb33de894ad43da4bffe3367342cb3f582f423c18',
    );
  });

  it('packs what compresses and what does not, over many chunks', async () => {
    const text = Array.from({ length: 40_000 }, (_, n) => `line ${n} of a log file\n`).join('');
    // A linear congruential generator: the same bytes in every run, and nothing to compress.
    let seed = 1;
    const noise = Buffer.from(
      Array.from(
        { length: 700_001 },
        () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 24,
      ),
    );
    await write('app', { ...files, 'bin/text': text });
    await writeFile(at('app/bin/noise'), noise);
    const { output, outcome } = await pack('app');
    expect(outcome.outputs.bytes).toBeLessThan(noise.length + text.length / 4);
    const host = at('host');
    await mkdir(host);
    tar('-xzf', join(output, 'release.tar.gz'), '-C', host);
    expect(await readFile(join(host, 'bin/text'), 'utf8')).toBe(text);
    expect(noise.equals(await readFile(join(host, 'bin/noise')))).toBe(true);
  });

  it('leaves nothing behind when it is cancelled while it packs', async () => {
    await write('app', files);
    const context = newContext();
    const log = { ...context.log, info: () => context.abort() };
    await expect(pack('app', {}, { ...context, log })).rejects.toThrow('Received SIGINT.');
    expect(await readdir(at('out-app'))).toEqual([]);
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
    const host = at('host');
    await mkdir(host);
    tar('-xzf', join(output, 'release.tar.gz'), '-C', host);
    execFileSync('sh', ['.gatewright/hooks/start'], { cwd: host });
    expect(JSON.parse(await readFile(join(host, 'seen.json'), 'utf8'))).toEqual(hostile);
  });

  it('keeps long names, names beyond ASCII, and links within the release', async () => {
    const long = `bin/${'deep/'.repeat(30)}${'n'.repeat(120)}.txt`;
    await write('app', { ...files, [long]: 'long\n', 'bin/grüße 日本.txt': 'hello\n' });
    await symlink('../server.mjs', at('app/bin/server'));
    const { output } = await pack('app');
    const host = at('host');
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
    await expect(readdir(at('out-app'))).rejects.toThrow('ENOENT');
  });

  it('that is cancelled ends the action', async () => {
    await write('app', building('sh', '-c', 'echo up; exec sleep 600'));
    const context = newContext();
    const log = { ...context.log, info: () => context.abort() };
    await expect(pack('app', {}, { ...context, log })).rejects.toThrow('Received SIGINT.');
  });
});
