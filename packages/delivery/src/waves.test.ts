import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import type { Strategy } from './index.ts';
import { describePlan, planWaves } from './index.ts';
import { hosts } from './test-support/builders.ts';
import { planReverseWaves } from './waves.ts';

const anyStrategy: fc.Arbitrary<Strategy> = fc.oneof(
  fc.constant<Strategy>({ kind: 'all-at-once' }),
  fc.integer({ min: 1, max: 60 }).map((waveSize): Strategy => ({ kind: 'rolling', waveSize })),
  fc
    .integer({ min: 1, max: 100 })
    .map((percent): Strategy => ({ kind: 'rolling', waveSize: `${percent}%` })),
);
const anyFleet = fc
  .integer({ min: 0, max: 130 })
  .chain((count) => fc.shuffledSubarray(hosts(count), { minLength: count, maxLength: count }));

describe('planWaves', () => {
  it('puts every host into exactly one wave, in the order of the ids, whatever the order given', () => {
    fc.assert(
      fc.property(anyFleet, anyStrategy, (fleet, strategy) => {
        const waves = planWaves(fleet, strategy);
        const planned = waves.flatMap((wave) => wave.hosts.map((host) => host.id));
        expect(planned).toEqual(hosts(fleet.length).map((host) => host.id));
        expect(waves.map((wave) => wave.number)).toEqual(waves.map((_, index) => index + 1));
      }),
    );
  });

  it('fills every wave but the last to the same size, rounded down, at least one', () => {
    fc.assert(
      fc.property(anyFleet, fc.integer({ min: 1, max: 100 }), (fleet, percent) => {
        const waves = planWaves(fleet, { kind: 'rolling', waveSize: `${percent}%` });
        const size = Math.max(1, Math.floor((fleet.length * percent) / 100));
        const sizes = waves.map((wave) => wave.hosts.length);
        expect(sizes.slice(0, -1).every((length) => length === size)).toBe(true);
        expect(sizes.every((length) => length >= 1 && length <= size)).toBe(true);
      }),
    );
  });

  it('goes back in the opposite order', () => {
    const [first, , last] = planReverseWaves(hosts(5), { kind: 'rolling', waveSize: 2 });
    const ids = hosts(5).map((host) => host.id);
    expect(first?.hosts.map((host) => host.id)).toEqual([ids[4], ids[3]]);
    expect(last?.hosts.map((host) => host.id)).toEqual([ids[0]]);
  });

  it.each([0, -1, 1.5, '0%', '101%', 'two', '5 %'])('refuses the wave size %p', (waveSize) => {
    expect(() => planWaves(hosts(3), { kind: 'rolling', waveSize })).toThrow(
      expect.objectContaining({ reasonCode: 'policy-invalid' }),
    );
  });
});

describe('describePlan', () => {
  it('adds up the longest time and the API calls of a plan', () => {
    const plan = describePlan({
      hosts: hosts(6),
      strategy: { kind: 'rolling', waveSize: 2, bakeSeconds: 30 },
      limits: { deliveryTimeoutSeconds: 60, hostTimeoutSeconds: 300 },
      verifyDeadlineSeconds: 60,
    });
    expect(plan.waves.map((wave) => wave.hosts.length)).toEqual([2, 2, 2]);
    expect(plan.worstCaseWaveSeconds).toBe(2 * 360 + 2 * 60 + 30);
    expect(plan.worstCaseSeconds).toBe(360 + 3 * plan.worstCaseWaveSeconds + 60);
    expect(plan.apiCalls.least).toBeLessThan(plan.apiCalls.most);
  });

  it('needs calls by the wave, not by the host', () => {
    expect(calls(50)).toBe(calls(1));
    expect(calls(51)).toBeGreaterThan(calls(50));
  });
});

function calls(count: number): number {
  return describePlan({
    hosts: hosts(count),
    strategy: { kind: 'all-at-once' },
    limits: { deliveryTimeoutSeconds: 60, hostTimeoutSeconds: 300 },
    verifyDeadlineSeconds: 60,
  }).apiCalls.least;
}
