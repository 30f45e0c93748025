import { startAws } from '@gatewright/emulators';
import type { AwsEmulator } from '@gatewright/emulators';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { apply, emulate, never, revert, status, tags } from './test-support/emulated.ts';
import type { Emulated } from './test-support/emulated.ts';

let world: Emulated<AwsEmulator>;

beforeEach(async () => {
  world = await emulate(startAws, 2);
});

afterEach(async () => {
  await world.stop();
});

describe('a fleet', () => {
  it('is discovered by all tags together', async () => {
    const found = await world.fleet().discover(tags);
    expect(found.map((instance) => instance.id)).toEqual(world.hosts.map((host) => host.id));
    expect(found[0]).toMatchObject({ name: 'web-1', pingStatus: 'Online', platform: 'Linux' });
    expect(await world.fleet().discover({ ...tags, Environment: 'staging' })).toEqual([]);
  });

  it('brings a release to its hosts and back again', async () => {
    const [first, second] = [await world.publish('1.0.0'), await world.publish('1.1.0')];
    const fleet = world.fleet();
    const preflight = { kind: 'preflight', step: 'pre', generation: 1, release: first } as const;
    const ready = await fleet.run(preflight, world.hosts, never());
    expect(ready.map((report) => report.outcome)).toEqual(['ready', 'ready']);
    await fleet.run(apply(first), world.hosts, never());
    const applied = await fleet.run(apply(second, 'wave-2'), world.hosts, never());
    expect(applied[1]).toMatchObject({
      outcome: 'applied',
      reasonCode: 'release-applied',
      current: { version: '1.1.0', digest: second.digest },
      previous: { version: '1.0.0' },
      port: 8080,
    });
    const back = await fleet.run(revert(first), world.hosts, never());
    expect(back[0]).toMatchObject({ outcome: 'restored', current: { version: '1.0.0' } });
    const none = await fleet.run(revert(null, 'revert-2'), world.hosts, never());
    expect(none[0]).toMatchObject({ outcome: 'restored', current: null });
    const kinds = world.events.filter((event) => event.kind === 'command-sent');
    expect(kinds.map((event) => event.operation)).toEqual([
      'preflight',
      'apply',
      'apply',
      'revert',
      'revert',
    ]);
    expect(world.events).toHaveLength(10);
  });

  it('asks the host itself after a failed hook, and tells that the old release serves', async () => {
    const [good, bad] = [
      await world.publish('1.0.0'),
      await world.publish('1.1.0', { start: 'echo cannot start; exit 3' }),
    ];
    const fleet = world.fleet();
    await fleet.run(apply(good), world.hosts, never());
    const [report] = await fleet.run(apply(bad, 'wave-2'), world.hosts, never());
    expect(report).toMatchObject({
      outcome: 'restored',
      reasonCode: 'hook-failed',
      current: { version: '1.0.0' },
    });
    expect(report?.log).toContain('cannot start');
  });

  it('reads a late success from the host when SSM reports a failure', async () => {
    const release = await world.publish('1.0.0');
    world.aws.faults.add({ kind: 'false-failure', where: { parameters: { Operation: 'apply' } } });
    const reports = await world.fleet().run(apply(release), world.hosts, never());
    expect(reports.map((report) => report.outcome)).toEqual(['applied', 'applied']);
    expect(reports.some((report) => report.detail.includes('SSM reports failed'))).toBe(true);
  });

  it('refuses an older generation than the hosts have seen', async () => {
    const release = await world.publish('1.0.0');
    const fleet = world.fleet();
    await fleet.run(apply(release, 'wave-1', 5), world.hosts, never());
    const [late] = await fleet.run(apply(release, 'wave-1', 4), world.hosts, never());
    expect(late).toMatchObject({ outcome: 'not-applied', reasonCode: 'lock-lost' });
  });
});

describe('sending', () => {
  it('finds a command again whose reply got lost, and does not run it twice', async () => {
    const release = await world.publish('1.0.0');
    world.aws.faults.add({ kind: 'lost-reply', operation: 'SendCommand' });
    const reports = await world.fleet().run(apply(release), world.hosts, never());
    expect(reports.map((report) => report.outcome)).toEqual(['applied', 'applied']);
    expect(world.aws.commandIds()).toHaveLength(1);
  });

  it('sends again when the request never arrived', async () => {
    const release = await world.publish('1.0.0');
    world.aws.faults.add({ kind: 'lost-request', operation: 'SendCommand' });
    const reports = await world.fleet().run(apply(release), world.hosts, never());
    expect(reports.map((report) => report.outcome)).toEqual(['applied', 'applied']);
  });

  it('waits out throttling of sends and polls', async () => {
    const release = await world.publish('1.0.0');
    for (const operation of ['SendCommand', 'ListCommandInvocations']) {
      world.aws.faults.add({ operation, error: 'ThrottlingException', times: 1 });
    }
    const fleet = world.fleet({ random: () => 0.01 });
    const reports = await fleet.run(apply(release), world.hosts, never());
    expect(reports.map((report) => report.outcome)).toEqual(['applied', 'applied']);
  });

  it('says which host is offline and why, before anything is changed', async () => {
    const release = await world.publish('1.0.0');
    await world.aws.setOnline(world.hosts[1]?.id ?? '', false);
    const failed = world.fleet().run(apply(release), world.hosts, never());
    await expect(failed).rejects.toMatchObject({
      reasonCode: 'host-offline',
      checked: [
        expect.stringContaining(`${world.hosts[0]?.id}: online`),
        expect.stringContaining(`${world.hosts[1]?.id}: its SSM agent (3.3.0.0) reports`),
      ],
    });
    expect(world.aws.commandIds()).toEqual([]);
  });

  it('takes the reachable hosts back without the unreachable one', async () => {
    const release = await world.publish('1.0.0');
    const fleet = world.fleet();
    await fleet.run(apply(release), world.hosts, never());
    await world.aws.setState(world.hosts[1]?.id ?? '', 'terminated');
    const reports = await fleet.run(revert(null), world.hosts, never());
    expect(reports.map((report) => [report.outcome, report.reasonCode])).toEqual([
      ['restored', 'rolled-back'],
      ['unknown', 'host-offline'],
    ]);
    expect(reports[1]?.detail).toContain('not a managed instance');
  });

  it('does not send anything once the run is cancelled', async () => {
    const failed = world.fleet().run(status, world.hosts, AbortSignal.abort());
    await expect(failed).rejects.toMatchObject({ reasonCode: 'cancelled' });
    expect(world.aws.commandIds()).toEqual([]);
  });
});
