// F1–F5, F11 and F15: ways in which gates of tests and coverage are known to go green.
import { describe, expect, it } from '@jest/globals';
import { parseChanges } from '../coverage/parse-changes.ts';
import { asBase, sample, testGate } from './test-support/gates.ts';

const cases = (count: number, inside = ''): string =>
  Array.from(
    { length: count },
    (_, index) => `<testcase name="t${index}">${inside}</testcase>`,
  ).join('\n');
const junit = (inside: string, header = ''): string =>
  `<testsuites${header}>${inside}</testsuites>`;
const passing = { 'junit.xml': junit(`<testsuite name="s">${cases(3)}</testsuite>`) };

describe('fail-open', () => {
  it('F1: what is shown is limited, what is counted is not', async () => {
    const late = `<testcase name="late"><failure message="wrong"/></testcase>`;
    const few = await testGate({ 'junit.xml': junit(cases(15) + late) });
    expect(few).toMatchObject({
      verdict: 'fail',
      reasonCode: 'tests-failed',
      judgement: {
        counts: { tests: 16, passed: 15, failed: 1 },
        findings: [{ message: 'late: wrong' }],
      },
    });
    // Beyond every list that is kept: identities, and failing tests.
    const many = await testGate({ 'junit.xml': junit(cases(60_000) + late) });
    expect(many.judgement?.counts).toMatchObject({ tests: 60_001, failed: 1 });
    expect(many.verdict).toBe('fail');
    const failing = await testGate({ 'junit.xml': junit(cases(10_050, '<failure/>')) });
    expect(failing.judgement?.counts).toMatchObject({ tests: 10_050, failed: 10_050 });
  });

  it('F2: nested suites and cases outside of suites count', async () => {
    const nested =
      '<testsuite name="a"><testcase name="1"/><testsuite name="b"><testcase name="2"/>' +
      '<testsuite name="c"><testcase name="3"/><testcase name="4"><failure/></testcase></testsuite>' +
      '</testsuite><testcase name="5"/></testsuite>';
    expect(await testGate({ 'nested.xml': junit(nested) })).toMatchObject({
      verdict: 'fail',
      judgement: { counts: { tests: 5, passed: 4, failed: 1 } },
    });
    expect(await testGate({ 'node.xml': sample('node-test/findings.xml') })).toMatchObject({
      verdict: 'fail',
      judgement: { counts: { tests: 11, failed: 3 } },
    });
    const atRoot = junit('<testcase name="1"/><testcase name="2"><error/></testcase>');
    expect(await testGate({ 'root.xml': atRoot })).toMatchObject({
      verdict: 'fail',
      judgement: { counts: { tests: 2, errored: 1 } },
    });
  });

  it('F3: a header that tells of failures without cases is no evidence of success', async () => {
    const empty = '<testsuite name="s" tests="1" failures="1"></testsuite>';
    expect(await testGate({ 'a.xml': junit(empty) })).toMatchObject({
      verdict: 'error',
      reasonCode: 'report-contradictory',
    });
    // Not even beside a report that is fine.
    expect(await testGate({ ...passing, 'a.xml': junit(empty) })).toMatchObject({
      verdict: 'error',
    });
    expect(await testGate({ 'a.xml': junit('<testsuite name="s" tests="0"/>') })).toMatchObject({
      verdict: 'error',
      reasonCode: 'evidence-too-small',
    });
  });

  it('F4: a report that ends in the middle is no evidence, wherever it ends', async () => {
    const whole = sample('pytest/clean.xml').trimEnd();
    expect((await testGate({ 'pytest.xml': whole })).verdict).toBe('pass');
    for (let end = 0; end < whole.length; end += 1) {
      const { verdict } = await testGate({ 'pytest.xml': whole.slice(0, end) });
      expect({ end, verdict }).toEqual({ end, verdict: 'error' });
    }
  });

  it('F5: 61.54 % is not 62 %, and the report cannot round it up', async () => {
    const lines = Array.from(
      { length: 13 },
      (_, index) => `DA:${index + 1},${index < 8 ? 1 : 0}\n`,
    );
    const coverage = { 'lcov.info': `SF:a.py\n${lines.join('')}end_of_record\n` };
    expect(await testGate(passing, { coverage, coveragePolicy: { minimum: 62 } })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'coverage-below-minimum',
      explanations: [expect.stringContaining('1 more covered line is needed for 62 %')],
      judgement: { counts: { coverage: { covered: 8, total: 13, percent: '61.53' } } },
    });
    expect(await testGate(passing, { coverage, coveragePolicy: { minimum: 61.53 } })).toMatchObject(
      {
        verdict: 'pass',
      },
    );
    // The tool says 60 % of lines and branches together, where 57.14 % of the lines are covered.
    const real = { 'coverage.json': sample('coverage-py/branch.json') };
    expect(
      await testGate(passing, { coverage: real, coveragePolicy: { minimum: 60 } }),
    ).toMatchObject({ verdict: 'fail', judgement: { counts: { coverage: { percent: '57.14' } } } });
  });

  it('F11: changed lines that are not known are not "nothing changed"', async () => {
    const coverage = { 'lcov.info': 'SF:a.py\nDA:1,1\nDA:2,0\nend_of_record\n' };
    const coveragePolicy = { minimum: 50, changedMinimum: 80 };
    expect(await testGate(passing, { coverage, coveragePolicy })).toMatchObject({
      verdict: 'error',
      reasonCode: 'changes-unknown',
    });
    const changedLines = parseChanges(
      'diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -2 +2 @@\n-x\n+y\n',
    );
    expect(await testGate(passing, { coverage, coveragePolicy, changedLines })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'coverage-below-minimum',
    });
    // A diff that touches nothing measured is told, and not a ratio of its own.
    const nothing = await testGate(passing, { coverage, coveragePolicy, changedLines: new Map() });
    expect(nothing.judgement?.notes.join(' ')).toContain('not judged');
    expect(nothing.judgement?.counts).not.toHaveProperty('coverage.changed');
    for (const text of [
      'fatal: bad revision',
      'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,0 +2,3 @@\n+x\n',
    ]) {
      expect(() => parseChanges(text)).toThrow(/cannot be read/);
    }
  });

  it('F15: a test file that cannot be loaded does not vanish', async () => {
    for (const report of ['collection-error', 'syntax-error', 'empty-file']) {
      const ended = await testGate({ 'junit.xml': sample(`jest-junit/${report}.xml`) });
      expect(ended).toMatchObject({ verdict: 'fail', reasonCode: 'tests-failed' });
    }
    // Nothing else in the report: no test is too few.
    const alone = sample('jest-junit/collection-error-unreported.xml');
    expect(await testGate({ 'junit.xml': alone })).toMatchObject({ verdict: 'error' });
    // Beside others only the base knows that tests are gone.
    const before = asBase(
      'test',
      await testGate({ 'junit.xml': sample('jest-junit/findings.xml') }),
    );
    const unreported = { 'junit.xml': sample('jest-junit/syntax-error-unreported.xml') };
    expect(
      await testGate(unreported, { base: before, policy: { regressions: true } }),
    ).toMatchObject({ verdict: 'fail', reasonCode: 'tests-regressed' });
    expect(await testGate(unreported, { base: before, policy: { mayLoseTests: 0 } })).toMatchObject(
      {
        verdict: 'fail',
      },
    );
  });
});
