import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { commandsSent, deliver, rollbackOf, rolloutOf, takeBack } from './harness-delivery.ts';
import type { DeliveryEnd } from './harness-delivery.ts';
import { serving } from './harness-hosts.ts';
import { allAtOnce, set } from './harness-policy.ts';
import { runAction } from './harness-runner.ts';
import type { ActionEnd } from './harness-runner.ts';
import { recordEvidence } from './harness-evidence.ts';
import { startStage } from './harness-stage.ts';
import type { PackedRelease, Stage } from './harness-stage.ts';
import { success, told } from './harness-told.ts';

/** One delivery story, told in order: each test goes on where the one before it ended. */
let stage: Stage;
let rolling: string;
let first: PackedRelease;
let second: PackedRelease;

beforeAll(async () => {
  stage = await startStage({ hosts: 3, aws: { invisibleReads: 1 } });
  rolling = await stage.policy(set(['strategy'], { kind: 'rolling', 'wave-size': 2 }));
});
afterAll(() => stage.stop());

async function smoke(release: PackedRelease, targets: string) {
  return runAction('smoke-test', await stage.job({ env: {} }), {
    environment: 'staging',
    'policy-path': rolling,
    'manifest-path': join(release.directory, 'manifest.json'),
    targets,
  });
}

async function fleet(version: string) {
  expect(await stage.look()).toEqual({
    'web-1': serving(version),
    'web-2': serving(version),
    'web-3': serving(version),
  });
}

const ids = (): string => stage.hosts.map(({ id }) => id).join(',');
const targets = (): string => stage.hosts.map(({ id, url }) => `${id}=${url}`).join('\n');

it('packs two releases of the sample as it is', async () => {
  first = await stage.packPlain('1.0.0');
  second = await stage.packPlain('1.1.0', { overlay: '1.1.0' });
  expect(told(first.packaged)).toEqual(success('packaged'));
  expect(first.digest).not.toBe(second.digest);
});

let protection: ActionEnd;

it('finds the environment protected', async () => {
  protection = await runAction('protect-environment', await stage.job({ env: {} }), {
    environment: 'staging',
    'policy-path': rolling,
  });
  expect(told(protection)).toEqual(success('environment-protected'));
});

it('briefs the reviewers', async () => {
  const end = await runAction('plan-delivery', await stage.job({ env: {} }), {
    environment: 'staging',
    'policy-path': rolling,
    'manifest-path': join(first.directory, 'manifest.json'),
    'artifact-path': join(first.directory, 'release.tar.gz'),
  });
  expect(told(end)).toEqual(success('planned'));
  expect(end.outputs['digest']).toBe(first.digest);
  expect(end.summary).toContain('1.0.0');
});

it('brings the first release to a fresh fleet, all at once', async () => {
  const end = await deliver(stage, first, { policyPath: await stage.policy(allAtOnce) });
  expect(told(end)).toEqual(success('delivered'));
  expect(end.outputs).toMatchObject({
    app: 'orders',
    release: '1.0.0',
    'previous-release': '',
    touched: 'true',
    'touched-hosts': ids(),
    targets: targets(),
    waves: '1',
    'hosts-total': '3',
    generation: '1',
  });
  expect(end.post.exitCode).toBe(0);
  await fleet('1.0.0');
});

it('proves it by the smoke test', async () => {
  const end = await smoke(first, targets());
  expect(told(end)).toEqual(success('verified'));
  expect(end.outputs).toMatchObject({ 'checks-total': '6', 'checks-failed': '0' });
});

let rollout: DeliveryEnd;

it('brings the next release in waves', async () => {
  rollout = await deliver(stage, second, { policyPath: rolling });
  expect(told(rollout)).toEqual(success('delivered'));
  expect(rollout.outputs).toMatchObject({
    release: '1.1.0',
    'previous-release': '1.0.0',
    'touched-hosts': ids(),
    waves: '2',
  });
  expect(rolloutOf(rollout)).toMatchObject({
    release: { version: '1.1.0', digest: second.digest },
    previousRelease: { version: '1.0.0', digest: first.digest },
    waves: [1, 2].map((number) => ({ number, verdict: 'pass' })),
    untouched: [],
    hosts: stage.hosts.map(({ id, name }) => ({ id, name, outcome: 'applied' })),
    generation: 2,
  });
  await fleet('1.1.0');
});

it('shows the rollout in its summary', () => {
  const { summary, log } = rollout;
  expect(summary).toContain('2 of 2 begun, 2 good');
  for (const { id } of stage.hosts) {
    expect(summary).toContain(id);
    expect(log).toContain(id);
  }
});

it('changed two hosts and then the third', () => {
  const [one, two, three] = stage.hosts.map(({ id }) => id);
  expect(commandsSent(stage.aws.journal(), 'apply', '1.1.0')).toEqual([[one, two], [three]]);
});

let proof: ActionEnd;

it('proves the next release by the smoke test', async () => {
  proof = await smoke(second, rollout.outputs['targets'] ?? '');
  expect(told(proof)).toEqual(success('verified'));
});

it('records it as delivered', async () => {
  const end = await recordEvidence(stage, second, [protection, rollout, proof]);
  expect(told(end)).toEqual(success('delivered'));
  expect(end.outputs['rolled-back']).toBe('false');
});

it('goes back to the previous release', async () => {
  const end = await takeBack(stage, { policyPath: rolling });
  expect(told(end)).toEqual(success('rolled-back'));
  expect(end.outputs['to-release']).toBe('1.0.0');
  expect(end.outputs['hosts-restored']?.split(',').toSorted()).toEqual(ids().split(','));
  expect(rollbackOf(end)).toMatchObject({
    to: { version: '1.0.0', digest: first.digest },
    leaving: { version: '1.1.0', digest: second.digest },
    denied: false,
  });
  await fleet('1.0.0');
});

it('leaves the lock free and every outcome in the ledger', () => {
  const parameters = Object.entries(stage.aws.parameters());
  const values = (kind: string) =>
    parameters
      .filter(([name]) => name.startsWith(`/gatewright/orders/staging/${kind}/`))
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([, value]) => JSON.parse(value));
  expect(values('lock').map(({ state }) => state)).toEqual(['released', 'released', 'released']);
  expect(values('ledger').map(({ kind, version }) => `${kind} ${version}`)).toEqual([
    'verified 1.0.0',
    'verified 1.1.0',
    'rolled-back 1.0.0',
  ]);
});
