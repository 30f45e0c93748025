import { ServiceError } from '@gatewright/verdict';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { rollback } from './index.ts';
import type { RollbackPlan } from './index.ts';
import { draft, hosts, ref } from './test-support/builders.ts';
import { fakeEnvironment } from './test-support/fake-environment.ts';
import type { Behaviour, FakeEnvironment } from './test-support/fake-environment.ts';

const fleet = hosts(4);
const ids = fleet.map((host) => host.id);
const verified = [draft('verified', '1.0.0'), draft('verified', '1.1.0')];

/** After a failed rollout of 1.2.0: the first two hosts serve it, the others still serve 1.1.0. */
function afterFailedRollout(drafts = verified): FakeEnvironment {
  const world = fakeEnvironment(fleet, ref('1.1.0'), drafts);
  for (const id of ids.slice(0, 2)) {
    const host = world.hosts.get(id);
    if (host) Object.assign(host, { current: ref('1.2.0'), previous: ref('1.1.0') });
  }
  return world;
}

function automatic(over: Partial<RollbackPlan> = {}): RollbackPlan {
  return {
    environment: 'production',
    runId: '9',
    hosts: fleet.slice(0, 2),
    unreachable: [],
    strategy: { kind: 'all-at-once' },
    to: 'previous',
    leaving: '1.2.0',
    reason: 'smoke-failed',
    ...over,
  };
}

function manual(over: Partial<RollbackPlan> = {}): RollbackPlan {
  const { leaving: _, ...plan } = automatic({ hosts: fleet, reason: 'wanted', ...over });
  return plan;
}

describe('an automatic rollback', () => {
  it('takes the touched hosts back, last one first, verifies them by the older suite, and denies the release', async () => {
    const world = afterFailedRollout();
    const result = await rollback(automatic(), world.ports);
    expect(result).toMatchObject({ verdict: 'pass', reasonCode: 'rolled-back', denied: true });
    expect(result.to).toEqual(ref('1.1.0'));
    expect(result.restored).toEqual([ids[1], ids[0]]);
    expect(world.calls.map((call) => call.what)).toEqual([
      'acquire',
      'status',
      'renew',
      'revert',
      'verify 1.1.0',
      'renew',
      'append denied 1.2.0',
      'append rolled-back 1.1.0',
    ]);
    expect(world.records.at(-2)).toMatchObject({ kind: 'denied', digest: ref('1.2.0').digest });
    expect(world.records.at(-1)).toMatchObject({ verify: { suite: '1.1.0' }, runId: '9' });
  });

  it('leaves hosts alone that had gone back by themselves', async () => {
    const world = afterFailedRollout();
    const result = await rollback(automatic({ hosts: fleet }), world.ports);
    expect(result.verdict).toBe('pass');
    const reverted = world.calls.filter((call) => call.what === 'revert');
    expect(reverted.flatMap((call) => call.hosts)).toEqual([ids[1], ids[0]]);
  });

  it('takes a half-done host back, too', async () => {
    const world = afterFailedRollout();
    const half = world.hosts.get(ids[3] ?? '');
    if (half) half.look = { outcome: 'unknown', reasonCode: 'host-state-unknown', current: null };
    const result = await rollback(automatic({ hosts: fleet }), world.ports);
    expect(result.restored).toContain(ids[3]);
  });

  it('goes back to nothing after a first deployment', async () => {
    const world = afterFailedRollout([]);
    const result = await rollback(automatic(), world.ports);
    expect(result).toMatchObject({ verdict: 'pass', to: null, denied: true });
    expect(world.hosts.get(ids[0] ?? '')?.current).toBeNull();
    expect(world.calls.some((call) => call.what.startsWith('verify'))).toBe(false);
  });

  it('is stuck when a host does not go back, says which, and still denies the release', async () => {
    const world = afterFailedRollout();
    const bad = world.hosts.get(ids[0] ?? '');
    if (bad) bad.onRevert = 'unknown';
    const result = await rollback(automatic(), world.ports);
    expect(result).toMatchObject({ reasonCode: 'rollback-failed', denied: true });
    expect(result.verdict).not.toBe('pass');
    expect(result.explanation).toContain(ids[0]);
    expect(result.restored).toEqual([ids[1]]);
    expect(world.records.filter((record) => record.kind === 'rolled-back')).toEqual([]);
  });

  it('is stuck when the earlier release fails its own suite', async () => {
    const world = afterFailedRollout();
    world.verdictOf('1.1.0', { verdict: 'fail', reasonCode: 'smoke-failed', explanation: 'no' });
    const result = await rollback(automatic(), world.ports);
    expect(result).toMatchObject({ verdict: 'fail', reasonCode: 'rollback-failed' });
    expect(result.checked[0]).toContain('smoke-failed');
  });

  it('never claims success for a host that cannot be reached, but takes the others back', async () => {
    const world = afterFailedRollout();
    const lost = { id: 'i-gone', reasonCode: 'host-offline', detail: 'no agent' } as const;
    const result = await rollback(automatic({ unreachable: [lost] }), world.ports);
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'rollback-failed' });
    expect(result.restored).toHaveLength(2);
    expect(result.hosts.at(-1)).toMatchObject({ id: 'i-gone', outcome: 'unknown' });
  });

  it('tells that the hosts are right when only the ledger fails', async () => {
    const world = afterFailedRollout();
    world.before('append denied 1.2.0', () => {
      throw new ServiceError('throttled', 'PutParameter was throttled');
    });
    const result = await rollback(automatic(), world.ports);
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'throttled' });
    expect(result.explanation).toContain('the hosts serve 1.1.0');
  });

  it('sends nothing more once it is cancelled or the lock is lost', async () => {
    const aborted = afterFailedRollout();
    aborted.before('renew', aborted.abort);
    expect((await rollback(automatic(), aborted.ports)).reasonCode).toBe('cancelled');
    expect(aborted.calls.some((call) => call.what === 'revert')).toBe(false);
    const robbed = afterFailedRollout();
    robbed.loseLockAt(1);
    expect((await rollback(automatic(), robbed.ports)).reasonCode).toBe('lock-lost');
    expect(robbed.calls.some((call) => call.what === 'revert')).toBe(false);
    expect(robbed.records).toHaveLength(2);
  });
});

