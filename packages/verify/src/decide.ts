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
  readonly failures: readonly Mismatch[];
  readonly latencyMs: number | null;
}

export const checkStart: CheckState = {
  attempts: 0,
  good: 0,
  wrong: 0,
  goodStreak: 0,
  wrongStreak: 0,
  failures: [],
  latencyMs: null,
};

/** Takes one answer, or its absence, into account. */
export function check(state: CheckState, observation: CheckObservation): CheckState {
  const attempts = state.attempts + 1;
  if (observation.kind === 'no-answer') {
    const failure = { expected: 'an answer', actual: observation.detail };
    return { ...state, attempts, goodStreak: 0, failures: keep(state.failures, [failure]) };
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
    attempts,
    latencyMs,
    good: state.good,
    wrong: state.wrong + 1,
    goodStreak: 0,
    wrongStreak: state.wrongStreak + 1,
    failures: keep(state.failures, observation.mismatches),
  };
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
 * The verdict of a check whose time is over. Only wrong answers, and no good one among them, say that the release is
 * bad; good ones that never made the row decide nothing; no answer at all is no evidence.
 */
export function conclude(state: CheckState, rule: CheckRule): VerificationVerdict {
  const early = settled(state, rule);
  if (early !== undefined) return early;
  if (state.wrong > 0 && state.good === 0) return 'fail';
  return state.wrong + state.good === 0 ? 'error' : 'inconclusive';
}
