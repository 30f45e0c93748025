import { ServiceError } from '@gatewright/verdict';
import { describe, expect, it } from '@jest/globals';

import { rollout } from './index.ts';
import type { DeliveryEvent, RolloutPlan } from './index.ts';
import { draft, hosts, ref, release } from './test-support/builders.ts';
import { fakeEnvironment } from './test-support/fake-environment.ts';

const fleet = hosts(6);
const ids = fleet.map((host) => host.id);

function plan(over: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    environment: 'production',
    runId: '9',
    release: release('1.1.0'),
    hosts: fleet,
    strategy: { kind: 'rolling', waveSize: 2 },
    ...over,
  };
}

const verified = [draft('verified', '1.0.0')];

describe('a good rollout', () => {
  it('changes wave by wave, verifies each wave and the fleet, and writes the proof down', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    const events: DeliveryEvent[] = [];
    const result = await rollout(plan(), world.ports, (event) => events.push(event));
    expect(result).toMatchObject({ verdict: 'pass', reasonCode: 'delivered', generation: 7 });
    expect(result.previousRelease).toEqual(ref('1.0.0'));
    expect(result.touched).toEqual(ids);
    expect(result.waves.map((wave) => wave.verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(world.calls.map((call) => call.what).join(', ')).toBe(
      [
        'acquire, preflight',
        ...[1, 2, 3].map(() => 'renew, apply, verify 1.1.0'),
        'verify 1.1.0, renew, append verified 1.1.0',
      ].join(', '),
    );
    expect(world.records.at(-1)).toMatchObject({ verify: { suite: '1.1.0' }, runId: '9' });
    expect(events.filter((event) => event.kind === 'host-reported')).toHaveLength(6);
  });

  it('needs no second verification when all hosts are one wave', async () => {
    const world = fakeEnvironment(fleet, null);
    await rollout(plan({ strategy: { kind: 'all-at-once' } }), world.ports);
    expect(world.calls.filter((call) => call.what === 'verify 1.1.0')).toHaveLength(1);
  });

  it('keeps checking while a wave bakes', async () => {
    const world = fakeEnvironment(fleet, null);
    const strategy = { kind: 'rolling', waveSize: 6, bakeSeconds: 25 } as const;
    const result = await rollout(plan({ strategy }), world.ports);
    expect(result.verdict).toBe('pass');
    expect(world.calls.filter((call) => call.what === 'sleep')).toHaveLength(3);
    expect(world.calls.filter((call) => call.what === 'verify 1.1.0')).toHaveLength(4);
  });

  it('relies on the health hooks where the runner cannot probe', async () => {
    const world = fakeEnvironment(fleet, null);
    const result = await rollout(plan(), { ...world.ports, verify: 'off' });
    expect(result).toMatchObject({ verdict: 'pass' });
    expect(result.explanation).toContain('health hook');
  });
});

describe('a rollout that must not start', () => {
  it('does not wait for a lock that another delivery holds', async () => {
    const world = fakeEnvironment(fleet, null);
    const held = { kind: 'held', by: 'acme/shop run 3', since: 'a', expires: 'b' } as const;
    const lock = { ...world.ports.lock, acquire: () => Promise.resolve(held) };
    const result = await rollout(plan(), { ...world.ports, lock });
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'lock-held', touched: [] });
    expect(result.checked.join()).toContain('acme/shop run 3');
  });

  it('changes nothing when one host is not ready', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    const bad = world.hosts.get(ids[4] ?? '');
    if (bad) bad.look = { outcome: 'unfit', reasonCode: 'host-unfit', detail: 'no tar' };
    const result = await rollout(plan(), world.ports);
    expect(result).toMatchObject({ verdict: 'fail', reasonCode: 'host-unfit', touched: [] });
    expect(result.checked).toEqual([`${ids[4]}: unfit, no tar`]);
  });

  it.each([
    ['hosts serve what nobody verified', '0.9.0', [], {}],
    ['the release is forward-only', '1.0.0', verified, { rollbackMode: 'forward-only' as const }],
    ['the verified release is nowhere', '0.9.0', [draft('verified', '1.0.0', { source: '' })], {}],
  ])('refuses when there is no way back: %s', async (_, serving, records, over) => {
    const world = fakeEnvironment(fleet, ref(serving), records);
    const result = await rollout(plan({ release: release('1.1.0', over) }), world.ports);
    expect(result).toMatchObject({ verdict: 'fail', reasonCode: 'no-way-back', touched: [] });
  });

  it.each([
    ['a verified release can be fetched', '0.9.0', verified],
    ['a verified release is on every disk', '1.0.0', [draft('verified', '1.0.0', { source: '' })]],
    ['the release is deployed again', '1.1.0', [draft('verified', '1.1.0')]],
  ])('starts when %s', async (_, serving, records) => {
    const world = fakeEnvironment(fleet, ref(serving), records);
    expect(await rollout(plan(), world.ports)).toMatchObject({ verdict: 'pass' });
  });

  it('lets a forward-only release be the first one', async () => {
    const world = fakeEnvironment(fleet, null);
    const first = release('1.0.0', { rollbackMode: 'forward-only' });
    expect(await rollout(plan({ release: first }), world.ports)).toMatchObject({ verdict: 'pass' });
  });
});