describe('a manual rollback', () => {
  it('brings the whole fleet to the named release, in waves from the last host', async () => {
    const world = fakeEnvironment(fleet, ref('1.1.0'), verified);
    const strategy = { kind: 'rolling', waveSize: 2 } as const;
    const result = await rollback(manual({ to: '1.0.0', strategy }), world.ports);
    expect(result).toMatchObject({ verdict: 'pass', to: ref('1.0.0'), denied: false });
    const reverted = world.calls.filter((call) => call.what === 'revert');
    expect(reverted.map((call) => call.hosts)).toEqual([
      [ids[3], ids[2]],
      [ids[1], ids[0]],
    ]);
    expect(world.records.at(-1)).toMatchObject({ kind: 'rolled-back', version: '1.0.0' });
  });

  it('takes "previous" for the release before the one that all hosts serve', async () => {
    const world = fakeEnvironment(fleet, ref('1.1.0'), verified);
    expect((await rollback(manual(), world.ports)).to).toEqual(ref('1.0.0'));
  });

  it('takes "previous" for the last known good release when the fleet is mixed', async () => {
    const result = await rollback(manual(), afterFailedRollout().ports);
    expect(result.to).toEqual(ref('1.1.0'));
    expect(result.restored).toEqual([ids[1], ids[0]]);
  });

  it('refuses an unknown release and changes nothing', async () => {
    const world = fakeEnvironment(fleet, ref('1.1.0'), verified);
    const result = await rollback(manual({ to: '0.1.0' }), world.ports);
    expect(result).toMatchObject({ verdict: 'fail', reasonCode: 'release-unknown', restored: [] });
    expect(result.checked.join()).toContain('1.0.0');
  });

  it('stops the application only when asked for it, and only where nothing was ever verified', async () => {
    const world = fakeEnvironment(fleet, ref('0.9.0'), []);
    expect((await rollback(manual(), world.ports)).reasonCode).toBe('no-way-back');
    expect((await rollback(manual({ to: 'nothing' }), world.ports)).verdict).toBe('pass');
    expect(world.hosts.get(ids[0] ?? '')?.current).toBeNull();
    const other = fakeEnvironment(fleet, ref('1.1.0'), verified);
    const refused = await rollback(manual({ to: 'nothing' }), other.ports);
    expect(refused.reasonCode).toBe('no-way-back');
  });
});

it('passes exactly when every host in scope is back', async () => {
  const behaviours = fc.array(
    fc.constantFrom<Behaviour[]>(
      'good',
      'good',
      'good',
      'not-applied',
      'unknown',
      'lies',
      'silent',
    ),
    { minLength: 4, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(behaviours, fc.integer({ min: 1, max: 4 }), async (chosen, waveSize) => {
      const world = fakeEnvironment(fleet, ref('1.1.0'), verified);
      for (const [index, id] of ids.entries()) {
        const host = world.hosts.get(id);
        if (host) host.onRevert = chosen[index] ?? 'good';
      }
      const strategy = { kind: 'rolling', waveSize } as const;
      const result = await rollback(manual({ to: '1.0.0', strategy }), world.ports);
      const back = ids.every((id) => world.hosts.get(id)?.current?.version === '1.0.0');
      expect(result.verdict === 'pass').toBe(back);
      const seen = ids.filter((id) => world.hosts.get(id)?.current?.version === '1.0.0');
      expect([...result.restored].toSorted()).toEqual(seen);
    }),
  );
});
