import type { ReasonCode, VerificationVerdict } from '@gatewright/verdict';
import type { ConvergeState } from './decide.ts';
import type { TargetReport } from './model.ts';

export interface Conclusion {
  readonly verdict: VerificationVerdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
}

/** A target at the end of convergence. */
export interface ConvergeEnd {
  readonly name: string;
  readonly converged: boolean;
  readonly state: ConvergeState;
}

/**
 * The conclusion when convergence did not come about, or undefined when it did. A target without any answer is held
 * against the release only if another one answered: otherwise the fault may well lie between the runner and the fleet.
 */
export function concludeConvergence(
  ends: readonly ConvergeEnd[],
  expected: string,
): Conclusion | undefined {
  const behind = ends.filter(({ converged }) => !converged);
  if (behind.length === 0) return undefined;
  if (ends.every(({ state }) => !state.answered)) {
    return {
      verdict: 'error',
      reasonCode: 'smoke-no-data',
      explanation: `No target answered before the deadline: ${ends.map(tell).join('; ')}.`,
    };
  }
  const isMixed = new Set(ends.flatMap(({ state }) => state.seen)).size > 1;
  const facts = (isMixed ? ends : behind).map(tell).join('; ');
  return {
    verdict: 'fail',
    reasonCode: 'converge-timed-out',
    explanation:
      `${behind.length} of ${ends.length} targets did not serve ${expected} steadily before the deadline: ` +
      `${isMixed ? 'mixed fleet: ' : ''}${facts}.`,
  };
}

function tell({ name, state }: ConvergeEnd): string {
  const before = state.seen.filter((release) => state.last !== `serves ${release}`);
  return `${name} ${state.last}${before.length === 0 ? '' : ` (before that ${before.join(', ')})`}`;
}

/** A target at the end of its checks; `strayed` is another release that it served in between. */
export interface ChecksEnd {
  readonly target: TargetReport;
  readonly strayed: string | null;
}

/**
 * The conclusion over all checks. What a target of the right release did wrong, or left unanswered, weighs most; then a
 * target of which nothing was seen.
 */
export function concludeChecks(ends: readonly ChecksEnd[], expected: string): Conclusion {
  const found = ends.flatMap(({ target }) =>
    target.checks.map((check) => ({ ...check, target: target.name })),
  );
  const failed = found.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    return {
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation: `${expected} is bad: ${list(failed)}.`,
    };
  }
  const strayed = ends.filter((end) => end.strayed !== null);
  if (strayed.length > 0) {
    const facts = strayed.map(
      (end) => `${end.target.name} served ${end.strayed} after it had converged on ${expected}`,
    );
    return {
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
      explanation: `Mixed fleet: ${facts.join('; ')}.`,
    };
  }
  const unseen = found.filter(({ verdict }) => verdict === 'error');
  if (unseen.length > 0 || found.length === 0) {
    const explanation = `Nothing of these targets answered before the deadline: ${list(unseen)}.`;
    return { verdict: 'error', reasonCode: 'smoke-no-data', explanation };
  }
  const undecided = found.filter(({ verdict }) => verdict === 'inconclusive');
  if (undecided.length > 0) {
    return {
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
      explanation: `Neither good nor bad before the deadline: ${list(undecided)}.`,
    };
  }
  return {
    verdict: 'pass',
    reasonCode: 'verified',
    explanation:
      ends.length === 1
        ? `The one target serves ${expected} and passed ${found.length} checks.`
        : `All ${ends.length} targets serve ${expected} and passed ${found.length} checks.`,
  };
}

interface Found {
  readonly target: string;
  readonly name: string;
  readonly failures: TargetReport['checks'][number]['failures'];
}

const mostListed = 5;

function list(found: readonly Found[]): string {
  const shown = found.slice(0, mostListed).map(({ target, name, failures }) => {
    const last = failures.at(-1);
    const why = last === undefined ? '' : ` (expected ${last.expected}, got ${last.actual})`;
    return `${name} on ${target}${why}`;
  });
  const hidden = found.length - mostListed;
  return [...shown, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('; ');
}
