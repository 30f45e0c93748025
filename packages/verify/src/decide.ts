import type { VerificationVerdict } from '@gatewright/verdict';
import type { CheckObservation } from './judge-answer.ts';
import type { Mismatch } from './model.ts';
import type { ReleaseObservation } from './read-release.ts';

/** The rules of the decision: pure reducers over what was observed. */

const keptFailures = 5;

/** What convergence knows of one target. */
export interface ConvergeState {
  /** Answers of the expected release in a row, up to now. */
  readonly streak: number;
  /** Whether the target answered at all, whatever it said. */
  readonly answered: boolean;
  /** Every release that it told, in the order of the first sight. */
  readonly seen: readonly string[];
  readonly observedRelease: string | null;
  /** The last observation in words. */
  readonly last: string;
}

export const convergeStart: ConvergeState = {
  streak: 0,
  answered: false,
  seen: [],
  observedRelease: null,
  last: 'never asked',
};

/** An observation in words: `serves 1.0.0`, `no answer: connection refused`. */
export function describeRelease(observation: ReleaseObservation, expected: string): string {
  if (observation.kind === 'no-answer') return `no answer: ${observation.detail}`;
  if (observation.kind === 'untold') return `tells no release: ${observation.detail}`;
  return `serves ${observation.kind === 'expected' ? expected : observation.release}`;
}

/** Takes one observation of the release into account. Anything but the expected release ends the streak. */
export function converge(
  state: ConvergeState,
  observation: ReleaseObservation,
  expected: string,
): ConvergeState {
  const told =
    observation.kind === 'expected'
      ? expected
      : observation.kind === 'other'
        ? observation.release
        : undefined;
  return {
    streak: observation.kind === 'expected' ? state.streak + 1 : 0,
    answered: state.answered || observation.kind !== 'no-answer',
    seen: told === undefined || state.seen.includes(told) ? state.seen : [...state.seen, told],
    observedRelease: told ?? state.observedRelease,
    last: describeRelease(observation, expected),
  };
}

/** What is known of one check on one target. */
export interface CheckState {
  readonly attempts: number;
  readonly good: number;
  readonly wrong: number;
  /** Good answers in a row, up to now. */
  readonly goodStreak: number;
  /** Wrong answers in a row, up to now; a request without answer neither adds to it nor ends it. */
  readonly wrongStreak: number;
  /**
   * Whether requests without answer speak against the release: `open` after one, since the way to the target may have
   * broken just then, and `held` once the target has told the expected release again after it. A target that does not tell
   * it any more takes that back to `none`.
   */
  readonly silence: 'none' | 'open' | 'held';
  readonly failures: readonly Mismatch[];
  readonly latencyMs: number | null;
}

export const checkStart: CheckState = {
  attempts: 0,
  good: 0,
  wrong: 0,
  goodStreak: 0,
  wrongStreak: 0,
  silence: 'none',
  failures: [],
  latencyMs: null,
};

/** Takes into account that the target told the expected release once more. */
export function releaseTold(state: CheckState): CheckState {
  return state.silence === 'open' ? { ...state, silence: 'held' } : state;
}

/** Takes one answer, or its absence, into account. */
export function check(state: CheckState, observation: CheckObservation): CheckState {
  const attempts = state.attempts + 1;
  if (observation.kind === 'no-answer' || observation.kind === 'unseen') {
    return { ...state, ...withoutAnswer(state, observation), attempts, goodStreak: 0 };
  }
  const latencyMs = Math.max(state.latencyMs ?? 0, Math.round(observation.latencyMs));
  if (observation.kind === 'good') {
    const { good, goodStreak } = state;
    return {
      ...state,
      attempts,
      latencyMs,
      good: good + 1,
      goodStreak: goodStreak + 1,
      wrongStreak: 0,
    };
  }
  return {
    ...state,
    attempts,
    latencyMs,
    wrong: state.wrong + 1,
    goodStreak: 0,
    wrongStreak: state.wrongStreak + 1,
    failures: keep(state.failures, observation.mismatches),
  };
}

function withoutAnswer(
  { silence, failures }: CheckState,
  observation: Extract<CheckObservation, { kind: 'no-answer' | 'unseen' }>,
): Pick<CheckState, 'silence' | 'failures'> {
  if (observation.kind === 'unseen') {
    const failure = { expected: 'the release to be told', actual: observation.detail };
    return { silence: 'none', failures: keep(failures, [failure]) };
  }
  const failure = { expected: 'an answer', actual: `no answer: ${observation.detail}` };
  return { silence: silence === 'none' ? 'open' : silence, failures: keep(failures, [failure]) };
}

function keep(failures: readonly Mismatch[], more: readonly Mismatch[]): readonly Mismatch[] {
  return [...failures, ...more].slice(-keptFailures);
}

export interface CheckRule {
  readonly consecutiveSuccesses: number;
  readonly failuresToFail: number;
}

/** Whether a check is settled before its time is over. */
export function settled(state: CheckState, rule: CheckRule): 'pass' | 'fail' | undefined {
  if (state.goodStreak >= rule.consecutiveSuccesses) return 'pass';
  if (state.wrongStreak >= rule.failuresToFail) return 'fail';
  return undefined;
}

/**
 * The verdict of a check whose time is over. Only wrong answers, or only silence from a target that went on telling the
 * expected release, say that the release is bad. Good answers that never made the row decide nothing, nor does silence
 * that may lie at the way to the target; if nothing at all of the target ever answered, there is no evidence.
 */
export function conclude(
  state: CheckState,
  rule: CheckRule,
  target: { readonly answered: boolean },
): VerificationVerdict {
  const early = settled(state, rule);
  if (early !== undefined) return early;
  if (state.good === 0 && (state.wrong > 0 || state.silence === 'held')) return 'fail';
  return target.answered ? 'inconclusive' : 'error';
}
