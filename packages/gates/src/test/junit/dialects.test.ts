import { describe, expect, it } from '@jest/globals';
import { casesOf, outcomesOf, sample, tallyOf } from '../test-support.ts';

const pytestReport = (tests: number, failures: number, cases: string): string =>
  `<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="${failures}" skipped="0" tests="${tests}" time="0.1" timestamp="2026-11-21T11:18:36" hostname="h">${cases}</testsuite></testsuites>`;

const goReport = (cases: string, tests: number, failures: number): string =>
  `<testsuites><testsuite tests="${tests}" failures="${failures}" time="0.1" name="p" timestamp="t">${cases}</testsuite></testsuites>`;
const failed = (name: string): string =>
  `<testcase classname="p" name="${name}"><failure message="Failed"/></testcase>`;
const passed = (name: string): string => `<testcase classname="p" name="${name}"/>`;

describe('pytest', () => {
  it('skips expected failures, fails strict ones that pass, and errs for fixtures', async () => {
    expect(await outcomesOf(sample('pytest/findings.xml'))).toEqual(
      expect.arrayContaining([
        'test_skipped: skipped',
        'test_known: skipped',
        'test_fixed: passed',
        'test_fixed_strict: failed',
        'test_cannot_start: errored',
        'test_passes_then_errs: errored',
      ]),
    );
  });

  it('does not take a failure and an error at tear-down for a flaky test', async () => {
    const tally = await tallyOf(sample('pytest/findings.xml'));
    expect(tally.counts).toMatchObject({ flaky: 0, failed: 3, errored: 3 });
    const twice = '|tests.test_cases|test_fails_twice';
    expect(tally.outcomes?.get(twice)).toBe('failed');
    const kept = tally.failing.filter(({ testCase }) => testCase.identity === twice);
    expect(kept).toMatchObject([{ cases: 2, testCase: { message: 'assert False' } }]);
  });

  it('finds the place in the last line of the text, where there are no attributes', async () => {
    const cases = await casesOf(sample('pytest/findings.xml'));
    expect(cases.find(({ name }) => name === 'test_fails')).toMatchObject({
      path: 'tests/test_cases.py',
      line: 9,
    });
  });

  it('counts the lines of xunit1 from 0', async () => {
    const text = sample('pytest/findings-xunit1.xml');
    const attribute = /name="test_fails" file="[^"]*" line="(\d+)"/.exec(text)?.[1];
    const cases = await casesOf(text);
    expect(cases.find(({ name }) => name === 'test_fails')?.line).toBe(Number(attribute) + 1);
  });

  it('errs when a file cannot be imported', async () => {
    const cases = await casesOf(sample('pytest/collection-error.xml'));
    expect(cases).not.toHaveLength(0);
    expect(new Set(cases.map(({ outcome }) => outcome))).toEqual(new Set(['errored']));
  });

  it('counts passing subtests in its header only', async () => {
    const text = pytestReport(12, 0, '<testcase classname="U" name="test_sub"/>');
    expect(await outcomesOf(text)).toEqual(['test_sub: passed']);
  });

  it('may still not claim failures that are not there, nor tests without any case', async () => {
    for (const text of [pytestReport(1, 1, '<testcase name="t"/>'), pytestReport(1, 0, '')]) {
      await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
    }
  });

  it('keeps a test failing that failed in every rerun, though each attempt looks passed', async () => {
    const tally = await tallyOf(sample('pytest/reruns.xml'));
    expect(tally.outcomes?.get('|flaky.test_flaky|test_never_works')).toBe('failed');
  });
});

describe('jest-junit', () => {
  it('has errored tests for files that cannot run (F15)', async () => {
    const tally = await tallyOf(sample('jest-junit/collection-error.xml'));
    expect(tally.counts).toMatchObject({ tests: 2, failed: 1, errored: 1 });
    expect(tally.failing).toHaveLength(1);
  });

  it('has no test at all when the only file cannot run and suite errors are not reported', async () => {
    expect((await tallyOf(sample('jest-junit/collection-error-unreported.xml'))).counts.tests).toBe(
      0,
    );
  });

  it('has a failing case for a hook that its header does not count', async () => {
    const { counts } = await tallyOf(sample('jest-junit/hooks.xml'));
    expect(counts).toMatchObject({ tests: 3, failed: 2 });
  });

  it('may not claim failures that are not there', async () => {
    const text = sample('jest-junit/clean.xml').replace(
      'failures="0" skipped',
      'failures="1" skipped',
    );
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });

  it('can write control characters that XML does not allow', async () => {
    const text = sample('jest-junit/clean.xml').replaceAll('name="calm', 'name="\u001b[31mcalm');
    expect((await casesOf(text)).every(({ name }) => !name.includes('\u001b'))).toBe(true);
  });
});