describe('a rollout that goes wrong', () => {
  it('stops at the first wave whose verification fails and does not touch the others', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.verdictOf('1.1.0', {
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation: 'orders: 500',
    });
    const result = await rollout(plan(), world.ports);
    expect(result).toMatchObject({ verdict: 'fail', reasonCode: 'smoke-failed' });
    expect(result.touched).toEqual(ids.slice(0, 2));
    expect(result.untouched).toEqual(ids.slice(2));
    expect(result.waves).toHaveLength(1);
    expect(result.waves[0]?.verifyReport?.reasonCode).toBe('smoke-failed');
    expect(world.records).toHaveLength(1);
  });

  it.each(['not-applied', 'restored', 'unknown', 'lies', 'silent'] as const)(
    'stops when a host reports %s',
    async (onApply) => {
      const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
      const bad = world.hosts.get(ids[1] ?? '');
      if (bad) bad.onApply = onApply;
      const result = await rollout(plan(), world.ports);
      expect(result.verdict).not.toBe('pass');
      expect(result.touched).toEqual(ids.slice(0, 2));
      const outcome = result.hosts.find((host) => host.id === ids[1])?.outcome;
      expect(outcome).toBe(onApply === 'lies' || onApply === 'silent' ? 'unknown' : onApply);
    },
  );

  it('knows that nothing was touched when the command could not be sent at all', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.before('apply', () => {
      throw new ServiceError('throttled', 'SendCommand was throttled');
    });
    const result = await rollout(plan(), world.ports);
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'throttled', touched: [] });
  });

  it('takes hosts for touched and unknown after a defect of the port', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.before('apply', () => {
      throw new TypeError('a bug');
    });
    const result = await rollout(plan(), world.ports);
    expect(result.reasonCode).toBe('internal-error');
    expect(result.touched).toEqual(ids.slice(0, 2));
    expect(result.hosts[0]?.outcome).toBe('unknown');
  });

  it('writes nothing more once the lock is lost, not even the proof', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.loseLockAt(4);
    const result = await rollout(plan(), world.ports);
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'lock-lost' });
    expect(world.records).toHaveLength(1);
  });

  it('tells the states of the hosts when it is cancelled in mid-wave', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.before('apply', world.abort);
    const result = await rollout(plan(), world.ports);
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'cancelled' });
    expect(result.touched).toEqual(ids.slice(0, 2));
    expect(result.hosts.map((host) => host.outcome)).toEqual([
      'applied',
      'applied',
      ...Array.from({ length: 4 }, () => 'untouched'),
    ]);
  });

  it('sends no command when the cancel comes while the lock is renewed', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.before('renew', world.abort);
    const result = await rollout(plan(), world.ports);
    expect(result).toMatchObject({ reasonCode: 'cancelled', touched: [] });
    expect(world.calls.some((call) => call.what === 'apply')).toBe(false);
  });

  it('does not judge a release by a verification that was cut short', async () => {
    const world = fakeEnvironment(fleet, ref('1.0.0'), verified);
    world.verdictOf('1.1.0', {
      verdict: 'fail',
      reasonCode: 'converge-timed-out',
      explanation: 'cut short',
    });
    world.before('verify 1.1.0', world.abort);
    expect((await rollout(plan(), world.ports)).reasonCode).toBe('cancelled');
  });
});
