import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  commandsSent,
  deliver,
  rolloutOf,
  startDelivery,
  startServingStage,
} from './harness-delivery.ts';
import type { ServingStage } from './harness-delivery.ts';
import { appears, serving } from './harness-hosts.ts';
import { processesIn } from './harness-processes.ts';
import { cancelStep } from './harness-runner.ts';
import type { ActionEnd, RunningStep, StepEnd } from './harness-runner.ts';
import type { PackedRelease } from './harness-stage.ts';
import { refusal, success, told } from './harness-told.ts';

/** One story, told in order: a delivery is cancelled in the middle of its first wave, and a later one goes on. */
let stage: ServingStage;
let next: PackedRelease;
let callsBefore = 0;

/** An install hook that blocks until the test lets it go. */
const gate = `: >"$GATEWRIGHT_SHARED_DIR/waiting"
until [ -e "$GATEWRIGHT_SHARED_DIR/go" ]; do sleep 0.05; done`;

beforeAll(async () => {
  stage = await startServingStage();
  next = await stage.pack('2.0.0', {
    scripts: { install: gate },
    hooks: { install: { command: ['./bin/install'], 'timeout-seconds': 60 } },
  });
  callsBefore = stage.aws.journal().length;
}, 60_000);
afterAll(() => stage.stop());

const shared = (host: number, file: string): string =>
  join(stage.hosts[host]?.app ?? '', 'shared', file);
const id = (host: number): string => stage.hosts[host]?.id ?? '';
/** Resolves when a host serves a release, and the host program has ended. */
async function serves(host: number, version: string): Promise<void> {
  const wanted = JSON.stringify(serving(version));
  for (;;) {
    const sight = await stage.look();
    if (JSON.stringify(sight[stage.hosts[host]?.name ?? '']) === wanted) return;
  }
}
const locks = () =>
  Object.entries(stage.aws.parameters())
    .filter(([name]) => name.includes('/lock/'))
    .map(([, value]) => JSON.parse(value).state);

let running: RunningStep<ActionEnd>;
let cancelled: ActionEnd;
let post: StepEnd;

it('waits for the hook of the first host', async () => {
  running = await startDelivery(stage, next, { job: { runId: '9001' } });
  await appears(shared(0, 'waiting'));
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
  expect(post.log).toContain(id(0));
  expect(post.log).toContain('2.0.0');
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

it('goes on in its next attempt when the runner died without a post step', async () => {
  const third = await stage.pack('3.0.0', {
    scripts: { install: gate.replaceAll('/waiting', '/waiting-3').replaceAll('/go', '/go-3') },
    hooks: { install: { command: ['./bin/install'], 'timeout-seconds': 60 } },
  });
  const died = await startDelivery(stage, third, { job: { runId: '9003' } });
  await appears(shared(0, 'waiting-3'));
  died.signal('SIGKILL');
  await expect(died.ended).rejects.toThrow('left no result');
  expect(told(await deliver(stage, third))).toEqual(refusal('lock-held'));
  await writeFile(shared(0, 'go-3'), '');
  await writeFile(shared(1, 'go-3'), '');
  // The host is still at work for the attempt that died; until it ends, it is busy for everybody else.
  await serves(0, '3.0.0');
  const env = { ...(await stage.credentials()), GITHUB_RUN_ATTEMPT: '2' };
  const again = await deliver(stage, third, { job: { runId: '9003', env } });
  expect(told(again)).toEqual(success('delivered'));
  expect(await stage.look()).toEqual({ 'web-1': serving('3.0.0'), 'web-2': serving('3.0.0') });
});
