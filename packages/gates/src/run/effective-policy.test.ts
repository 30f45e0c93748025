import { describe, expect, it } from '@jest/globals';
import { defaultGatesPolicy } from '@gatewright/config';
import type { Waiver } from '@gatewright/verdict';
import fc from 'fast-check';
import type { GatesPolicy } from '../policy.ts';
import { effectivePolicy, policyDigest } from './effective-policy.ts';
import type { PolicyWishes } from './effective-policy.ts';

const defaults: GatesPolicy = defaultGatesPolicy();
const file = (gates: GatesPolicy = defaults) => ({ gates, source: 'policy.yml' });
const own = { gates: defaults, source: 'defaults' };

describe('the policy that holds', () => {
  it('is that of the file when nobody wishes for anything', () => {
    expect(effectivePolicy(file(), {})).toEqual(defaults);
  });

  it('can be tightened in every way', () => {
    const gates = effectivePolicy(file(), {
      failOn: 'note',
      coverageMinimum: 90,
      changedCoverageMinimum: 80.5,
      failOnSeverity: 'low',
      unknownSeverity: 'fail',
    });
    expect(gates.lint.failOn).toBe('note');
    expect(gates.test.coverage).toEqual({ metric: 'line', minimum: 90, changedMinimum: 80.5 });
    expect(gates.audit).toMatchObject({ failOnSeverity: 'low', developmentFailOn: 'low' });
  });

  it.each<[PolicyWishes, string]>([
    [
      { coverageMinimum: 69.99 },
      'coverage-minimum: 69.99 asks for less than gates.test.coverage.minimum: 70',
    ],
    [{ coverageMinimum: 'off' }, 'coverage-minimum: off asks for less'],
    [
      { coverageMetric: 'branch' },
      'coverage-metric: branch asks for less than gates.test.coverage.metric: line',
    ],
    [
      { failOnSeverity: 'critical' },
      'fail-on-severity: critical asks for less than gates.audit.fail-on-severity: high',
    ],
    [
      { unknownSeverity: 'warn' },
      'unknown-severity: warn asks for less than gates.audit.unknown-severity: fail',
    ],
  ])('refuses %j, naming both', (wishes, message) => {
    expect(() => effectivePolicy(file(), wishes)).toThrow(message);
    expect(() => effectivePolicy(own, wishes)).not.toThrow();
  });

  it('refuses a milder level than that of the file', () => {
    const gates = { ...defaults, lint: { ...defaults.lint, failOn: 'note' as const } };
    expect(() => effectivePolicy(file(gates), { failOn: 'warning' })).toThrow(
      'fail-on: warning asks for less than gates.lint.fail-on: note of policy.yml.',
    );
  });

  it('lets inputs switch coverage off where no file says otherwise', () => {
    expect(effectivePolicy(own, { coverageMinimum: 'off' }).test).not.toHaveProperty('coverage');
    expect(
      effectivePolicy(own, { coverageMinimum: 'off', changedCoverageMinimum: 80 }).test.coverage,
    ).toEqual({ metric: 'line', minimum: 0, changedMinimum: 80 });
  });

  const wishes = fc.record(
    {
      failOn: fc.constantFrom('error', 'warning', 'note'),
      coverageMinimum: fc.oneof(fc.constant('off' as const), fc.integer({ min: 0, max: 100 })),
      changedCoverageMinimum: fc.oneof(
        fc.constant('off' as const),
        fc.integer({ min: 0, max: 100 }),
      ),
      failOnSeverity: fc.constantFrom('critical', 'high', 'moderate', 'low'),
      unknownSeverity: fc.constantFrom('fail', 'warn', 'critical', 'high', 'moderate', 'low'),
    },
    { requiredKeys: [] },
  );

  it('cannot be loosened step by step either', () => {
    fc.assert(
      fc.property(wishes, wishes, (first, second) => {
        const held = effectivePolicy(own, first);
        let tightened: GatesPolicy;
        try {
          tightened = effectivePolicy(file(held), second);
        } catch {
          return true;
        }
        // What is tightened accepts nothing less: going back to where it was would be refused, unless nothing changed.
        const back: PolicyWishes = {
          failOn: held.lint.failOn,
          failOnSeverity: held.audit.failOnSeverity,
          unknownSeverity: held.audit.unknownSeverity,
          coverageMinimum: held.test.coverage?.minimum ?? 'off',
          changedCoverageMinimum: held.test.coverage?.changedMinimum ?? 'off',
        };
        try {
          return (
            JSON.stringify(effectivePolicy(file(tightened), back)) === JSON.stringify(tightened)
          );
        } catch {
          return true;
        }
      }),
    );
  });
});

describe('the digest of a policy', () => {
  const waiver: Waiver = { id: 'x', reason: 'r', owner: 'o', expires: '2030-01-01' };

  it('is the same however the rules are written, and another for other rules', () => {
    const { lint, ...rest } = defaults;
    const digest = policyDigest('lint', defaults, [waiver]);
    expect(policyDigest('lint', { ...rest, lint }, [waiver])).toBe(digest);
    expect(policyDigest('lint', defaults, [])).not.toBe(digest);
    expect(policyDigest('test', defaults, [waiver])).not.toBe(digest);
    const stricter = { ...defaults, lint: { ...lint, failOn: 'note' as const } };
    expect(policyDigest('lint', stricter, [waiver])).not.toBe(digest);
  });

  it('of one gate does not change with the rules of another', () => {
    const other = { ...defaults, audit: { ...defaults.audit, newOnly: true } };
    expect(policyDigest('lint', other, [])).toBe(policyDigest('lint', defaults, []));
  });
});
