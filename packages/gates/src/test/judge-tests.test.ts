import { describe, expect, it } from '@jest/globals';
import type { Finding, GateResult, TestOutcome } from '@gatewright/verdict';
import { gateResult } from '@gatewright/verdict';
import type { ApplyWaivers, Judgement } from '../judgement.ts';
import { orderBreaches } from '../judgement.ts';
import { judgeTests } from './judge-tests.ts';
import { createTestTally, identityLimit } from './tally.ts';
import type { TestTally } from './tally.ts';
import { policy } from './test-support.ts';

type Results = Readonly<Record<string, TestOutcome>>;

function tallied(...reports: readonly Results[]): TestTally {
  const gatherer = createTestTally();
  for (const [index, results] of reports.entries()) {
    const sink = gatherer.sink(`report-${index}.xml`);
    for (const [name, outcome] of Object.entries(results)) {
      sink({ identity: `src/${name}.ts|s|${name}`, name, suite: 's', outcome });
    }
  }
  return gatherer.tally();
}

const idOf = (name: string): string => `src/${name}.ts|s|${name}`;

function waiving(...ids: readonly string[]): ApplyWaivers {
  const isNamed = ({ id, fingerprint }: Finding): boolean =>
    ids.includes(id) || ids.includes(fingerprint);
  return (findings) => ({
    open: findings.filter((finding) => !isNamed(finding)),
    waived: findings.filter(isNamed).map((finding) => ({
      finding,
      waiver: { id: finding.id, reason: 'r', owner: 'o', expires: '2027-01-01' },
    })),
  });
}

function resultOf(judgement: Judgement, verdict: GateResult['verdict'] = 'pass'): GateResult {
  return {
    gate: 'test',
    verdict,
    reasonCode: 'gate-passed',
    explanation: '',
    evidence: [],
    counts: judgement.counts,
    findings: [...judgement.findings],
    findingsOmitted: 0,
    waived: [...judgement.waived],
    ...(judgement.tests === undefined ? {} : { tests: judgement.tests }),
    policy: { source: 'defaults', digest: '0'.repeat(64) },
  };
}

const baseOf = (results: Results): GateResult =>
  resultOf(judgeTests({ tally: tallied(results), policy, waive: waiving() }));

const codes = ({ breaches }: Judgement): string[] =>
  orderBreaches(breaches).map(({ verdict, reasonCode }) => `${verdict} ${reasonCode}`);

describe('failures', () => {
  it('passes when nothing fails', () => {
    const judgement = judgeTests({
      tally: tallied({ a: 'passed', b: 'skipped' }),
      policy,
      waive: waiving(),
    });
    expect(codes(judgement)).toEqual([]);
    expect(judgement.counts).toEqual({
      tests: 2,
      passed: 1,
      failed: 0,
      errored: 0,
      skipped: 1,
      flaky: 0,
      waived: 0,
    });
    expect(judgement.tests).toEqual({ [idOf('a')]: 'passed', [idOf('b')]: 'skipped' });
  });

  it.each(['failed', 'errored'] as const)('fails when a test %s', (outcome) => {
    const tally = tallied({ a: 'passed', b: outcome });
    const judgement = judgeTests({ tally, policy, waive: waiving() });
    expect(codes(judgement)).toEqual(['fail tests-failed']);
    expect(judgement.breaches[0]?.explanation).toBe('1 of 2 tests failed');
    expect(judgement.findings).toMatchObject([
      { kind: 'test', id: idOf('b'), blocking: true, baseline: 'not-compared' },
    ]);
  });

  it('makes a gate result that follows the schema', () => {
    const tally = tallied({ a: 'failed', b: 'flaky', c: 'passed' }, { a: 'errored' });
    const judgement = judgeTests({ tally, policy, waive: waiving() });
    expect(() => gateResult.parse(resultOf(judgement))).not.toThrow();
  });

  it('is one finding when a test failed in two reports', () => {
    const tally = tallied({ a: 'failed' }, { a: 'failed' });
    const { findings, counts } = judgeTests({ tally, policy, waive: waiving() });
    expect(findings).toMatchObject([{ seenIn: ['report-0.xml', 'report-1.xml'] }]);
    expect(counts).toMatchObject({ failed: 2 });
  });
});

