import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '@gatewright/delivery';
import { startAws } from '@gatewright/emulators';
import type { AwsEmulator } from '@gatewright/emulators';
import { describe, expect, it } from '@jest/globals';

import { wallClock } from './index.ts';
import { apply, emulate, never, status } from './test-support/emulated.ts';
import type { Emulated, EmulatorChoice } from './test-support/emulated.ts';

async function withWorld(
  options: EmulatorChoice,
  story: (world: Emulated<AwsEmulator>) => Promise<void>,
): Promise<void> {
  const world = await emulate(startAws, 2, options);
  try {
    await story(world);
  } finally {
    await world.stop();
  }
}

/** A hook that says that it has begun, and goes on when it is let. */
function gated(directory: string): { hook: string; begun: string; gate: string } {
  const [begun, gate] = [join(directory, 'begun'), join(directory, 'gate')];
  const wait = `while [ ! -e '${gate}' ]; do sleep 0.05; done`;
  const up = 'echo "$GATEWRIGHT_VERSION" >"$GATEWRIGHT_SHARED_DIR/up"';
  return { hook: `echo x >'${begun}'; ${wait}; ${up}`, begun, gate };
}

async function until(condition: () => boolean): Promise<void> {
  const clock = wallClock();
  while (!condition()) await clock.sleep(10, never());
}

/** Nothing is looked at before the cancel, and after it there is all the time in the world. */
function blindUntil(cancelled: AbortSignal): Clock {
  const clock = wallClock();
  const now = clock.now();
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      clock.sleep(signal === cancelled ? 3_600_000 : milliseconds, signal),
  };
}

describe('a host that does not answer', () => {
  it('is unknown and offline when the command was never delivered', async () => {
    await withWorld({ millisecondsPerSecond: 5 }, async (world) => {
      const release = await world.publish('1.0.0');
      await world.aws.setState(world.hosts[1]?.id ?? '', 'silent');
      const look = { kind: 'preflight', step: 'pre', generation: 1, release } as const;
      const [report] = await world.fleet().run(look, world.hosts.slice(1), never());
      expect(report).toMatchObject({ outcome: 'unknown', reasonCode: 'host-offline' });
      expect(report?.detail).toContain('deliverytimedout');
    });
  });

  it('is never taken for a success after it died in the middle', async () => {
    await withWorld({ millisecondsPerSecond: 5 }, async (world) => {
      const release = await world.publish('1.0.0');
      world.aws.faults.add({
        kind: 'host-death',
        host: world.hosts[0]?.id ?? '',
        where: { parameters: { Operation: 'apply' } },
      });
      const [report] = await world.fleet().run(apply(release), world.hosts.slice(0, 1), never());
      expect(report).toMatchObject({ outcome: 'unknown', current: null });
    });
  });
});

describe('our own deadline', () => {
  it('cancels what is left and lets the host itself say how it ended', async () => {
    await withWorld({}, async (world) => {
      const { hook, begun } = gated(world.aws.hosts[0]?.directory ?? '');
      const release = await world.publish('1.0.0', { start: hook });
      let hurry = 0;
      const clock = { ...wallClock(), now: () => Date.now() + hurry };
      const fleet = world.fleet({ clock, hostTimeoutSeconds: 10 });
      const running = fleet.run(apply(release), world.hosts.slice(0, 1), never());
      await until(() => existsSync(begun));
      hurry = 3_600_000;
      const [report] = await running;
      expect(report).toMatchObject({ outcome: 'unknown', reasonCode: 'host-state-unknown' });
      expect(world.aws.journal().map((call) => call.operation)).toContain('CancelCommand');
    });
  });
});

describe('a cancelled run', () => {
  it('lets a script that has begun come to its end, so that no host is left half switched', async () => {
    await withWorld({}, async (world) => {
      const { hook, begun, gate } = gated(world.aws.hosts[0]?.directory ?? '');
      const release = await world.publish('1.0.0', { start: hook });
      const cancel = new AbortController();
      const fleet = world.fleet({ clock: blindUntil(cancel.signal) });
      const running = fleet.run(apply(release), world.hosts.slice(0, 1), cancel.signal);
      await until(() => existsSync(begun));
      cancel.abort();
      await writeFile(gate, '');
      const [report] = await running;
      expect(report).toMatchObject({ outcome: 'applied', current: { version: '1.0.0' } });
      const calls = world.aws.journal().map((call) => call.operation);
      expect(calls).not.toContain('CancelCommand');
    });
  });

  it('takes back what no agent has begun, and reports it as unknown', async () => {
    await withWorld({}, async (world) => {
      const release = await world.publish('1.0.0');
      await world.aws.setState(world.hosts[0]?.id ?? '', 'silent');
      const cancel = new AbortController();
      const running = world.fleet().run(apply(release), world.hosts.slice(0, 1), cancel.signal);
      await until(() => world.aws.commandIds().length > 0);
      cancel.abort();
      expect(await running).toMatchObject([{ outcome: 'unknown', reasonCode: 'cancelled' }]);
      const calls = world.aws.journal().map((call) => call.operation);
      expect(calls.filter((name) => name === 'CancelCommand')).toHaveLength(1);
      expect(calls.filter((name) => name === 'SendCommand')).toHaveLength(1);
    });
  });
});

describe('a role that lacks rights', () => {
  it('is told the API call and the IAM action', async () => {
    const policy = [{ actions: ['ssm:Create*', 'ssm:List*', 's3:*'], resources: ['*'] }];
    const key = { accessKeyId: 'test', secretAccessKey: 'test', user: 'test', policy };
    await withWorld({ accessKeys: [key] }, async (world) => {
      const failed = world.fleet().run(status, world.hosts, never());
      await expect(failed).rejects.toMatchObject({
        reasonCode: 'access-denied',
        message: expect.stringContaining('SendCommand'),
        remedy: expect.stringContaining('ssm:SendCommand'),
      });
    });
  });

  it('makes hosts unknown, at once, when commands may be sent but not read', async () => {
    const policy = [
      { actions: ['ssm:CreateDocument', 'ssm:SendCommand', 's3:*'], resources: ['*'] },
    ];
    const key = { accessKeyId: 'test', secretAccessKey: 'test', user: 'test', policy };
    await withWorld({ accessKeys: [key] }, async (world) => {
      const release = await world.publish('1.0.0');
      const reports = await world.fleet().run(apply(release), world.hosts, never());
      expect(reports).toMatchObject([
        { outcome: 'unknown', reasonCode: 'access-denied' },
        { outcome: 'unknown', reasonCode: 'access-denied' },
      ]);
    });
  });
});

it('finds what a host said also behind a flood of output', async () => {
  await withWorld({}, async (world) => {
    const release = await world.publish('1.0.0', {
      install: 'i=0; while [ $i -lt 2000 ]; do echo "line $i of a very long log"; i=$((i+1)); done',
    });
    const [report] = await world.fleet().run(apply(release), world.hosts, never());
    expect(report?.outcome).toMatch(/^(?:applied|not-applied)$/);
    expect(Buffer.byteLength(report?.log ?? '')).toBeLessThan(2500);
    const generation = join(world.aws.hosts[0]?.root ?? '', 'orders', 'generation');
    expect((await readFile(generation, 'utf8')).trim()).toBe('1');
  });
});
