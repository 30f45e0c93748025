import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '@gatewright/emulators';
import {
  commandsSent,
  deliver,
  playSideBySide,
  rolloutOf,
  startDelivery,
  startServingStage,
  takeBack,
} from './harness-delivery.ts';
import type { ServingStage } from './harness-delivery.ts';
import { serving } from './harness-hosts.ts';
import { refusal, success, told } from './harness-told.ts';
import { reaches } from './harness-wait.ts';

/** Trouble that AWS makes while 1.1.0 goes to a fleet of one host. */
interface Case {
  readonly name: string;
  readonly version: string;
  readonly faults: readonly Fault[];
  /** The trouble begins when the delivery has looked at the host, so that it strikes the change itself. */
  readonly strikes?: 'apply';
  readonly ends: 'delivered' | 'throttled';
  /** How often SSM was asked to change the host, broken connections included. */
  readonly applies: number;
  readonly mentions: string;
}

const throttled = (operation: string, times: number): Fault => ({
  operation,
  error: 'ThrottlingException',
  times,
});

const cases: readonly Case[] = [
  {
    name: 'SendCommand throttled without an end',
    version: '1.1.1',
    faults: [throttled('SendCommand', 1000)],
    ends: 'throttled',
    applies: 0,
    mentions: 'SendCommand',
  },
  {
    name: 'DescribeInstanceInformation throttled without an end',
    version: '1.1.2',
    faults: [throttled('DescribeInstanceInformation', 1000)],
    ends: 'throttled',
    applies: 0,
    mentions: 'DescribeInstanceInformation',
  },
  {
    name: 'SendCommand throttled for a moment',
    version: '1.1.3',
    faults: [throttled('SendCommand', 2)],
    strikes: 'apply',
    ends: 'delivered',
    applies: 3,
    mentions: '1.1.',
  },
  {
    name: 'ListCommandInvocations throttled for a moment',
    version: '1.1.4',
    faults: [throttled('ListCommandInvocations', 3)],
    strikes: 'apply',
    ends: 'delivered',
    applies: 1,
    mentions: '1.1.',
  },
  {
    name: 'the reply of SendCommand lost',
    version: '1.1.5',
    faults: [{ operation: 'SendCommand', kind: 'lost-reply' }],
    strikes: 'apply',
    ends: 'delivered',
    applies: 1,
    mentions: '1.1.',
  },
  {
    name: 'the request of SendCommand lost',
    version: '1.1.6',
    faults: [{ operation: 'SendCommand', kind: 'lost-request' }],
    strikes: 'apply',
    ends: 'delivered',
    applies: 2,
    mentions: '1.1.',
  },
  {
    name: 'a success that SSM reports as a failure',
    version: '1.1.7',
    faults: [{ kind: 'false-failure', where: { parameters: { Operation: 'apply' } } }],
    ends: 'delivered',
    applies: 1,
    mentions: '1.1.',
  },
  {
    name: 'a result that comes late',
    version: '1.1.8',
    faults: [{ kind: 'late-result', reads: 2, where: { parameters: { Operation: 'apply' } } }],
    ends: 'delivered',
    applies: 1,
    mentions: '1.1.',
  },
];

const played = playSideBySide(
  4,
  cases,
  async (stage, one) => {
    const release = await stage.pack(one.version);
    const before = await stage.look();
    const { value: end, calls } = await stage.calls(async () => {
      const callsBefore = stage.aws.journal().length;
      const step = await startDelivery(stage, release);
      if (one.strikes === 'apply') {
        await reaches(step, 'it looks at the hosts', () => {
          return commandsSent(stage.aws.journal().slice(callsBefore), 'preflight').length > 0;
        });
      }
      for (const fault of one.faults) stage.aws.faults.add(fault);
      const main = await step.ended;
      stage.aws.faults.clear();
      return { ...main, post: await (await main.startPost()).ended };
    });
    const journal = await readFile(join(stage.hosts[0]?.app ?? '', 'journal'), 'utf8');
    return { end, calls, before, journal, sight: await stage.look() };
  },
  { hosts: 1 },
);

