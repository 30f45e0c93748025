import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readInputs } from '@gatewright/contract';
import { fakeClock, fakeContext } from '@gatewright/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { appName } from './app-name.ts';
import { contract } from './contract.ts';
import { run } from './run.ts';
import { chooseScope } from './scope.ts';
import { policy } from './test-support/packed-app.ts';

let workspace: string;

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'gatewright-rollback-'));
  await mkdir(join(workspace, 'trusted', '.github', 'gatewright'), { recursive: true });
  await writeFile(join(workspace, 'trusted', '.github', 'gatewright', 'policy.yml'), policy);
});

afterEach(async () => {
  await rm(workspace, { recursive: true, force: true });
});

const policyPath = 'trusted/.github/gatewright/policy.yml';

function instance(id: string, pingStatus = 'Online'): Parameters<typeof chooseScope>[0][number] {
  return { id, name: id, ipAddress: '10.0.0.1', pingStatus, platform: 'Linux', agentVersion: '3' };
}

describe('the scope of a rollback', () => {
  const fleet = [instance('i-a'), instance('i-b', 'ConnectionLost'), instance('i-c')];

  it('is the whole fleet, of which nobody is forgotten', () => {
    const scope = chooseScope(fleet, undefined);
    expect(scope.hosts.map((host) => host.id)).toEqual(['i-a', 'i-c']);
    expect(scope.unreachable).toMatchObject([{ id: 'i-b', reasonCode: 'host-offline' }]);
  });

  it('is the named hosts, of which an unknown one is told, and none is taken that the policy does not mean', () => {
    const scope = chooseScope(fleet, ['i-c', 'i-gone', 'i-gone']);
    expect(scope.hosts.map((host) => host.id)).toEqual(['i-c']);
    expect(scope.unreachable.map((host) => host.id)).toEqual(['i-gone']);
  });
});

describe('the application', () => {
  it('is the given one, or that of the gatewright.yml beside the policy', async () => {
    expect(await appName(workspace, { app: 'orders', policyPath })).toBe('orders');
    const config = [
      'version: 1',
      'app: shop',
      'package: { include: [server.mjs] }',
      'service: { port: 8080 }',
      'hooks:',
      '  start: { command: [./start], timeout-seconds: 5 }',
      '  health: { command: [./health], timeout-seconds: 5 }',
      'verify:',
      '  release: { path: /healthz, json-path: $.release }',
      '  checks: [{ name: healthz, path: /healthz }]',
    ];
    await writeFile(join(workspace, 'trusted', 'gatewright.yml'), config.join('\n'));
    expect(await appName(workspace, { app: undefined, policyPath })).toBe('shop');
  });

  it('is asked for when nobody tells it', async () => {
    await expect(appName(workspace, { app: undefined, policyPath })).rejects.toMatchObject({
      reasonCode: 'config-missing',
      remedy: expect.stringContaining('input app'),
    });
  });
});

describe('a rollback that is refused before AWS is asked', () => {
  it('comes from a fork', async () => {
    expect(await refused({ environment: 'production' }, true)).toMatchObject({
      verdict: 'fail',
      reasonCode: 'untrusted-context',
    });
  });

  it('names an environment that the policy does not declare', async () => {
    await expect(refused({ environment: 'moon' })).rejects.toMatchObject({
      reasonCode: 'environment-undeclared',
    });
  });

  it.each([
    ['hosts', 'i-0123; rm -rf /'],
    ['to', '../up'],
    ['app', 'Orders'],
  ])('has a bad input %s', async (name, value) => {
    await expect(refused({ environment: 'production', [name]: value })).rejects.toMatchObject({
      reasonCode: 'input-invalid',
    });
  });
});

function never(): never {
  throw new Error('AWS was asked');
}

async function refused(given: Record<string, string>, isFork = false): ReturnType<typeof run> {
  const raw = new Map(Object.entries({ app: 'orders', 'policy-path': policyPath, ...given }));
  const inputs = readInputs(contract, (name) => raw.get(name) ?? '');
  const context = fakeContext({ run: { workspace, isFork } });
  const probe = never;
  return run(inputs, { context, openEnvironment: never, probe, probeClock: fakeClock() });
}