describe('quarantine', () => {
  it('waives a failing test by its identity, and shows it', () => {
    const tally = tallied({ a: 'failed', b: 'passed' }, { a: 'errored' });
    const judgement = judgeTests({ tally, policy, waive: waiving(idOf('a')) });
    expect(codes(judgement)).toEqual([]);
    expect(judgement.counts).toMatchObject({ failed: 1, errored: 1, waived: 2 });
    expect(judgement.waived).toHaveLength(1);
    expect(judgement.findings).toEqual([]);
  });

  it('waives by fingerprint', () => {
    const tally = tallied({ a: 'failed', b: 'passed' });
    const [finding] = judgeTests({ tally, policy, waive: waiving() }).findings;
    const judgement = judgeTests({ tally, policy, waive: waiving(finding?.fingerprint ?? '') });
    expect(codes(judgement)).toEqual([]);
  });

  it('of a flaky test by fingerprint does not cover its failures', () => {
    const tally = tallied({ a: 'flaky' }, { a: 'failed' });
    const { findings } = judgeTests({ tally, policy, waive: waiving() });
    const flaky = findings.find(({ kind }) => kind === 'flaky-test')?.fingerprint ?? '';
    const judgement = judgeTests({ tally, policy, waive: waiving(flaky) });
    expect(codes(judgement)).toEqual(['fail tests-failed']);
    expect(judgement.counts).toMatchObject({ waived: 0 });
  });

  it('does not hide another failure', () => {
    const tally = tallied({ a: 'failed', b: 'failed' });
    const judgement = judgeTests({ tally, policy, waive: waiving(idOf('a')) });
    expect(judgement.breaches[0]?.explanation).toBe('1 of 2 tests failed');
  });

  it('cannot waive what is beyond the list', () => {
    const tally: TestTally = { ...tallied({ a: 'passed' }), failingOmitted: 3 };
    const counted = { ...tally, counts: { ...tally.counts, tests: 4, failed: 3 } };
    const judgement = judgeTests({ tally: counted, policy, waive: waiving(idOf('a')) });
    expect(codes(judgement)).toEqual(['fail tests-failed']);
    expect(judgement.notes.join()).toContain('3 more failing');
  });
});

describe('evidence', () => {
  it('is too small without a test, whatever the policy says', () => {
    for (const tally of [tallied(), tallied({}), tallied({ a: 'skipped' })]) {
      const lax = { ...policy, minimumReports: 0, minimumTests: 0 };
      const judgement = judgeTests({ tally, policy: lax, waive: waiving() });
      expect(codes(judgement)).toEqual(['error evidence-too-small']);
    }
  });

  it('does not count skipped tests as ones that ran', () => {
    const tally = tallied({ a: 'passed', b: 'skipped', c: 'flaky', d: 'failed' });
    const judged = (minimumTests: number): string[] =>
      codes(judgeTests({ tally, policy: { ...policy, minimumTests }, waive: waiving(idOf('d')) }));
    expect(judged(3)).toEqual([]);
    expect(judged(4)).toEqual(['error evidence-too-small']);
  });

  it('says how many tests are missing', () => {
    const tally = tallied({ a: 'passed', b: 'skipped' });
    const judgement = judgeTests({
      tally,
      policy: { ...policy, minimumTests: 9 },
      waive: waiving(),
    });
    expect(judgement.breaches[0]?.explanation).toBe(
      '1 test ran (1 more skipped); 8 more needed for the minimum of 9',
    );
  });

  it('needs cases in as many reports as the policy says', () => {
    const demanding = { ...policy, minimumReports: 2 };
    const judged = (tally: TestTally): string[] =>
      codes(judgeTests({ tally, policy: demanding, waive: waiving() }));
    expect(judged(tallied({ a: 'passed' }, {}))).toEqual(['error evidence-too-small']);
    expect(judged(tallied({ a: 'passed' }, { b: 'passed' }))).toEqual([]);
  });

  it('that is too small does not hide a failure', () => {
    const tally = tallied({ a: 'failed' });
    const judgement = judgeTests({
      tally,
      policy: { ...policy, minimumTests: 5 },
      waive: waiving(),
    });
    expect(codes(judgement)).toEqual(['fail tests-failed', 'error evidence-too-small']);
  });
});

