import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import { openEnvironment, readRunState, settleRun } from '@gatewright/aws';
import { readInputs } from '@gatewright/contract';
import { startAws } from '@gatewright/emulators';
import type { AwsEmulator } from '@gatewright/emulators';
import { hostDocument } from '@gatewright/host';
import { fakeContext } from '@gatewright/testing';
import type { FakeContext } from '@gatewright/testing';
import { httpProbe, systemClock } from '@gatewright/verify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { contract as deployContract } from '../../deploy-ssm/src/contract.ts';
import { run as runDeploy } from '../../deploy-ssm/src/run.ts';
import { contract } from './contract.ts';
import { run } from './run.ts';
import { freePort, packApp, policy } from './test-support/packed-app.ts';

const region = 'eu-west-1';
const ids = [1, 2, 3].map((number) => `i-${String(number).padStart(17, '0')}`);

const deployRole = { user: 'deploy', accessKeyId: 'deploy-key', secretAccessKey: 'deploy' };
const installer = { user: 'installer', accessKeyId: 'installer-key', secretAccessKey: 'install' };

/** The policy that the README tells users to give to the deploy role: it must be enough. */
async function documentedPolicy(): Promise<{ actions: string[]; resources: string[] }[]> {
  const readme = await readFile(join(import.meta.dirname, '../../deploy-ssm/README.md'), 'utf8');
  const [, text = ''] = /```json\n([\s\S]*?)\n```/.exec(readme) ?? [];
  return iamPolicy.parse(JSON.parse(text)).Statement.map(({ Action, Resource }) => ({
    actions: [Action].flat(),
    resources: [Resource].flat(),
  }));
}

const texts = z.union([z.string(), z.array(z.string())]);
const iamPolicy = z.object({ Statement: z.array(z.object({ Action: texts, Resource: texts })) });

let workspace: string;
let aws: AwsEmulator;
let ports: number[];

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'gatewright-rollback-'));
  await mkdir(join(workspace, '.github', 'gatewright'), { recursive: true });
  await writeFile(join(workspace, '.github', 'gatewright', 'policy.yml'), policy);
  ports = await Promise.all(ids.map(() => freePort()));
  aws = await startAws({
    region,
    accountId: '111122223333',
    directory: join(workspace, 'hosts'),
    buckets: ['acme-releases'],
    accessKeys: [
      { ...deployRole, policy: await documentedPolicy() },
      { ...installer, policy: [{ actions: ['ssm:CreateDocument'], resources: ['*'] }] },
    ],
    hosts: ids.map((id, index) => ({
      id,
      name: `web-${index + 1}`,
      tags: { App: 'orders', Environment: 'production' },
      conf: `port.orders=${ports[index]}\n`,
      pathPrepend: [dirname(process.execPath)],
    })),
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: deployRole.accessKeyId,
    AWS_SECRET_ACCESS_KEY: deployRole.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const { name, content } = hostDocument();
  const client = new SSMClient({ region, credentials: installer });
  const document = { Name: name, Content: content, DocumentType: 'Command' } as const;
  await client.send(new CreateDocumentCommand({ ...document, DocumentFormat: 'JSON' }));
  client.destroy();
});

afterAll(async () => {
  await aws.stop();
  await rm(workspace, { recursive: true, force: true });
});

function contextOf(runId: string): FakeContext {
  return fakeContext({ run: { workspace, runId }, now: Date.now });
}

function reader(given: Record<string, string>): (name: string) => string {
  const inputs = new Map(Object.entries({ environment: 'production', ...given }));
  return (name) => inputs.get(name) ?? '';
}

const adapters = {
  openEnvironment: (
    place: Parameters<typeof openEnvironment>[0],
    options: Parameters<typeof openEnvironment>[1],
  ) => openEnvironment(place, { ...options, startMilliseconds: 50 }),
  probe: httpProbe(),
  probeClock: systemClock(),
};

async function deploy(
  context: FakeContext,
  version: string,
  quality: 'good' | 'bad' = 'good',
): ReturnType<typeof runDeploy> {
  const digest = await packApp(workspace, version, quality);
  const given = {
    'manifest-path': `release-${version}/manifest.json`,
    'expected-digest': digest,
  };
  return runDeploy(readInputs(deployContract, reader(given)), { context, ...adapters });
}

