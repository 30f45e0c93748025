import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Protection } from '@gatewright/config';
import type { EnvironmentProtection } from '@gatewright/github';
import { decide } from './decide.ts';

const strong: EnvironmentProtection = {
  reviewers: [
    { type: 'user', name: 'octo-reviewer' },
    { type: 'team', name: 'ops' },
  ],
  preventSelfReview: true,
  waitMinutes: 10,
  branches: ['main', 'release/*'],
  protectedBranches: undefined,
  adminsMayBypass: false,
  otherRules: [],
};

const declared: Protection = {
  kind: 'declared',
  reviewers: [
    { kind: 'user', name: 'Octo-Reviewer' },
    { kind: 'team', name: 'ops' },
  ],
  preventSelfReview: true,
  waitMinutes: 10,
  branches: { kind: 'patterns', patterns: ['main', 'release/*'] },
};

function judge(live: Partial<EnvironmentProtection>, asked: Protection = declared) {
  return decide('production', asked, {
    kind: 'found',
    name: 'production',
    protection: { ...strong, ...live },
  });
}

function severities(live: Partial<EnvironmentProtection>, asked: Protection = declared) {
  return judge(live, asked).differences.map(({ aspect, severity }) => `${aspect} ${severity}`);
}

const protectedOnly: Protection = { ...declared, branches: { kind: 'protected' } };

