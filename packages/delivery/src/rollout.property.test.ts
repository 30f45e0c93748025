import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { rollout } from './index.ts';
import { draft, hosts, ref, release } from './test-support/builders.ts';
import { fakeEnvironment } from './test-support/fake-environment.ts';
import type { Behaviour } from './test-support/fake-environment.ts';

const behaviour = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Behaviour>('good') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Behaviour[]>('not-applied', 'restored', 'unknown', 'lies', 'silent'),
  },
);

const story = fc.record({
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 12 }),
  waveSize: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom('10%', '50%')),
  lostAt: fc.oneof({ weight: 3, arbitrary: fc.constant(99) }, fc.integer({ min: 1, max: 8 })),
  abortAt: fc.oneof({ weight: 3, arbitrary: fc.constant(999) }, fc.integer({ min: 1, max: 30 })),
  smoke: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
});

describe('whatever the hosts do', () => {
  it('a rollout never goes further than what it has proven', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ behaviours, waveSize, lostAt, abortAt, smoke }) => {
        const fleet = hosts(behaviours.length);
        const world = fakeEnvironment(fleet, ref('1.0.0'), [draft('verified', '1.0.0')]);
        for (const [index, host] of fleet.entries()) {
          const state = world.hosts.get(host.id);
          if (state) state.onApply = behaviours[index] ?? 'good';
        }
        if (!smoke) {
          const explanation = 'bad';
          world.verdictOf('1.1.0', { verdict: 'fail', reasonCode: 'smoke-failed', explanation });
        }
        world.loseLockAt(lostAt);
        let events = 0;
        let abortedAfterCalls = Number.POSITIVE_INFINITY;
        const result = await rollout(
          {
            environment: 'production',
            runId: '9',
            release: release('1.1.0'),
            hosts: fleet,
            strategy: { kind: 'rolling', waveSize },
          },
          world.ports,
          () => {
            events += 1;
            if (events !== abortAt) return;
            world.abort();
            abortedAfterCalls = world.calls.length;
          },
        );

        const applied = world.calls.filter((call) => call.what === 'apply');
        const appliedIds = applied.flatMap((call) => call.hosts);
        // Untouched hosts never got a command; every other one is accounted for, once.
        expect(appliedIds).toEqual(result.touched);
        expect([...result.touched, ...result.untouched].toSorted()).toEqual(
          fleet.map((host) => host.id),
        );
        // Only the last wave that was begun can be bad, and nothing is applied after the lock is lost.
        const good = applied.slice(0, -1).flatMap((call) => call.hosts);
        expect(good.every((id) => world.hosts.get(id)?.onApply === 'good')).toBe(true);
        expect(applied.length).toBeLessThan(lostAt);
        // Past the abort at most the command already on its way is seen.
        const late = world.calls.slice(abortedAfterCalls).filter((call) => call.what === 'apply');
        expect(late.length).toBeLessThanOrEqual(1);

        const allServe = fleet.every(
          (host) => world.hosts.get(host.id)?.current?.version === '1.1.0',
        );
        const recorded = world.records.some((record) => record.version === '1.1.0');
        expect(result.verdict === 'pass').toBe(recorded);
        const passed = result.verdict === 'pass';
        const allApplied = result.hosts.every((host) => host.outcome === 'applied');
        expect(!passed || (allServe && smoke && allApplied)).toBe(true);
        const undisturbed = lostAt === 99 && abortAt === 999 && smoke;
        const allGood = behaviours.every((entry) => entry === 'good');
        expect(passed || !(undisturbed && allGood)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