describe.each(['node-test', 'node-test-24'])('%s', (folder) => {
  it('skips a failing todo, as the runner does', async () => {
    const outcomes = await outcomesOf(sample(`${folder}/findings.xml`));
    expect(outcomes).toEqual(
      expect.arrayContaining([
        'is a failing todo: skipped',
        'is a passing todo: skipped',
        'is planned: skipped',
        'is cancelled: failed',
        'stands at the root: passed',
      ]),
    );
  });

  it('reads its suites, whose headers count children and not cases', async () => {
    expect((await tallyOf(sample(`${folder}/all.xml`))).counts.tests).toBe(19);
  });

  it('names the suites of a case where the class name says nothing', async () => {
    const cases = await casesOf(sample(`${folder}/findings.xml`));
    expect(cases.find(({ name }) => name === 'rounds')?.suite).toBe('basket.with discount');
  });

  it('is contradictory when only its totals have the failure of a test with subtests', async () => {
    const text = sample(`${folder}/clean.xml`).replace('<!-- fail 0 -->', '<!-- fail 1 -->');
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });

  it('believes the totals and not a comment that a test has written', async () => {
    const text = sample(`${folder}/clean.xml`);
    const forged = text
      .replace('<!-- fail 0 -->', '<!-- fail 1 -->')
      .replace('<testsuites>', '<testsuites><!-- fail 0 -->');
    await expect(casesOf(forged)).rejects.toThrow('no case did');
  });

  it('may not hide a failing child from the header', async () => {
    const text = sample(`${folder}/clean.xml`).replace('failures="0"', 'failures="1"');
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });
});

const nodeHeader = (failures: number): string =>
  `time="0" disabled="0" errors="0" tests="${failures}" failures="${failures}" skipped="0" hostname="h"`;

it('node:test counts a failing child suite once, however many of its cases fail', async () => {
  const failing = '<testcase name="t" classname="test"><failure/></testcase>'.repeat(2);
  const inner = `<testsuite name="in" ${nodeHeader(2)}>${failing}</testsuite>`;
  const text = `<testsuites><testsuite name="out" ${nodeHeader(1)}>${inner}</testsuite></testsuites>`;
  expect(await outcomesOf(text)).toHaveLength(2);
});

describe('surefire', () => {
  it('says which tests were flaky, and which failed again', async () => {
    expect(await outcomesOf(sample('maven/surefire.FindingsTest.xml'))).toEqual(
      expect.arrayContaining([
        'worksTheSecondTime: flaky',
        'errs: errored',
        'fails: failed',
        'skipped: skipped',
      ]),
    );
  });

  it('has a case without a name for a class that cannot start', async () => {
    const [testCase] = await casesOf(sample('maven/surefire.SetUpTest.xml'));
    expect(testCase).toMatchObject({
      identity: '|com.example.SetUpTest|(unnamed)',
      outcome: 'errored',
    });
  });

  it('counts only the last run in its header, but may not claim more', async () => {
    await expect(casesOf(sample('maven/surefire.TearDownTest.xml'))).resolves.toHaveLength(4);
    const text = sample('maven/surefire.CalmTest.xml').replace('failures="0"', 'failures="1"');
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });
});

describe('gotestsum', () => {
  it('has a failing case for a package that does not build', async () => {
    expect(await outcomesOf(sample('gotestsum/build-error.xml'))).toContain('TestMain: failed');
    expect(await outcomesOf(sample('gotestsum/exit-code.xml'))).toContain('TestMain: failed');
  });

  it('joins the runs of a test that passed when it was run again', async () => {
    const [testCase, ...others] = await casesOf(sample('gotestsum/rerun.xml'));
    expect(others).toEqual([]);
    expect(testCase).toMatchObject({ outcome: 'flaky' });
    expect(testCase?.message).toContain('flaky_test.go');
  });

  it('counts a test once that failed in each rerun', async () => {
    const text = goReport(failed('A') + failed('A') + failed('A') + passed('B'), 4, 3);
    expect(await outcomesOf(text)).toEqual(['B: passed', 'A: failed']);
  });

  it.each([
    ['another', failed('A') + passed('A') + passed('B') + passed('B'), 4],
    ['itself', failed('A') + passed('A') + passed('A'), 3],
  ])(
    'keeps it failed when %s passed twice: that was -count, and no rerun',
    async (_, cases, tests) => {
      const outcomes = await outcomesOf(goReport(cases, tests, 1));
      expect(outcomes).toHaveLength(tests);
      expect(outcomes).toContain('A: failed');
    },
  );
});