describe('decide', () => {
  it('passes what is as declared', () => {
    expect(judge({})).toMatchObject({
      verdict: 'pass',
      reasonCode: 'environment-protected',
      explanation: 'production is protected as declared.',
      differences: [],
    });
  });

  it.each<[string, Partial<EnvironmentProtection>, string]>([
    ['no reviewers', { reviewers: [] }, 'reviewers weaker'],
    ['one reviewer less', { reviewers: strong.reviewers.slice(1) }, 'reviewers weaker'],
    [
      'a reviewer more, whom nobody declared',
      { reviewers: [...strong.reviewers, { type: 'user', name: 'x' }] },
      'reviewers weaker',
    ],
    [
      'a team of the name of a user',
      {
        reviewers: [
          { type: 'team', name: 'octo-reviewer' },
          { type: 'team', name: 'ops' },
        ],
      },
      'reviewers weaker',
    ],
    ['self-review', { preventSelfReview: false }, 'self-review weaker'],
    ['a shorter wait', { waitMinutes: 9 }, 'wait weaker'],
    ['every branch', { branches: 'any' }, 'branches weaker'],
    ['a branch more', { branches: ['main', 'release/*', '*'] }, 'branches weaker'],
    [
      'protected branches, of which there is none',
      { branches: 'protected', protectedBranches: [] },
      'branches weaker',
    ],
    [
      'protected branches, whichever',
      { branches: 'protected', protectedBranches: ['main'] },
      'branches unknown',
    ],
  ])('denies: %s', (_, live, expected) => {
    expect(severities(live)).toEqual([expected]);
    expect(judge(live).verdict).not.toBe('pass');
    expect(judge(live).remedy).toContain(expected.split(' ')[0]);
  });

  it.each<[string, Partial<EnvironmentProtection>, string]>([
    ['a longer wait', { waitMinutes: 11 }, 'wait stricter'],
    ['a branch less', { branches: ['main'] }, 'branches stricter'],
    ['no branch at all', { branches: [] }, 'branches stricter'],
  ])('passes and reports: %s', (_, live, expected) => {
    expect(severities(live)).toEqual([expected]);
    expect(judge(live)).toMatchObject({ verdict: 'pass', reasonCode: 'environment-protected' });
    expect(judge(live).explanation).toContain('stricter');
  });

  it('knows that "protected branches only" is worth what the branches are', () => {
    const live = (protectedBranches: string[] | undefined) =>
      judge({ branches: 'protected', protectedBranches }, protectedOnly);
    expect(live(['main']).verdict).toBe('pass');
    expect(live([])).toMatchObject({ verdict: 'fail', reasonCode: 'environment-weak' });
    expect(live(undefined)).toMatchObject({
      verdict: 'error',
      reasonCode: 'environment-unreadable',
      explanation: expect.stringContaining('contents: read'),
    });
    expect(severities({ branches: ['main'] }, protectedOnly)).toEqual(['branches unknown']);
  });

  it('asks for nothing where the policy says none', () => {
    const bare = {
      reviewers: [],
      preventSelfReview: false,
      waitMinutes: 0,
      branches: 'any',
    } as const;
    expect(judge(bare, { kind: 'none' })).toMatchObject({ verdict: 'pass', differences: [] });
    expect(severities({}, { kind: 'none' })).toEqual([
      'reviewers stricter',
      'self-review stricter',
      'wait stricter',
      'branches stricter',
    ]);
  });

  it('notes what the policy cannot declare', () => {
    const { aspects } = judge({ adminsMayBypass: undefined, otherRules: ['custom'] });
    expect(aspects.filter(({ severity }) => severity === 'noted')).toMatchObject([
      { aspect: 'admin bypass', live: 'not known' },
      { aspect: 'other rules', live: 'custom' },
    ]);
  });

  it('never passes what is missing or unreadable', () => {
    expect(
      decide('production', { kind: 'none' }, { kind: 'missing', existing: ['staging'] }),
    ).toMatchObject({
      verdict: 'fail',
      reasonCode: 'environment-missing',
      explanation: 'The environment production does not exist; there are staging.',
    });
    const unreadable = {
      kind: 'unreadable',
      status: 403,
      why: 'no scope',
      remedy: 'grant it',
    } as const;
    expect(decide('production', { kind: 'none' }, unreadable)).toMatchObject({
      verdict: 'error',
      reasonCode: 'environment-unreadable',
      remedy: 'grant it',
    });
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const reviewers = fc.uniqueArray(
  fc.record({ kind: fc.constantFrom('user' as const, 'team' as const), name }),
  {
    minLength: 1,
    maxLength: 6,
    selector: (one) => `${one.kind}:${one.name}`,
  },
);
const patterns = fc.uniqueArray(fc.constantFrom('main', 'release/*', 'v*', 'hotfix'), {
  minLength: 1,
});
const anyPolicy = fc.record({
  kind: fc.constant('declared' as const),
  reviewers,
  preventSelfReview: fc.constant(true),
  waitMinutes: fc.integer({ min: 1, max: 100 }),
  branches: fc.record({ kind: fc.constant('patterns' as const), patterns }),
});
type AnyPolicy = typeof anyPolicy extends fc.Arbitrary<infer T> ? T : never;

/** An environment exactly as the policy wants it. */
function exact(policy: AnyPolicy): EnvironmentProtection {
  return {
    ...strong,
    reviewers: policy.reviewers.map((one) => ({ type: one.kind, name: one.name })),
    preventSelfReview: policy.preventSelfReview,
    waitMinutes: policy.waitMinutes,
    branches: policy.branches.patterns,
  };
}

type Change = (live: EnvironmentProtection) => Partial<EnvironmentProtection>;
const weakenings: readonly Change[] = [
  () => ({ reviewers: [] }),
  (live) => ({ reviewers: live.reviewers.slice(1) }),
  () => ({ preventSelfReview: false }),
  (live) => ({ waitMinutes: live.waitMinutes - 1 }),
  () => ({ waitMinutes: 0 }),
  () => ({ branches: 'any' }),
  () => ({ branches: 'protected', protectedBranches: undefined }),
  (live) => ({ branches: [live.branches, 'undeclared'].flat() }),
];
const strengthenings: readonly Change[] = [
  (live) => ({ waitMinutes: live.waitMinutes + 1 }),
  (live) => ({ branches: Array.isArray(live.branches) ? live.branches.slice(1) : live.branches }),
  () => ({ adminsMayBypass: false }),
  () => ({ otherRules: ['custom'] }),
];

function apply(live: EnvironmentProtection, changes: readonly Change[]): EnvironmentProtection {
  return changes.reduce((changed, change) => ({ ...changed, ...change(changed) }), live);
}

describe('whatever the policy', () => {
  it('an exact environment passes, and stays a pass when strictness is added', () => {
    fc.assert(
      fc.property(anyPolicy, fc.subarray([...strengthenings]), (policy, changes) => {
        expect(judge(apply(exact(policy), changes), policy).verdict).toBe('pass');
      }),
    );
  });

  it('removing any protection is never a pass, whatever else became stricter', () => {
    const changes = fc.tuple(fc.constantFrom(...weakenings), fc.subarray([...strengthenings]));
    fc.assert(
      fc.property(anyPolicy, changes, (policy, [weaken, strengthen]) => {
        const live = apply(exact(policy), strengthen);
        const weakened = { ...live, ...weaken(exact(policy)) };
        expect(judge(weakened, policy).verdict).not.toBe('pass');
      }),
    );
  });
});