const id = (stage: ServingStage, host: number): string => stage.hosts[host]?.id ?? '';
const dying = 'opt/gatewright/orders/shared/dying';

/** The power of a host goes after the switch and before the new release has started; later it has power again. */
async function playHostDeath() {
  // SSM's own timers run ten times as fast; what the scripts do is not hurried.
  const stage = await startServingStage({ aws: { millisecondsPerSecond: 100, invisibleReads: 0 } });
  try {
    const next = await stage.pack('2.0.0', {
      scripts: { start: ': >"$GATEWRIGHT_SHARED_DIR/dying"\nsleep 60' },
      hooks: { start: { command: ['./bin/start'], 'timeout-seconds': 60 } },
    });
    stage.aws.faults.add({ kind: 'host-death', host: id(stage, 0), file: dying });
    const { value: end, calls } = await stage.calls(() => deliver(stage, next));
    const sight = await stage.look();
    await stage.aws.setState(id(stage, 0), 'online');
    await rm(join(stage.hosts[0]?.directory ?? '', dying));
    const inputs = { hosts: end.outputs['touched-hosts'] ?? '', leaving: '2.0.0' };
    const back = await takeBack(stage, { inputs });
    return {
      ids: stage.hosts.map((host) => host.id),
      end,
      calls,
      sight,
      back,
      after: await stage.look(),
    };
  } finally {
    await stage.stop();
  }
}
let hostDeath: ReturnType<typeof playHostDeath>;

beforeAll(async () => {
  hostDeath = playHostDeath();
  hostDeath.catch(() => undefined);
  await played.start();
}, 120_000);
afterAll(async () => {
  await hostDeath.catch(() => undefined);
  await played.stop();
});

describe.each(cases)('$name', (one) => {
  it(`ends as ${one.ends}`, async () => {
    const { end, before, sight } = await played.of(one);
    const expected = one.ends === 'delivered' ? success('delivered') : refusal('throttled');
    expect(told(end)).toEqual(expected);
    expect(end.result.explanation).toContain(one.mentions);
    expect(end.post.exitCode).toBe(0);
    expect(sight).toEqual(one.ends === 'delivered' ? { 'web-1': serving(one.version) } : before);
  });

  it('changes the host once or not at all', async () => {
    const { end, calls, journal } = await played.of(one);
    expect(commandsSent(calls, 'apply', one.version)).toHaveLength(one.applies);
    const begun = journal
      .split('\n')
      .filter((line) => line.includes(' begin ') && line.includes(`target=${one.version}-`));
    expect(begun).toHaveLength(one.ends === 'delivered' ? 1 : 0);
    expect(end.outputs['touched'] ?? '').toMatch(one.ends === 'delivered' ? 'true' : /^(false)?$/u);
  });
});

describe('a host that dies in the middle of the switch', () => {
  it('ends the delivery, which claims nothing of it', async () => {
    const { end, calls, ids } = await hostDeath;
    expect(told(end)).toMatchObject({ exitCode: 1, verdict: 'error', gaps: [] });
    expect(['host-offline', 'host-state-unknown', 'deadline-exceeded']).toContain(
      end.result.reasonCode,
    );
    expect(rolloutOf(end)).toMatchObject({
      touched: [ids[0]],
      untouched: [ids[1]],
      hosts: [
        { id: ids[0], outcome: 'unknown', release: null },
        { id: ids[1], outcome: 'untouched', release: { version: '1.0.0' } },
      ],
    });
    expect(commandsSent(calls, 'apply')).toEqual([[ids[0]]]);
    expect(end.post.exitCode).toBe(0);
  });

  it('is switched but not started, and the other one is as it was', async () => {
    const { sight } = await hostDeath;
    expect(sight).toEqual({
      'web-1': { serves: null, current: '2.0.0', whole: true, strays: [] },
      'web-2': serving('1.0.0'),
    });
  });

  it('goes back when it has power again', async () => {
    const { back, after, ids } = await hostDeath;
    expect(told(back)).toEqual(success('rolled-back'));
    expect(back.outputs['hosts-restored']).toBe(ids[0]);
    expect(after).toEqual({ 'web-1': serving('1.0.0'), 'web-2': serving('1.0.0') });
  });
});
