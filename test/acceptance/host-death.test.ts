import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  commandsSent,
  deliver,
  rolloutOf,
  startServingStage,
  takeBack,
} from './harness-delivery.ts';
import type { DeliveryEnd, ServingStage } from './harness-delivery.ts';
import { serving } from './harness-hosts.ts';
import { success, told } from './harness-told.ts';

/** One story, told in order: the power of a host goes after the switch and before the new release has started. */
let stage: ServingStage;
let end: DeliveryEnd;

/** SSM's own timers run ten times as fast; what the scripts do is not hurried. */
const hurried = { millisecondsPerSecond: 100, invisibleReads: 0 };

beforeAll(async () => {
  stage = await startServingStage({ aws: hurried });
}, 60_000);
afterAll(() => stage.stop());

const id = (host: number): string => stage.hosts[host]?.id ?? '';
const dying = 'opt/gatewright/orders/shared/dying';

it('ends, and claims nothing of the host that fell silent', async () => {
  const next = await stage.pack('2.0.0', {
    scripts: { start: ': >"$GATEWRIGHT_SHARED_DIR/dying"\nsleep 60' },
    hooks: { start: { command: ['./bin/start'], 'timeout-seconds': 60 } },
  });
  stage.aws.faults.add({ kind: 'host-death', host: id(0), file: dying });
  const { value, calls } = await stage.calls(() => deliver(stage, next));
  end = value;
  expect(told(end)).toMatchObject({ exitCode: 1, verdict: 'error', gaps: [] });
  expect(['host-offline', 'host-state-unknown', 'deadline-exceeded']).toContain(
    end.result.reasonCode,
  );
  expect(rolloutOf(end)).toMatchObject({
    touched: [id(0)],
    untouched: [id(1)],
    hosts: [
      { id: id(0), outcome: 'unknown', release: null },
      { id: id(1), outcome: 'untouched', release: { version: '1.0.0' } },
    ],
  });
  expect(commandsSent(calls, 'apply')).toEqual([[id(0)]]);
  expect(end.post.exitCode).toBe(0);
});

it('left the host switched but not started, and the other one as it was', async () => {
  expect(await stage.look()).toEqual({
    'web-1': { serves: null, current: '2.0.0', whole: true, strays: [] },
    'web-2': serving('1.0.0'),
  });
});

it('brings the host back when it has power again', async () => {
  await stage.aws.setState(id(0), 'online');
  await rm(join(stage.hosts[0]?.directory ?? '', dying));
  const back = await takeBack(stage, {
    inputs: { hosts: end.outputs['touched-hosts'] ?? '', leaving: '2.0.0' },
  });
  expect(told(back)).toEqual(success('rolled-back'));
  expect(back.outputs['hosts-restored']).toBe(id(0));
  expect(await stage.look()).toEqual({ 'web-1': serving('1.0.0'), 'web-2': serving('1.0.0') });
});
