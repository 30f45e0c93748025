import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  commandsSent,
  deliver,
  rollbackOf,
  rolloutOf,
  startServingStage,
  takeBack,
} from './harness-delivery.ts';
import type { DeliveryEnd, ServingStage } from './harness-delivery.ts';
import { recordEvidence } from './harness-evidence.ts';
import { serving } from './harness-hosts.ts';
import { allAtOnce } from './harness-policy.ts';
import { runAction } from './harness-runner.ts';
import type { PackedRelease } from './harness-stage.ts';
import { refusal, success, told } from './harness-told.ts';

/** One story, told in order: a release that starts but answers wrongly, and the ways back from it. */
let stage: ServingStage;
let bad: PackedRelease;
let failed: DeliveryEnd;
let callsBefore = 0;

beforeAll(async () => {
  ways = playRoughWaysBack();
  ways.catch(() => undefined);
  stage = await startServingStage({ hosts: 3 });
  bad = await stage.pack('1.2.0', { overlay: '1.2.0' });
  callsBefore = stage.aws.journal().length;
}, 120_000);
afterAll(async () => {
  await ways.catch(() => undefined);
  await stage.stop();
});

const id = (host: number): string => stage.hosts[host]?.id ?? '';
const fleetOf = (...versions: readonly [string, string, string]) => {
  const [one, two, three] = versions.map((version) => serving(version));
  return { 'web-1': one, 'web-2': two, 'web-3': three };
};

it('fails its checks on the first host, and stops there', async () => {
  failed = await deliver(stage, bad);
  expect(told(failed)).toEqual(refusal('smoke-failed', 'fail'));
  expect(failed.outputs).toMatchObject({ touched: 'true', 'touched-hosts': id(0), waves: '1' });
  expect(rolloutOf(failed)).toMatchObject({
    waves: [{ number: 1, verdict: 'fail' }],
    untouched: [id(1), id(2)],
  });
  expect(await stage.look()).toEqual(fleetOf('1.2.0', '1.0.0', '1.0.0'));
});

let back: DeliveryEnd;

it('fails the smoke test, too, with what was expected and what came', async () => {
  const end = await runAction('smoke-test', await stage.job({ env: {} }), {
    environment: 'staging',
    'policy-path': await stage.policy(),
    'manifest-path': join(bad.directory, 'manifest.json'),
    targets: stage.hosts
      .slice(0, 1)
      .map(({ id: name, url }) => `${name}=${url}`)
      .join('\n'),
  });
  expect(told(end)).toEqual(refusal('smoke-failed', 'fail'));
  expect(end.result.explanation).toContain('orders');
  expect(JSON.stringify(end.result)).toContain('500');
  expect(end.outputs).toMatchObject({ 'checks-total': '2', 'checks-failed': '1' });
});

it('is taken back on the touched hosts, and denied', async () => {
  back = await takeBack(stage, {
    inputs: { hosts: failed.outputs['touched-hosts'] ?? '', leaving: bad.version },
  });
  expect(told(back)).toEqual(success('rolled-back'));
  expect(back.outputs).toMatchObject({
    'to-release': '1.0.0',
    'hosts-restored': id(0),
    denied: 'true',
  });
  expect(rollbackOf(back)).toMatchObject({
    to: { version: '1.0.0' },
    leaving: { version: '1.2.0', digest: bad.digest },
    restored: [id(0)],
  });
  expect(await stage.look()).toEqual(fleetOf('1.0.0', '1.0.0', '1.0.0'));
});

it('is recorded as failed and taken back', async () => {
  const end = await recordEvidence(stage, bad, [failed, back]);
  expect(told(end)).toEqual(refusal('smoke-failed', 'fail'));
  expect(end.outputs['rolled-back']).toBe('true');
});

it('never came to the other hosts', () => {
  const calls = stage.aws.journal().slice(callsBefore);
  expect(commandsSent(calls, 'apply')).toEqual([[id(0)]]);
  expect(commandsSent(calls, 'revert')).toEqual([[id(0)]]);
});

/** Another story, played beside: ways back on which something is missing. */
async function playRoughWaysBack() {
  const own = await startServingStage({ hosts: 3 });
  try {
    const release = await own.pack('1.1.0');
    const policyPath = await own.policy(allAtOnce);
    const forward = await deliver(own, release, { policyPath });
    // The last host goes back first: it has lost the release, and the bucket has lost it as well.
    const kept = `releases/1.0.0-${own.first.digest.slice(0, 12)}`;
    await rm(join(own.hosts[2]?.app ?? '', kept), { recursive: true });
    own.aws.faults.add({ operation: 'HeadObject', error: 'NoSuchKey', statusCode: 404 });
    const lost = { end: await takeBack(own), sight: await own.look() };
    await own.aws.setOnline(own.hosts[1]?.id ?? '', false);
    const partly = { end: await takeBack(own, { policyPath }), sight: await own.look() };
    await own.aws.setOnline(own.hosts[1]?.id ?? '', true);
    const inputs = { to: '1.0.0' };
    const whole = { end: await takeBack(own, { policyPath, inputs }), sight: await own.look() };
    return { ids: own.hosts.map((host) => host.id), forward, lost, partly, whole };
  } finally {
    await own.stop();
  }
}
let ways: ReturnType<typeof playRoughWaysBack>;

describe('a rollback', () => {
  it('changes nothing when the artifact of the earlier release is gone', async () => {
    const { forward, lost, ids } = await ways;
    expect(told(forward)).toEqual(success('delivered'));
    expect(told(lost.end)).toEqual(refusal('rollback-failed'));
    expect(lost.end.result.explanation).toContain(ids[2]);
    expect(lost.end.result.checked.join('\n')).toContain('artifact-missing');
    expect(rollbackOf(lost.end).hosts.find((host) => host.id === ids[2])).toMatchObject({
      outcome: 'not-applied',
      reasonCode: 'artifact-missing',
      release: { version: '1.1.0' },
    });
    expect(lost.sight).toEqual(fleetOf('1.1.0', '1.1.0', '1.1.0'));
  });

  it('goes on without a host that is gone, and says that it is not whole', async () => {
    const { partly, ids } = await ways;
    expect(told(partly.end)).toEqual(refusal('rollback-failed'));
    expect(partly.end.result.explanation).toContain(ids[1]);
    expect(partly.end.outputs['hosts-restored']?.split(',').toSorted()).toEqual([ids[0], ids[2]]);
    expect(partly.sight).toEqual(fleetOf('1.0.0', '1.1.0', '1.0.0'));
  });

  it('is made whole when the host is there again', async () => {
    const { whole, ids } = await ways;
    expect(told(whole.end)).toEqual(success('rolled-back'));
    expect(whole.end.outputs['hosts-restored']).toBe(ids[1]);
    expect(whole.sight).toEqual(fleetOf('1.0.0', '1.0.0', '1.0.0'));
  });
});
