import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@gatewright/verdict';
import { defaultGatesPolicy, loadPolicy } from './index.ts';
import type { GatesPolicy } from './index.ts';

const environments = `environments:
  live:
    protection: none
    aws: { region: eu-west-1, role-to-assume: "arn:aws:iam::111122223333:role/x", artifact-bucket: abc }
    targets: { tags: { App: sample } }
    strategy: { kind: all-at-once }
`;

function gatesOf(yaml: string): GatesPolicy {
  return loadPolicy(`version: 1\n${yaml}\n${environments}`, 'p.yml').gates;
}

function problemsOf(yaml: string): string[] {
  try {
    gatesOf(yaml);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const defaults: GatesPolicy = {
  lint: { failOn: 'error', newOnly: false, ratchet: {}, minimumReports: 1 },
  test: {
    minimumReports: 1,
    minimumTests: 1,
    regressions: false,
    coverage: { metric: 'line', minimum: 70 },
  },
  audit: {
    failOnSeverity: 'high',
    unknownSeverity: 'fail',
    newOnly: false,
    fixableOnly: false,
    developmentFailOn: 'high',
    minimumReports: 1,
  },
  waivers: { maximumTermDays: 90, warnDays: 14 },
  maximumAgeMinutes: 1440,
};

describe('gates of policy.yml', () => {
  it.each(['', 'gates: {}', 'gates: { lint: {}, test: { coverage: {} }, audit: {}, waivers: {} }'])(
    'are strict where %j says nothing',
    (yaml) => {
      expect(gatesOf(yaml)).toStrictEqual(defaults);
      expect(defaultGatesPolicy()).toStrictEqual(defaults);
    },
  );

  it('are read whole', () => {
    const yaml = `gates:
  lint:  { fail-on: warning, new-only: true, ratchet: { no-console: 12, "@typescript-eslint/no-explicit-any": 0 }, minimum-reports: 2 }
  test:
    minimum-reports: 3
    minimum-tests: 40
    maximum-skipped: 10
    maximum-flaky: 0
    regressions: true
    may-lose-tests: 0
    coverage: { metric: branch, minimum: 66.67, changed-minimum: 80, ratchet-lines: 0 }
  audit: { fail-on-severity: moderate, unknown-severity: low, new-only: true, fixable-only: true, development-fail-on: ignore, minimum-reports: 4 }
  waivers: { maximum-term-days: 30, warn-days: 7 }
  maximum-age-minutes: 60`;
    expect(gatesOf(yaml)).toStrictEqual({
      lint: {
        failOn: 'warning',
        newOnly: true,
        ratchet: { 'no-console': 12, '@typescript-eslint/no-explicit-any': 0 },
        minimumReports: 2,
      },
      test: {
        minimumReports: 3,
        minimumTests: 40,
        maximumSkipped: 10,
        maximumFlaky: 0,
        regressions: true,
        mayLoseTests: 0,
        coverage: { metric: 'branch', minimum: 66.67, changedMinimum: 80, ratchetLines: 0 },
      },
      audit: {
        failOnSeverity: 'moderate',
        unknownSeverity: 'low',
        newOnly: true,
        fixableOnly: true,
        developmentFailOn: 'ignore',
        minimumReports: 4,
      },
      waivers: { maximumTermDays: 30, warnDays: 7 },
      maximumAgeMinutes: 60,
    });
  });

  it('demand no coverage only when the policy says off', () => {
    expect('coverage' in gatesOf('gates: { test: { coverage: off } }').test).toBe(false);
  });

  it('hold development packages to the same severity unless told otherwise', () => {
    expect(gatesOf('gates: { audit: { fail-on-severity: low } }').audit.developmentFailOn).toBe(
      'low',
    );
  });

  it.each([
    [
      'test: { coverage: { minimum: 101 } }',
      'test.coverage.minimum: out of range (got 101; accepted a number from 0 to 100)',
    ],
    ['test: { coverage: { minimum: 70.125 } }', 'test.coverage.minimum: more than two decimals'],
    [
      'test: { coverage: { minimum: .nan } }',
      'test.coverage.minimum: wrong type (got null; accepted a number from 0 to 100)',
    ],
    [
      'test: { coverage: false }',
      'test.coverage: not one of the accepted values (got false; accepted the word off, or a mapping with metric, minimum, changed-minimum, ratchet-lines)',
    ],
    [
      'test: { coverage: { metric: lines } }',
      'test.coverage.metric: not one of the accepted values (got "lines"; accepted line | branch | statement | function)',
    ],
    [
      'test: { minimum-tests: 0 }',
      'test.minimum-tests: out of range (got 0; accepted a whole number from 1 to 1000000000)',
    ],
    [
      'lint: { minimum-reports: 0 }',
      'lint.minimum-reports: out of range (got 0; accepted a whole number from 1 to 1000000000)',
    ],
    [
      'lint: { fail-on: none }',
      'lint.fail-on: not one of the accepted values (got "none"; accepted error | warning | note)',
    ],
    [
      'lint: { ratchet: { no-console: -1 } }',
      'lint.ratchet.no-console: out of range (got -1; accepted a whole number from 0 to 1000000000)',
    ],
    [
      'audit: { fail-on-severity: medium }',
      'audit.fail-on-severity: not one of the accepted values (got "medium"; accepted critical | high | moderate | low)',
    ],
    [
      'audit: { unknown-severity: ignore }',
      'audit.unknown-severity: not one of the accepted values (got "ignore"; accepted fail | warn | critical | high | moderate | low)',
    ],
    ['adit: {}', 'adit: unknown key (accepted lint, test, audit, waivers, maximum-age-minutes)'],
  ])('%s → %s', (yaml, expected) => {
    expect(problemsOf(`gates: { ${yaml} }`)).toEqual([
      expect.stringMatching(/^p\.yml:2:\d+: gates\./),
    ]);
    expect(problemsOf(`gates: { ${yaml} }`)[0]).toContain(`: gates.${expected}`);
  });
});
