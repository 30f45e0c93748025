import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CallRecord } from '@gatewright/emulators';
import { contract as deploySsm } from '../../actions/deploy-ssm/src/contract.ts';
import { contract as packageRelease } from '../../actions/package-release/src/contract.ts';
import { contract as planDelivery } from '../../actions/plan-delivery/src/contract.ts';
import { contract as protectEnvironment } from '../../actions/protect-environment/src/contract.ts';
import { contract as recordEvidence } from '../../actions/record-evidence/src/contract.ts';
import { contract as rollbackSsm } from '../../actions/rollback-ssm/src/contract.ts';
import { contract as smokeTest } from '../../actions/smoke-test/src/contract.ts';
import { commandsSent, deliver, startDelivery, takeBack } from './harness-delivery.ts';
import { documentedStatements } from './harness-role.ts';
import { cancelStep } from './harness-runner.ts';
import { startStage } from './harness-stage.ts';
import type { PackedRelease, Stage } from './harness-stage.ts';
import { refusal, success, told } from './harness-told.ts';
import { reaches } from './harness-wait.ts';

/**
 * What the contracts and the README tell DevOps to allow is what the bundles call, no more and no less. First comes what is
 * needed when all goes well; the trouble that makes the other calls is made after it.
 */
let stage: Stage;
let first: PackedRelease;
const called = { 'deploy-ssm': new Set<string>(), 'rollback-ssm': new Set<string>() };

/** No test can make it: a host prints its envelope first, and SSM lists more characters than an envelope can have. */
const untried = ['ssm:GetCommandInvocation'];

beforeAll(async () => {
  stage = await startStage({ hosts: 1 });
  first = await stage.pack('1.0.0');
});
afterAll(() => stage.stop());

/** The IAM action of a call; the API and IAM differ in one place. */
function iamAction({ service, operation }: CallRecord): string {
  return `${service}:${operation === 'HeadObject' ? 'GetObject' : operation}`;
}

async function collect<T>(action: keyof typeof called, act: () => Promise<T>): Promise<T> {
  await stage.credentials();
  const { value, calls } = await stage.calls(act);
  for (const call of calls) called[action].add(iamAction(call));
  return value;
}

it('is enough when all goes well', async () => {
  const next = await stage.pack('1.1.0');
  // Twice the same, so that the artifact is there already.
  for (const release of [first, first, next]) {
    const end = await collect('deploy-ssm', () => deliver(stage, release));
    expect(told(end)).toEqual(success('delivered'));
  }
  expect(told(await collect('rollback-ssm', () => takeBack(stage)))).toEqual(
    success('rolled-back'),
  );
});

it('is enough after a lost reply', async () => {
  for (const [action, run] of [
    ['deploy-ssm', () => deliver(stage, first)],
    ['rollback-ssm', () => takeBack(stage, { inputs: { to: '1.0.0' } })],
  ] as const) {
    stage.aws.faults.add({ operation: 'SendCommand', kind: 'lost-reply' });
    const end = await collect(action, run);
    expect(end.exitCode).toBe(0);
  }
});

it('is enough to take back a command that no host has begun', async () => {
  const [host] = stage.hosts;
  await stage.aws.setState(host?.id ?? '', 'silent');
  const end = await collect('deploy-ssm', async () => {
    const before = stage.aws.journal().length;
    const step = await startDelivery(stage, first);
    await reaches(step, 'it looks at the hosts', () => {
      return commandsSent(stage.aws.journal().slice(before), 'preflight').length > 0;
    });
    const main = await cancelStep(step);
    return { ...main, post: await (await main.startPost()).ended };
  });
  await stage.aws.setState(host?.id ?? '', 'online');
  expect(told(end)).toEqual(refusal('cancelled'));
  expect(end.outputs['touched']).toBe('false');
  expect(end.post.exitCode).toBe(0);
  // The way back has the same code for it.
  called['rollback-ssm'].add('ssm:CancelCommand');
});

it.each([
  ['deploy-ssm', deploySsm.aws],
  ['rollback-ssm', rollbackSsm.aws],
] as const)('is what the contract of %s says', (action, declared) => {
  expect([...called[action], ...untried].toSorted()).toEqual([...(declared ?? [])].toSorted());
});

it('is nothing for every other action', () => {
  const others = [packageRelease, planDelivery, protectEnvironment, recordEvidence, smokeTest];
  for (const contract of others) expect(contract).not.toHaveProperty('aws');
});

it('is what the README of deploy-ssm says', () => {
  const documented = documentedStatements('staging').flatMap(({ actions }) => actions);
  expect([...new Set(documented)].toSorted()).toEqual([...(deploySsm.aws ?? [])].toSorted());
});
