import { describe, expect, it } from '@jest/globals';
import { preparationFor, problemsOf, scenarios } from './scenarios.ts';

describe('problemsOf', () => {
  const first = scenarios.find(({ name }) => name === 'first-deploy');
  const expectation = first?.expect;
  const asExpected = {
    jobConclusion: 'success',
    verdict: 'pass',
    reasonCode: 'delivered',
    waves: 1,
    hostsChanged: 3,
    hosts: [{ name: 'staging-1', release: '1.0.0', before: null }],
    awsCalls: 20,
  };

  it('finds nothing in what was expected', () => {
    expect(expectation && problemsOf(expectation, asExpected)).toEqual([]);
  });

  it.each([
    { ...asExpected, jobConclusion: 'failure' },
    { ...asExpected, verdict: 'fail' },
    { ...asExpected, reasonCode: 'verified' },
    { ...asExpected, waves: 0 },
    { ...asExpected, hostsChanged: 2 },
    { ...asExpected, hosts: [{ name: 'staging-1', release: null, before: null }] },
  ])('names whatever differs: %j', (seen) => {
    expect(expectation && problemsOf(expectation, seen)).toHaveLength(1);
  });
});

describe('a scenario in which nothing may happen', () => {
  const expectation = scenarios.find(({ name }) => name === 'bad-gate')?.expect;
  const still = { name: 'production-1', release: '1.0.0', before: '1.0.0' };
  const asExpected = {
    jobConclusion: 'failure',
    verdict: 'fail',
    reasonCode: 'gates-failed',
    waves: 0,
    hostsChanged: 0,
    hosts: [still],
    awsCalls: 0,
  };

  it('finds nothing when hosts serve what they served, and AWS was not asked', () => {
    expect(expectation && problemsOf(expectation, asExpected)).toEqual([]);
  });

  it.each([
    { ...asExpected, awsCalls: 1 },
    { ...asExpected, hosts: [{ ...still, release: '1.3.0' }] },
  ])('names whatever moved: %j', (seen) => {
    expect(expectation && problemsOf(expectation, seen)).toHaveLength(1);
  });
});

const releases = (...names: string[]): string[] =>
  preparationFor(names).map(({ release }) => release);

describe('preparationFor', () => {
  it('prepares production with what the scenarios before would have left', () => {
    expect(releases('first-deploy')).toEqual([]);
    expect(releases('gates', 'bad-gate')).toEqual([]);
    expect(releases('approved-rollout', 'bad-release')).toEqual(['1.0.0']);
    expect(releases('bad-release')).toEqual(['1.0.0', '1.1.0']);
    expect(releases('manual-rollback')).toEqual(['1.0.0', '1.1.0']);
  });
});
