import { describe, expect, it } from '@jest/globals';
import type { TestOutcome } from '@gatewright/verdict';
import { createTestTally, identityLimit, keptLimit } from './tally.ts';
import type { TestCase } from './test-case.ts';

const test = (name: string, outcome: TestOutcome, message = 'no'): TestCase => ({
  identity: `|s|${name}`,
  name,
  suite: 's',
  outcome,
  ...(outcome === 'passed' ? {} : { message }),
});

describe('a tally', () => {
  it.each([
    [['passed', 'failed'], 'failed'],
    [['errored', 'failed'], 'failed'],
    [['flaky', 'errored'], 'errored'],
    [['passed', 'flaky'], 'flaky'],
    [['passed', 'skipped'], 'skipped'],
  ] as const)('keeps the gravest of %j', (outcomes, gravest) => {
    for (const order of [outcomes, outcomes.toReversed()]) {
      const gatherer = createTestTally();
      for (const outcome of order) gatherer.sink('r.xml')(test('t', outcome));
      expect(gatherer.tally().outcomes).toEqual(new Map([['|s|t', gravest]]));
    }
  });

  it('has one entry for a test that failed in several reports, and counts its cases', () => {
    const gatherer = createTestTally();
    gatherer.sink('b.xml')(test('t', 'failed', 'z'));
    gatherer.sink('a.xml')(test('t', 'failed', 'y'));
    const { failing, counts, reports } = gatherer.tally();
    expect(counts).toMatchObject({ tests: 2, failed: 2 });
    expect(reports).toBe(2);
    expect(failing).toEqual([
      { testCase: test('t', 'failed', 'y'), seenIn: ['a.xml', 'b.xml'], cases: 2 },
    ]);
  });

  it('counts only reports that have a case', () => {
    const gatherer = createTestTally();
    gatherer.sink('empty.xml');
    gatherer.sink('full.xml')(test('t', 'passed'));
    expect(gatherer.tally().reports).toBe(1);
  });

  it('counts every failing case, but keeps no more than its limit', () => {
    const gatherer = createTestTally();
    const sink = gatherer.sink('r.xml');
    for (let index = 0; index < keptLimit + 7; index += 1) sink(test(`t${index}`, 'failed'));
    sink(test('t0', 'errored'));
    const { counts, failing, failingOmitted } = gatherer.tally();
    expect(counts).toMatchObject({ failed: keptLimit + 7, errored: 1 });
    expect(failing).toHaveLength(keptLimit);
    expect(failingOmitted).toBe(7);
  });

  it('lists the outcomes of all tests or of none', () => {
    const gatherer = createTestTally();
    const sink = gatherer.sink('r.xml');
    for (let index = 0; index < identityLimit; index += 1) sink(test(`t${index}`, 'passed'));
    sink(test('t0', 'passed'));
    expect(gatherer.tally().outcomes?.size).toBe(identityLimit);
    sink(test('one more', 'passed'));
    expect(gatherer.tally().outcomes).toBeUndefined();
    expect(gatherer.tally().counts.tests).toBe(identityLimit + 2);
  });
});