describe('limits', () => {
  it('of skipped tests', () => {
    const tally = tallied({ a: 'passed', b: 'skipped', c: 'skipped' });
    const judged = (maximumSkipped: number): Judgement =>
      judgeTests({ tally, policy: { ...policy, maximumSkipped }, waive: waiving() });
    expect(codes(judged(2))).toEqual([]);
    expect(codes(judged(1))).toEqual(['fail tests-skipped']);
    expect(judged(0).breaches[0]?.explanation).toBe('2 tests skipped, 2 more than the 0 allowed');
  });

  it('of flaky tests, of which waived ones do not count', () => {
    const tally = tallied({ a: 'passed', b: 'flaky', c: 'flaky' });
    const judged = (maximumFlaky: number | undefined, ...waivers: string[]): Judgement =>
      judgeTests({
        tally,
        policy: maximumFlaky === undefined ? policy : { ...policy, maximumFlaky },
        waive: waiving(...waivers),
      });
    expect(codes(judged(undefined))).toEqual([]);
    expect(codes(judged(2))).toEqual([]);
    expect(judged(2).findings.every(({ blocking }) => !blocking)).toBe(true);
    expect(codes(judged(1))).toEqual(['fail tests-flaky']);
    expect(judged(1).findings).toMatchObject([
      { kind: 'flaky-test', level: 'warning', blocking: true },
      { kind: 'flaky-test', level: 'warning', blocking: true },
    ]);
    expect(codes(judged(1, idOf('b')))).toEqual([]);
    expect(judged(1, idOf('b')).counts).toMatchObject({ flaky: 2, waived: 0 });
  });
});

