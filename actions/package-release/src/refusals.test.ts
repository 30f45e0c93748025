import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { config, files, useWorkspace } from './test-support/workspace.ts';
import type { Files } from './test-support/workspace.ts';

const { at, write, pack } = useWorkspace();

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
    await symlink('..', at('app/bin/sub/up'));
    await symlink(target, at('app/bin/loop'));
    const refused = refusal('');
    await expect(pack('app')).rejects.toEqual(refused);
    await expect(pack('app')).rejects.toThrow(`bin/loop: ${why}`);
  });

  it('a place behind a symbolic link', async () => {
    await write('app', including('bin', 'link/secret'));
    await write('elsewhere', { secret: 'x' });
    await symlink('../elsewhere', at('app/link'));
    await expect(pack('app')).rejects.toEqual(refusal('link/secret: lies behind a symbolic link'));
  });

  it('pipes, and names with control characters', async () => {
    await write('app', { ...files, 'bin/two\nlines': 'x' });
    execFileSync('mkfifo', [at('app/bin/pipe')]);
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
    await writeFile(at('app/bin/huge'), '');
    await truncate(at('app/bin/huge'), 513 * 1024 * 1024);
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
    await rm(at('app/server.mjs'));
    await expect(pack('app')).rejects.toEqual(refusal('server.mjs: not found'));
    // Nothing was begun, so the old pair stands as it was.
    expect((await readdir(output)).toSorted()).toEqual(['manifest.json', 'release.tar.gz']);
  });

  it('an application without its configuration', async () => {
    await mkdir(at('app'));
    await expect(pack('app')).rejects.toMatchObject({ reasonCode: 'config-missing' });
  });
});
