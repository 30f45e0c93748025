import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readInputs } from '@gatewright/contract';
import { ServiceError } from '@gatewright/verdict';
import { fakeClock, fakeContext } from '@gatewright/testing';
import type { FakeContext } from '@gatewright/testing';
import type { Probe } from '@gatewright/verify';

import { contract } from './contract.ts';
import { run } from './run.ts';
import { fakeCloud, instance } from './test-support/fake-cloud.ts';
import type { FakeCloud } from './test-support/fake-cloud.ts';
import { makeWorkspace } from './test-support/workspace.ts';
import type { Workspace } from './test-support/workspace.ts';

let workspace: Workspace;
let cloud: FakeCloud;
let context: FakeContext;

beforeEach(async () => {
  workspace = await makeWorkspace();
  cloud = fakeCloud();
  context = fakeContext({ run: { workspace: workspace.path } });
});

afterEach(async () => {
  await workspace.remove();
});

const timings = { dnsMs: null, connectMs: null, firstByteMs: null, totalMs: 1 };

/** Every host answers with this release. */
function serving(release: string): Probe {
  return () =>
    Promise.resolve({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ release }),
      bodyTruncated: false,
      timings,
    });
}

function deploy(given: Record<string, string> = {}, release = '1.1.0'): ReturnType<typeof run> {
  const raw = { environment: 'staging', 'expected-digest': workspace.digest, ...given };
  const inputs = readInputs(
    contract,
    (name) => Object.entries(raw).find(([key]) => key === name)?.[1] ?? '',
  );
  const { open: openEnvironment } = cloud;
  return run(inputs, {
    context,
    openEnvironment,
    probe: serving(release),
    probeClock: fakeClock(),
  });
}

describe('a good delivery', () => {
  it('checks the document, stores the artifact, changes the hosts and tells everything', async () => {
    const outcome = await deploy();
    expect(outcome).toMatchObject({ verdict: 'pass', reasonCode: 'delivered' });
    expect(outcome.outputs).toEqual({
      app: 'orders',
      release: '1.1.0',
      previousRelease: '',
      touched: true,
      touchedHosts: 'i-00000000000000001,i-00000000000000002',
      targets: 'i-00000000000000001=http://10.0.0.1:8080\ni-00000000000000002=http://10.0.0.2:8080',
      waves: 2,
      hostsTotal: 2,
      generation: 3,
    });
    expect(cloud.calls).toEqual([
      'verifyDocument',
      'put',
      'discover',
      'acquire',
      'preflight',
      'apply',
      'apply',
      'append verified',
      'close',
    ]);
    expect(context.lines).toContainEqual(
      expect.stringMatching(/Wave 1\/2: host i-00000000000000001 applied/),
    );
    expect(outcome.summary).toContain('| i-00000000000000001 (web-1) | 1 | applied | 1.1.0');
  });

  it('keeps the lock for a rollback in the same job, and its state for the post step', async () => {
    await deploy();
    expect(cloud.calls).not.toContain('release');
    const place: unknown = JSON.parse(context.state.get('place') ?? '');
    expect(place).toMatchObject({
      environment: 'staging',
      owner: 'octo/sample run 4711 job deploy',
      attemptId: '4711.1',
    });
    expect(context.state.get('generation')).toBe('3');
    expect(context.state.get('touched')).toContain('i-00000000000000002');
    expect(context.state.get('ended')).toBe('yes');
  });
});

describe('a delivery that is refused before AWS is asked', () => {
  it('carries code from a fork', async () => {
    context = fakeContext({ run: { workspace: workspace.path, isFork: true } });
    expect(await deploy()).toMatchObject({ verdict: 'fail', reasonCode: 'untrusted-context' });
    expect(cloud.calls).toEqual([]);
  });

  it.each([
    ['other bytes were approved', { 'expected-digest': 'ab'.repeat(32) }, 'digest-mismatch'],
    ['the environment is unknown', { environment: 'moon' }, 'environment-undeclared'],
    ['there is no policy', { 'policy-path': 'nowhere.yml' }, 'policy-missing'],
    ['there is no release', { 'manifest-path': 'nowhere/manifest.json' }, 'config-missing'],
  ])('because %s', async (_, given, reasonCode) => {
    await expect(deploy(given)).rejects.toMatchObject({ reasonCode });
    expect(cloud.calls).toEqual([]);
  });

  it('because the archive is not what the manifest says, or is not there', async () => {
    const archive = join(workspace.path, 'gatewright-release', 'release.tar.gz');
    await writeFile(archive, 'something else');
    await expect(deploy()).rejects.toMatchObject({
      reasonCode: 'digest-mismatch',
      checked: expect.arrayContaining([expect.stringContaining(workspace.digest)]),
    });
    await rm(archive);
    await expect(deploy()).rejects.toMatchObject({ reasonCode: 'artifact-missing' });
    expect(cloud.calls).toEqual([]);
  });
});

describe('a delivery that does not come to its end', () => {
  it('touches nothing when too few hosts can take part', async () => {
    cloud.instances = [instance(1), instance(2, { pingStatus: 'ConnectionLost' })];
    const outcome = await deploy();
    expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'host-offline' });
    expect(outcome.outputs).toMatchObject({ touched: false, hostsTotal: 1 });
    expect(cloud.calls).not.toContain('acquire');
    expect(context.state.size).toBe(0);
  });

  it('names the touched hosts when the first wave does not serve the release', async () => {
    const outcome = await deploy({}, '1.0.0');
    expect(outcome).toMatchObject({ verdict: 'fail', reasonCode: 'converge-timed-out' });
    expect(outcome.outputs).toMatchObject({
      touched: true,
      touchedHosts: 'i-00000000000000001',
      waves: 1,
    });
    expect(outcome.remedy).toContain('rollback-ssm');
  });

  it('shows the log of a host whose hook failed, shielded, and harmless in the summary', async () => {
    cloud.answer = (operation) =>
      operation.kind === 'apply'
        ? {
            outcome: 'restored',
            reasonCode: 'hook-failed',
            detail: 'start ended with 3 | <img src=x>',
            log: '::error::not ours',
          }
        : {};
    const outcome = await deploy();
    expect(outcome).toMatchObject({ verdict: 'fail', reasonCode: 'hook-failed' });
    expect(context.lines).toContain('untrusted: Log of i-00000000000000001\n::error::not ours');
    expect(outcome.summary).not.toContain('<img');
    expect(outcome.summary).toContain(String.raw`start ended with 3 \|`);
  });

  it('leaves the state open for the post step when it is cancelled', async () => {
    cloud.answer = (operation) => {
      if (operation.kind === 'apply') context.abort();
      return {};
    };
    const outcome = await deploy();
    expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'cancelled' });
    expect(context.state.has('ended')).toBe(false);
    expect(context.state.get('commands')).toContain('c-wave-1');
  });

  it('closes its connections also when AWS fails', async () => {
    cloud.answer = () => {
      throw new ServiceError('throttled', 'SendCommand was throttled');
    };
    expect(await deploy()).toMatchObject({ reasonCode: 'throttled' });
    expect(cloud.calls.at(-1)).toBe('close');
  });
});