describe('tools that keep to their headers', () => {
  it('vitest: a hook that failed is a case, and what it kept from running is skipped', async () => {
    const outcomes = await outcomesOf(sample('vitest/hooks.xml'));
    expect(outcomes.filter((outcome) => outcome.endsWith('failed'))).toHaveLength(2);
    expect((await casesOf(sample('vitest/collection-error.xml')))[0]).toMatchObject({
      outcome: 'failed',
      path: 'c/unloadable.test.js',
    });
  });

  it('cargo-nextest and Playwright with retries: flakyFailure, rerunFailure', async () => {
    const text = `<testsuites name="nextest-run" tests="3" skipped="0" failures="1" errors="0"><testsuite name="rs" tests="3" skipped="0" errors="0" failures="1">
      <testcase name="t::ok" classname="rs"/>
      <testcase name="t::exit" classname="rs"><failure type="test failure with exit code 3"/><rerunFailure type="test failure with exit code 3"><system-out/></rerunFailure></testcase>
      <testcase name="t::flaky" classname="rs"><flakyFailure message="first" type="x">at 0</flakyFailure></testcase>
    </testsuite></testsuites>`;
    const cases = await casesOf(text);
    expect(cases.map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'flaky']);
    expect(cases[1]?.message).toBe('test failure with exit code 3');
  });

  it('GoogleTest: disabled and skipped are counted apart, several failures in one case once', async () => {
    const text = `<testsuites tests="4" failures="1" disabled="1" errors="0" name="AllTests"><testsuite name="A" tests="4" failures="1" disabled="1" skipped="1" errors="0">
      <testcase name="Ok" file="a.cc" line="2" status="run" result="completed" classname="A"/>
      <testcase name="Bad" file="a.cc" line="3" status="run" result="completed" classname="A"><failure message="1"/><failure message="2"/></testcase>
      <testcase name="DISABLED_X" status="notrun" result="suppressed" classname="A"/>
      <testcase name="Skip" status="run" result="skipped" classname="A"><skipped message="later"/></testcase>
    </testsuite></testsuites>`;
    expect(await outcomesOf(text)).toEqual([
      'Ok: passed',
      'Bad: failed',
      'DISABLED_X: skipped',
      'Skip: skipped',
    ]);
  });

  it('PHPUnit: headers of nested suites count all below', async () => {
    const text = `<testsuites><testsuite name="/t" tests="2" errors="0" warnings="0" failures="1" skipped="0"><testsuite name="A" file="/work-tree/t/A.php" tests="2" errors="0" warnings="0" failures="1" skipped="0">
      <testcase name="testOk" class="A" classname="A" file="/work-tree/t/A.php" line="4"/>
      <testsuite name="A::testD" tests="1" errors="0" warnings="0" failures="1" skipped="0"><testcase name="testD with data set #1" class="A" classname="A" file="/work-tree/t/A.php" line="10"><failure type="X">A::testD</failure></testcase></testsuite>
    </testsuite></testsuite></testsuites>`;
    expect((await casesOf(text))[1]).toMatchObject({
      path: 't/A.php',
      line: 10,
      outcome: 'failed',
    });
  });
});

describe('Mocha', () => {
  it('its xunit reporter calls failures errors, and does not count the case of a hook', async () => {
    const text = `<testsuite name="Mocha Tests" tests="1" failures="0" errors="2" skipped="0" timestamp="t" time="0.01">
      <testcase classname="m" name="bad"><failure>x</failure></testcase>
      <testcase classname="m" name="&quot;before all&quot; hook"><failure>b</failure></testcase></testsuite>`;
    expect(await outcomesOf(text)).toEqual(['bad: failed', '"before all" hook: failed']);
    await expect(casesOf(text.replace('errors="2"', 'errors="3"'))).rejects.toThrow('failures="3"');
  });

  it('mocha-junit-reporter counts skipped tests for which it writes no case', async () => {
    const { counts } = await tallyOf(sample('mocha/findings.xml'));
    expect(counts).toMatchObject({ tests: 5, skipped: 2, failed: 1 });
  });

  it.each([
    ['fewer skipped ones than are missing', 'skipped="2"', 'skipped="1"'],
    ['no skipped ones', ' skipped="2"', ''],
    ['a failure that is not there', 'failures="0"', 'failures="1"'],
  ])('mocha-junit-reporter may not have %s', async (_, from, to) => {
    const text = sample('mocha/findings.xml').replace(from, to);
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });
});