function rollBack(context: FakeContext, given: Record<string, string>): ReturnType<typeof run> {
  const inputs = readInputs(contract, reader({ app: 'orders', ...given }));
  return run(inputs, { context, ...adapters });
}

/** What the post step of an action does. */
async function post(context: FakeContext): Promise<void> {
  const left = readRunState((key) => context.state.get(key) ?? '');
  if (left === undefined) return;
  const cloud = openEnvironment(left.place);
  await settleRun(left, cloud, context.log, new AbortController().signal);
  cloud.close();
}

async function served(): Promise<string[]> {
  return Promise.all(
    ports.map(async (port) => {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      return answer === undefined
        ? 'nothing'
        : String(Object.values(Object(await answer.json()))[0]);
    }),
  );
}

function ledger(): string[] {
  return Object.entries(aws.parameters())
    .filter(([name]) => name.includes('/ledger/'))
    .map(([, value]) => {
      const { kind, version } = Object(JSON.parse(value));
      return `${String(kind)} ${String(version)}`;
    });
}

describe('deliveries to three hosts that really run a service, one after the other', () => {
  it('goes back to nothing when the very first release is bad', async () => {
    const context = contextOf('1');
    const bad = await deploy(context, '0.9.0', 'bad');
    expect(bad).toMatchObject({ verdict: 'fail', reasonCode: 'smoke-failed' });
    expect(bad.outputs.touchedHosts).toBe(ids[0]);
    const given = { hosts: String(bad.outputs.touchedHosts), leaving: '0.9.0' };
    const back = await rollBack(context, given);
    expect(back).toMatchObject({ verdict: 'pass', reasonCode: 'rolled-back' });
    await post(context);
    expect(await served()).toEqual(['nothing', 'nothing', 'nothing']);
    expect(ledger()).toEqual(['denied 0.9.0']);
  });

  it('delivers two good releases in waves', async () => {
    for (const [runId, version] of [
      ['2', '1.0.0'],
      ['3', '1.1.0'],
    ] as const) {
      const context = contextOf(runId);
      const outcome = await deploy(context, version);
      expect(outcome).toMatchObject({ verdict: 'pass', reasonCode: 'delivered' });
      expect(outcome.outputs.waves).toBe(3);
      await post(context);
      expect(await served()).toEqual([version, version, version]);
    }
  });

  it('takes a bad release back from the touched host only, and denies it', async () => {
    const context = contextOf('4');
    const bad = await deploy(context, '1.2.0', 'bad');
    expect(bad).toMatchObject({ verdict: 'fail', reasonCode: 'smoke-failed' });
    expect(bad.outputs).toMatchObject({ touchedHosts: ids[0], previousRelease: '1.1.0' });
    expect(await served()).toEqual(['1.2.0', '1.1.0', '1.1.0']);
    // Nobody gets in between: the lock is still held for the rollback of the same job.
    const other = await deploy(contextOf('5'), '1.3.0');
    expect(other).toMatchObject({ verdict: 'error', reasonCode: 'lock-held' });

    const given = { hosts: String(bad.outputs.touchedHosts), leaving: '1.2.0' };
    const back = await rollBack(context, given);
    expect(back).toMatchObject({ verdict: 'pass', reasonCode: 'rolled-back' });
    expect(back.outputs).toEqual({ toRelease: '1.1.0', hostsRestored: ids[0], denied: true });
    await post(context);
    expect(await served()).toEqual(['1.1.0', '1.1.0', '1.1.0']);
    expect(ledger().slice(-2)).toEqual(['denied 1.2.0', 'rolled-back 1.1.0']);
  });

  it('brings the whole fleet to a named release, and refuses one that was denied', async () => {
    const context = contextOf('6');
    const back = await rollBack(context, { to: '1.0.0' });
    expect(back).toMatchObject({ verdict: 'pass', reasonCode: 'rolled-back' });
    expect(await served()).toEqual(['1.0.0', '1.0.0', '1.0.0']);
    await post(context);
    const refused = await rollBack(contextOf('7'), { to: '1.2.0' });
    expect(refused).toMatchObject({ verdict: 'fail', reasonCode: 'release-unknown' });
    await post(contextOf('7'));
  });
});
