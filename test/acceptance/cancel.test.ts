import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  commandsSent,
  deliver,
  rolloutOf,
  startDelivery,
  startServingStage,
} from './harness-delivery.ts';
import type { ServingStage } from './harness-delivery.ts';
import { serving } from './harness-hosts.ts';
import { processesIn } from './harness-processes.ts';
import { set } from './harness-policy.ts';
import { cancelStep } from './harness-runner.ts';
import type { ActionEnd, RunningStep, StepEnd } from './harness-runner.ts';
import type { PackedRelease } from './harness-stage.ts';
import { refusal, success, told } from './harness-told.ts';
import { comesTrue, reaches } from './harness-wait.ts';

/** One story, told in order: a delivery is cancelled in the middle of its first wave, and a later one goes on. */
let stage: ServingStage;
let next: PackedRelease;
let callsBefore = 0;

/** An install hook that blocks until the test lets it go. */
const gate = `: >"$GATEWRIGHT_SHARED_DIR/waiting"
until [ -e "$GATEWRIGHT_SHARED_DIR/go" ]; do sleep 0.05; done`;

const gated = (of: ServingStage): Promise<PackedRelease> =>
  of.pack('2.0.0', {
    scripts: { install: gate },
    hooks: { install: { command: ['./bin/install'], 'timeout-seconds': 120 } },
  });

/** A host gives a hook no more time than the policy leaves: this leaves it as much as the hook has. */
const patient = set(['limits', 'host-timeout-seconds'], 300);

/** Another story, played beside: the runner of a delivery dies, and the job is run again. */
async function playDeadRunner() {
  const own = await startServingStage({ hosts: 1 });
  try {
    const release = await gated(own);
    const policyPath = await own.policy(patient);
    const died = await startDelivery(own, release, { policyPath, job: { runId: '9003' } });
    await reaches(died, 'the hook waits', () => existsSync(sharedFile(own, 0, 'waiting')));
    died.signal('SIGKILL');
    await died.ended.catch(() => undefined);
    const other = await deliver(own, release, { job: { runId: '9004' } });
    await writeFile(sharedFile(own, 0, 'go'), '');
    // The host is still at work for the attempt that died; until it ends, it is busy for everybody else.
    const ready = JSON.stringify({ 'web-1': serving('2.0.0') });
    await comesTrue('the host is done', async () => JSON.stringify(await own.look()) === ready);
    const env = { ...(await own.credentials()), GITHUB_RUN_ATTEMPT: '2' };
    const again = await deliver(own, release, { job: { runId: '9003', env } });
    return { other, again, sight: await own.look() };
  } finally {
    await own.stop();
  }
}
let dead: ReturnType<typeof playDeadRunner>;

/** Another story, played beside: the run is cancelled while the first wave bakes, so no host is at work. */
async function playCancelledBake() {
  const own = await startServingStage();
  try {
    const release = await own.pack('1.1.0');
    const strategy = { kind: 'rolling', 'wave-size': 1, 'bake-seconds': 90 };
    const policyPath = await own.policy(set(['strategy'], strategy));
    const before = own.aws.journal().length;
    const step = await startDelivery(own, release, { policyPath });
    await reaches(step, 'the first host serves it', async () => {
      return (await own.look())['web-1']?.serves === '1.1.0';
    });
    await own.aws.settled(own.aws.commandIds().at(-1) ?? '');
    const main = await cancelStep(step);
    const settled = await (await main.startPost()).ended;
    const calls = own.aws.journal().slice(before);
    const ids = own.hosts.map((host) => host.id);
    return { ids, main, settled, calls, sight: await own.look(), locks: locksOf(own) };
  } finally {
    await own.stop();
  }
}
let bake: ReturnType<typeof playCancelledBake>;

beforeAll(async () => {
  dead = playDeadRunner();
  bake = playCancelledBake();
  dead.catch(() => undefined);
  bake.catch(() => undefined);
  stage = await startServingStage();
  next = await gated(stage);
  callsBefore = stage.aws.journal().length;
}, 120_000);
afterAll(async () => {
  await dead.catch(() => undefined);
  await bake.catch(() => undefined);
  await stage.stop();
});

const sharedFile = (of: ServingStage, host: number, file: string): string =>
  join(of.hosts[host]?.app ?? '', 'shared', file);