describe('comparison with a base', () => {
  const comparing = { ...policy, regressions: true };

  it('finds newly failing, newly skipped and removed tests', () => {
    const base = baseOf({ a: 'passed', b: 'passed', c: 'passed', d: 'failed', e: 'skipped' });
    const tally = tallied({ a: 'failed', b: 'skipped', d: 'failed', f: 'passed' });
    const judgement = judgeTests({ tally, base, policy: comparing, waive: waiving() });
    expect(codes(judgement)).toEqual(['fail tests-failed', 'fail tests-regressed']);
    expect(judgement.breaches.map(({ explanation }) => explanation)).toEqual([
      '2 of 4 tests failed; 1 test not failing in the base',
      'Against the base: 1 test newly failing, 1 test newly skipped, 1 test removed',
    ]);
    const told = judgement.findings.map(({ kind, id, baseline }) => [kind, id, baseline]);
    expect(told).toEqual([
      ['test', idOf('a'), 'new'],
      ['test', idOf('d'), 'known'],
      ['test-regression', idOf('b'), 'new'],
      ['test-regression', idOf('c'), 'new'],
    ]);
    expect(judgement.findings.at(-1)).toMatchObject({
      path: 'src/c.ts',
      message: 's › c: passed in the base, gone now',
      blocking: true,
    });
  });

  it('passes when nothing was lost', () => {
    const base = baseOf({ a: 'passed', b: 'skipped', c: 'skipped' });
    const tally = tallied({ a: 'flaky', b: 'passed', d: 'skipped' });
    expect(codes(judgeTests({ tally, base, policy: comparing, waive: waiving() }))).toEqual([]);
  });

  it('tells new failures from known ones even when regressions are not demanded', () => {
    const base = baseOf({ a: 'failed', b: 'passed' });
    const tally = tallied({ a: 'failed', b: 'failed' });
    const judgement = judgeTests({ tally, base, policy, waive: waiving() });
    expect(judgement.findings.map(({ baseline }) => baseline)).toEqual(['known', 'new']);
    expect(codes(judgement)).toEqual(['fail tests-failed']);
  });

  it('lets a waiver excuse a removed test', () => {
    const base = baseOf({ a: 'passed', b: 'passed' });
    const tally = tallied({ a: 'passed' });
    const judgement = judgeTests({ tally, base, policy: comparing, waive: waiving(idOf('b')) });
    expect(codes(judgement)).toEqual([]);
    expect(judgement.waived).toHaveLength(1);
  });

  it('does not trip over names that objects have', () => {
    const gatherer = createTestTally();
    gatherer.sink('r')({
      identity: '||__proto__',
      name: '__proto__',
      suite: '',
      outcome: 'passed',
    });
    const judgement = judgeTests({ tally: gatherer.tally(), policy, waive: waiving() });
    const base = resultOf(judgement);
    const tally = tallied({ a: 'passed' });
    const compared = judgeTests({ tally, base, policy: comparing, waive: waiving() });
    expect(compared.findings.map(({ id }) => id)).toEqual(['||__proto__']);
  });

  it('allows as many fewer tests as the policy says', () => {
    const base = baseOf({ a: 'passed', b: 'passed', c: 'passed' });
    const judged = (mayLoseTests: number): Judgement =>
      judgeTests({
        tally: tallied({ a: 'passed' }),
        base,
        policy: { ...policy, mayLoseTests },
        waive: waiving(),
      });
    expect(codes(judged(2))).toEqual([]);
    expect(codes(judged(1))).toEqual(['fail tests-regressed']);
    expect(judged(1).breaches[0]?.explanation).toBe(
      '1 test, 2 fewer than the 3 of the base; at most 1 may go',
    );
  });

  const tally = tallied({ a: 'passed' });
  const good = baseOf({ a: 'passed' });
  const { tests: _, ...unlisted } = good;
  const audit = { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, waived: 0 };
  it.each<[string, GateResult | undefined]>([
    ['missing', undefined],
    ['of another gate', { ...good, gate: 'audit', counts: audit }],
    ['with counts of another gate', { ...good, counts: audit }],
    ['that ended in error', { ...good, verdict: 'error' }],
    ['that was skipped', { ...good, verdict: 'skipped' }],
    ['that lists no tests', unlisted],
  ])('is an error with a base %s', (_name, base) => {
    const input = { tally, policy: comparing, waive: waiving(), ...(base && { base }) };
    expect(codes(judgeTests(input))).toEqual(['error base-unusable']);
  });

  it('needs only the number of tests where only that is compared', () => {
    const losing = { ...policy, mayLoseTests: 0 };
    const judged = judgeTests({ tally, base: unlisted, policy: losing, waive: waiving() });
    expect(codes(judged)).toEqual([]);
    expect(codes(judgeTests({ tally, policy: losing, waive: waiving() }))).toEqual([
      'error base-unusable',
    ]);
  });

  it('is an error when this run has too many tests to list', () => {
    const { outcomes, ...many } = tally;
    expect(outcomes?.size).toBeLessThan(identityLimit);
    const judgement = judgeTests({ tally: many, base: good, policy: comparing, waive: waiving() });
    expect(codes(judgement)).toEqual(['error base-unusable']);
    expect(judgement).not.toHaveProperty('tests');
    expect(judgement.notes.join()).toContain('too many to list');
  });
});

it('takes in what coverage came to', () => {
  const coverage = {
    counts: { metric: 'line', covered: 1, total: 2, percent: '50.00', minimum: 70 },
    findings: [],
    breaches: [{ verdict: 'fail', reasonCode: 'coverage-below-minimum', explanation: 'x' }],
    notes: ['n'],
  } as const;
  const tally = tallied({ a: 'passed' });
  const judgement = judgeTests({ tally, policy, waive: waiving(), coverage });
  expect(judgement.counts).toMatchObject({ tests: 1, coverage: { covered: 1 } });
  expect(codes(judgement)).toEqual(['fail coverage-below-minimum']);
  expect(judgement.notes).toEqual(['n']);
});
