import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readAppConfig, readPolicy, readReleaseManifest, readWaivers } from './index.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-config-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const good = `version: 1
app: sample
package: { include: [a] }
service: { port: 1 }
hooks: { start: { command: [a] }, health: { command: [a] } }
verify: { release: { path: /, header: x-release }, checks: [{ name: a, path: / }] }
`;

describe('reading files', () => {
  it('reads gatewright.yml at the root of the application, or where it is told to', async () => {
    await writeFile(join(directory, 'gatewright.yml'), good);
    expect(await readAppConfig(directory)).toMatchObject({ app: 'sample' });
    await writeFile(join(directory, 'other.yml'), `\uFEFF${good.replace('sample', 'other')}`);
    expect(await readAppConfig(directory, 'other.yml')).toMatchObject({ app: 'other' });
    expect(await readAppConfig('/elsewhere', join(directory, 'other.yml'))).toMatchObject({
      app: 'other',
    });
  });

  it('tells an absent file from a bad one', async () => {
    await expect(readAppConfig(directory)).rejects.toMatchObject({
      reasonCode: 'config-missing',
      message: 'gatewright.yml: not found',
    });
    await expect(readPolicy(directory)).rejects.toMatchObject({
      reasonCode: 'policy-missing',
      message: '.github/gatewright/policy.yml: not found',
    });
    await expect(readReleaseManifest(directory)).rejects.toMatchObject({
      reasonCode: 'config-missing',
      message: 'manifest.json: not found',
    });
    await writeFile(join(directory, 'p.yml'), 'version: 1');
    await expect(readPolicy(directory, 'p.yml')).rejects.toMatchObject({
      reasonCode: 'policy-invalid',
      message: 'p.yml:1:1: environments: missing (accepted a mapping)',
    });
  });

  it('takes absent waivers for none, but never unreadable ones', async () => {
    const file = join(directory, 'waivers.yml');
    expect(await readWaivers(file)).toEqual([]);
    await writeFile(file, 'version: 1\nwaivers: []\n');
    expect(await readWaivers(file)).toEqual([]);
    await writeFile(file, '');
    await expect(readWaivers(file, '.github/gatewright/waivers.yml')).rejects.toMatchObject({
      reasonCode: 'waivers-invalid',
      message: '.github/gatewright/waivers.yml:1:1: wrong type (got nothing; accepted a mapping)',
    });
    await expect(readWaivers(directory, 'w.yml')).rejects.toMatchObject({
      reasonCode: 'waivers-invalid',
      message: 'w.yml: not readable (EISDIR)',
    });
  });

  it('refuses what is not a text of a sensible size', async () => {
    await mkdir(join(directory, 'gatewright.yml'));
    await expect(readAppConfig(directory)).rejects.toMatchObject({
      reasonCode: 'config-invalid',
      message: 'gatewright.yml: not readable (EISDIR)',
    });
    await writeFile(join(directory, 'big.yml'), `# ${'x'.repeat(256 * 1024)}\n${good}`);
    await expect(readAppConfig(directory, 'big.yml')).rejects.toMatchObject({
      message: 'big.yml: larger than 256 KiB',
    });
    await expect(readPolicy(directory, '/dev/zero')).rejects.toMatchObject({
      reasonCode: 'policy-invalid',
      message: '/dev/zero: larger than 256 KiB',
    });
    await writeFile(join(directory, 'latin1.yml'), Buffer.from('app: caf\xe9', 'latin1'));
    await expect(readAppConfig(directory, 'latin1.yml')).rejects.toMatchObject({
      message: 'latin1.yml: not UTF-8 text',
    });
  });
});
