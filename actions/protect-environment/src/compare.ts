import type { BranchRule, Protection, Reviewer } from '@gatewright/config';
import type { EnvironmentProtection } from '@gatewright/github';

/**
 * How a live rule stands to the declared one. `unknown`: it could not be told, which is never good enough. `noted`: the
 * policy cannot declare it.
 */
export type Severity = 'same' | 'weaker' | 'stricter' | 'unknown' | 'noted';

/** One aspect of the protection, declared and live, in words. */
export interface Aspect {
  readonly aspect:
    'reviewers' | 'self-review' | 'wait' | 'branches' | 'admin bypass' | 'other rules';
  readonly declared: string;
  readonly live: string;
  readonly severity: Severity;
  /** What the difference means. */
  readonly note?: string;
}

type Judged = Pick<Aspect, 'severity' | 'note'>;
type Asked = Partial<Omit<Extract<Protection, { kind: 'declared' }>, 'kind'>>;

const notAsked = 'not asked for';

/** Compares every aspect; what the policy does not ask for can only be stricter. */
export function compareProtection(
  declared: Protection,
  live: EnvironmentProtection,
): readonly Aspect[] {
  const asked: Asked = declared.kind === 'none' ? {} : declared;
  return [
    compareReviewers(asked.reviewers, live),
    compareSelfReview(asked.preventSelfReview, live),
    compareWait(asked.waitMinutes, live),
    compareBranches(asked.branches, live),
    noteAdminBypass(live),
    ...noteOtherRules(live),
  ];
}

function names(reviewers: readonly string[]): string {
  return reviewers.length === 0 ? 'nobody' : `any one of ${reviewers.join(', ')}`;
}

function compareReviewers(declared: readonly Reviewer[] | undefined, live: EnvironmentProtection) {
  // GitHub compares logins and slugs without regard to case.
  const required = (declared ?? []).map(({ kind, name }) => `${kind}:${name}`.toLowerCase());
  const actual = live.reviewers.map(({ type, name }) => `${type}:${name}`.toLowerCase());
  return {
    aspect: 'reviewers' as const,
    declared: declared === undefined ? notAsked : names(required),
    live: names(actual),
    ...judgeReviewers(declared === undefined ? undefined : required, actual),
  };
}

function judgeReviewers(
  required: readonly string[] | undefined,
  actual: readonly string[],
): Judged {
  if (required === undefined) return { severity: actual.length === 0 ? 'same' : 'stricter' };
  if (actual.length === 0) return { severity: 'weaker', note: 'nobody has to approve' };
  const missing = required.filter((name) => !actual.includes(name));
  const extra = actual.filter((name) => !required.includes(name));
  const notes = [
    ...(missing.length > 0 ? [`declared, but no reviewer: ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`may approve, undeclared: ${extra.join(', ')}`] : []),
  ];
  return notes.length === 0 ? { severity: 'same' } : { severity: 'weaker', note: notes.join('; ') };
}

function prevention(isPrevented: boolean): string {
  return isPrevented ? 'prevented' : 'allowed';
}

function compareSelfReview(declared: boolean | undefined, live: EnvironmentProtection) {
  const judge = (): Judged => {
    if (live.preventSelfReview === (declared ?? false)) return { severity: 'same' };
    return live.preventSelfReview
      ? { severity: 'stricter' }
      : { severity: 'weaker', note: 'who starts a run may approve it' };
  };
  return {
    aspect: 'self-review' as const,
    declared: declared === undefined ? notAsked : prevention(declared),
    live: prevention(live.preventSelfReview),
    ...judge(),
  };
}

function duration(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

function compareWait(declared: number | undefined, live: EnvironmentProtection) {
  const judge = (): Judged => {
    const least = declared ?? 0;
    if (live.waitMinutes === least) return { severity: 'same' };
    return { severity: live.waitMinutes > least ? 'stricter' : 'weaker' };
  };
  return {
    aspect: 'wait' as const,
    declared: declared === undefined ? notAsked : duration(declared),
    live: duration(live.waitMinutes),
    ...judge(),
  };
}

function branchWords(branches: EnvironmentProtection['branches']): string {
  if (branches === 'any') return 'every branch and tag';
  if (branches === 'protected') return 'protected branches';
  return branches.length === 0 ? 'none' : branches.join(', ');
}

function compareBranches(declared: BranchRule | undefined, live: EnvironmentProtection) {
  const asked = declared?.kind === 'patterns' ? declared.patterns : 'protected';
  return {
    aspect: 'branches' as const,
    declared: declared === undefined ? notAsked : branchWords(asked),
    live: branchWords(live.branches),
    ...judgeBranches(declared, live),
  };
}

function judgeBranches(declared: BranchRule | undefined, live: EnvironmentProtection): Judged {
  const { branches } = live;
  if (declared === undefined) return { severity: branches === 'any' ? 'same' : 'stricter' };
  if (branches === 'any') return { severity: 'weaker', note: 'every branch and tag may deploy' };
  if (branches === 'protected') return judgeProtected(declared, live.protectedBranches);
  if (declared.kind === 'protected') {
    return { severity: 'unknown', note: 'patterns do not tell whether a branch is protected' };
  }
  const extra = branches.filter((pattern) => !declared.patterns.includes(pattern));
  if (extra.length > 0) {
    return { severity: 'weaker', note: `may deploy, undeclared: ${extra.join(', ')}` };
  }
  const isSame = branches.length === new Set(declared.patterns).size;
  return { severity: isSame ? 'same' : 'stricter' };
}

/** "Protected branches only" lets every branch deploy as long as the repository protects none. */
function judgeProtected(
  declared: BranchRule,
  protectedBranches: readonly string[] | undefined,
): Judged {
  if (protectedBranches?.length === 0) {
    return { severity: 'weaker', note: 'no branch is protected, so every branch may deploy' };
  }
  if (declared.kind === 'patterns') {
    return { severity: 'unknown', note: 'which branches are protected may change at any time' };
  }
  return protectedBranches === undefined
    ? {
        severity: 'unknown',
        note: 'whether any branch is protected could not be read (contents: read), and if none is, every branch may deploy',
      }
    : { severity: 'same' };
}

function noteAdminBypass(live: EnvironmentProtection): Aspect {
  const words = { true: 'allowed', false: 'not allowed', undefined: 'not known' };
  return {
    aspect: 'admin bypass',
    declared: 'cannot be declared',
    live: words[`${live.adminsMayBypass}`],
    severity: 'noted',
  };
}

function noteOtherRules(live: EnvironmentProtection): readonly Aspect[] {
  if (live.otherRules.length === 0) return [];
  const declared = 'cannot be declared';
  return [{ aspect: 'other rules', declared, live: live.otherRules.join(', '), severity: 'noted' }];
}