const shared = (host: number, file: string): string => sharedFile(stage, host, file);
const id = (host: number): string => stage.hosts[host]?.id ?? '';
const locksOf = (of: ServingStage) =>
  Object.entries(of.aws.parameters())
    .filter(([name]) => name.includes('/lock/'))
    .map(([, value]) => JSON.parse(value).state);
const locks = () => locksOf(stage);

let running: RunningStep<ActionEnd>;
let cancelled: ActionEnd;
let post: StepEnd;

it('waits for the hook of the first host', async () => {
  const policyPath = await stage.policy(patient);
  running = await startDelivery(stage, next, { policyPath, job: { runId: '9001' } });
  await reaches(running, 'the hook waits', () => existsSync(shared(0, 'waiting')));
  expect(await stage.look()).toMatchObject({ 'web-1': { serves: '1.0.0' } });
});

it('keeps every other run out', async () => {
  const { value: end, calls } = await stage.calls(() =>
    deliver(stage, next, { job: { runId: '9002' } }),
  );
  expect(told(end)).toEqual(refusal('lock-held'));
  expect(end.result.explanation).toContain('run 9001');
  expect(commandsSent(calls, 'apply')).toEqual([]);
  expect(locks()).toEqual(['released', 'held']);
});

it('ends by itself when it is cancelled, and says what is open', async () => {
  cancelled = await cancelStep(running);
  expect(cancelled.signal).toBeNull();
  expect(told(cancelled)).toEqual(refusal('cancelled'));
  expect(cancelled.outputs).toMatchObject({ touched: 'true', 'touched-hosts': id(0), targets: '' });
  expect(rolloutOf(cancelled)).toMatchObject({
    touched: [id(0)],
    untouched: [id(1)],
    hosts: [
      { id: id(0), outcome: 'unknown' },
      { id: id(1), outcome: 'untouched' },
    ],
  });
  expect(locks()).toEqual(['released', 'held']);
});

it('settles in the post step: waits for the host, reads it, and gives the lock back', async () => {
  const step = await cancelled.startPost();
  await writeFile(shared(0, 'go'), '');
  post = await step.ended;
  expect(post.exitCode).toBe(0);
  expect(post.log).toContain(`${id(0)} was touched by the interrupted run and serves 2.0.0`);
  expect(locks()).toEqual(['released', 'released']);
});

it('gave no host a command after the cancel', () => {
  const calls = stage.aws.journal().slice(callsBefore);
  expect(commandsSent(calls, 'apply')).toEqual([[id(0)]]);
  expect(commandsSent(calls, 'revert')).toEqual([]);
});

it('left both hosts whole, and nothing running', async () => {
  expect(await stage.look()).toEqual({ 'web-1': serving('2.0.0'), 'web-2': serving('1.0.0') });
  expect(await processesIn(join(stage.directory, 'jobs'))).toEqual([]);
});

it('can be delivered anew', async () => {
  await writeFile(shared(1, 'go'), '');
  expect(told(await deliver(stage, next))).toEqual(success('delivered'));
  expect(await stage.look()).toEqual({ 'web-1': serving('2.0.0'), 'web-2': serving('2.0.0') });
});

describe('a runner that dies without a post step', () => {
  it('keeps every other run out', async () => {
    const { other } = await dead;
    expect(told(other)).toEqual(refusal('lock-held'));
    expect(other.result.explanation).toContain('run 9003');
  });

  it('lets the next attempt of its run go on', async () => {
    const { again, sight } = await dead;
    expect(told(again)).toEqual(success('delivered'));
    expect(sight).toEqual({ 'web-1': serving('2.0.0') });
  });
});

describe('a run that is cancelled while a wave bakes', () => {
  it('ends, and begins no other wave', async () => {
    const { main, calls, ids } = await bake;
    expect(told(main)).toEqual(refusal('cancelled'));
    expect(main.signal).toBeNull();
    expect(commandsSent(calls, 'apply')).toEqual([[ids[0]]]);
    expect(main.outputs).toMatchObject({ touched: 'true', 'touched-hosts': ids[0] });
    expect(main.result.remedy).toContain(ids[0]);
  });

  it('says in the post step what the touched host serves, and gives the lock back', async () => {
    const { settled, sight, locks: states } = await bake;
    expect(settled.exitCode).toBe(0);
    expect(settled.log).toContain('1.1.0');
    expect(states).toEqual(['released', 'released']);
    expect(sight).toEqual({ 'web-1': serving('1.1.0'), 'web-2': serving('1.0.0') });
  });
});
