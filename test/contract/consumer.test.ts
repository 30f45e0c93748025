import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  checkTogether,
  environmentPolicy,
  hookNames,
  loadAppConfig,
  loadPolicy,
} from '@gatewright/config';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const consumer = join(import.meta.dirname, '../consumer');
const read = (path: string) => readFile(join(consumer, path), 'utf8');

describe('the configuration of the sample application', () => {
  it('has a gatewright.yml whose files and hooks exist', async () => {
    const config = loadAppConfig(await read('gatewright.yml'), 'gatewright.yml');
    expect(config.verify.checks.map(({ name }) => name)).toEqual(['healthz', 'orders']);
    for (const path of config.package.include) await stat(join(consumer, path));
    for (const name of hookNames) {
      const program = config.hooks[name]?.command[0];
      if (program === undefined) continue;
      expect((await stat(join(consumer, program))).mode & 0o111).toBe(0o111);
    }
  });

  it('has a policy with an open staging and a guarded production', async () => {
    const policy = loadPolicy(await read('.github/gatewright/policy.yml'), 'policy.yml');
    expect(environmentPolicy(policy, 'staging')).toMatchObject({
      targets: { minimumHosts: 3 },
      strategy: { kind: 'all-at-once' },
    });
    expect(environmentPolicy(policy, 'production')).toMatchObject({
      targets: { minimumHosts: 6 },
      strategy: { kind: 'rolling', waveSize: 2 },
      protection: { reviewers: [{ kind: 'user', name: 'octo-reviewer' }], preventSelfReview: true },
    });
  });

  it('gives a host time for the hooks and the way back', async () => {
    const config = loadAppConfig(await read('gatewright.yml'), 'gatewright.yml');
    const policy = loadPolicy(await read('.github/gatewright/policy.yml'), 'policy.yml');
    for (const environment of Object.values(policy.environments)) {
      expect(checkTogether(config, environment)).toEqual([]);
    }
  });

  it.each(['gates', 'deploy', 'rollback'])('calls %s in about ten lines', async (name) => {
    const caller = await read(`.github/workflows/${name}.yml`);
    expect(caller).toContain(`uses: OWNER/gatewright/.github/workflows/${name}.yml@v1\n`);
    const calls = caller.match(/^ +uses:/gm)?.length ?? 0;
    expect(caller.trim().split('\n').length).toBeLessThanOrEqual(calls * 13);
  });
});

describe('the hooks of the sample application', () => {
  let root: string;
  let port: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gatewright-consumer-'));
    await mkdir(join(root, 'shared'));
    port = await freePort();
  });
  afterEach(async () => {
    await hook('stop', '1.0.0');
    await rm(root, { recursive: true, force: true });
  });

  /** Lays out the release as a host would, with the file that Gatewright packs. */
  async function install(version: string, overlays: readonly string[]): Promise<void> {
    const directory = join(root, version);
    for (const path of ['server.mjs', 'package.json', 'bin', 'src']) {
      await cp(join(consumer, path), join(directory, path), { recursive: true });
    }
    for (const overlay of overlays) {
      await cp(join(consumer, 'releases', overlay), directory, { recursive: true });
    }
    await mkdir(join(directory, '.gatewright'));
    await writeFile(
      join(directory, '.gatewright/release'),
      `app=orders\nversion=${version}\ncommit=0\n`,
    );
  }

  function hook(name: string, version: string): Promise<number> {
    const program = join(consumer, 'bin', name);
    const env = {
      PATH: process.env['PATH'],
      HOME: root,
      GATEWRIGHT_VERSION: version,
      GATEWRIGHT_SHARED_DIR: join(root, 'shared'),
      GATEWRIGHT_PORT: String(port),
    };
    const cwd = name === 'stop' ? root : join(root, version);
    return new Promise((resolve) => {
      const child = execFile(program, [], { cwd, env }, () => resolve(child.exitCode ?? 1));
    });
  }

  /** As a host does: again until it is healthy. */
  async function untilHealthy(version: string): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await hook('health', version)) === 0) return;
    }
    throw new Error(await readFile(join(root, 'shared/orders.log'), 'utf8'));
  }

  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.json() };
  };

  it('start it, tell whether it is the expected release, and stop it', async () => {
    await install('1.0.0', []);
    expect(await hook('start', '1.0.0')).toBe(0);
    await untilHealthy('1.0.0');
    expect(await get('/healthz')).toEqual({
      status: 200,
      body: { status: 'ok', release: '1.0.0' },
    });
    expect(await get('/orders')).toMatchObject({
      status: 200,
      body: { items: [{ id: 1 }, {}, {}] },
    });
    await install('1.1.0', ['1.1.0']);
    expect(await hook('health', '1.1.0')).toBe(1);
    expect(await hook('stop', '1.0.0')).toBe(0);
    await expect(get('/healthz')).rejects.toThrow('fetch failed');
    expect(await hook('stop', '1.0.0')).toBe(0);
  });

  it('find 1.2.0 healthy although its orders are broken', async () => {
    await install('1.2.0', ['1.1.0', '1.2.0']);
    expect(await hook('start', '1.2.0')).toBe(0);
    await untilHealthy('1.2.0');
    expect((await get('/orders')).status).toBe(500);
  });

  it('leave another program alone whose pid stands in a stale file', async () => {
    await writeFile(join(root, 'shared/orders.pid'), `${process.pid}\n`);
    expect(await hook('stop', '1.0.0')).toBe(0);
    await expect(stat(join(root, 'shared/orders.pid'))).rejects.toThrow('ENOENT');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
