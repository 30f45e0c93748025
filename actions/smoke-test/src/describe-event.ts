import type { VerifyEvent } from '@gatewright/verify';

/** One line of the log for what just happened. */
export function describeEvent(event: VerifyEvent): string {
  if (event.kind === 'stage') {
    return event.stage === 'converge'
      ? `Targets that have to serve the release: ${event.targets}.`
      : `Targets that have to pass the checks: ${event.targets}.`;
  }
  if (event.kind === 'observed') return `${event.target}: ${event.what}`;
  if (event.kind === 'converged') return `${event.target}: converged on ${event.release}`;
  const { target, check, verdict, failure } = event;
  const why = failure === undefined ? '' : `: expected ${failure.expected}, got ${failure.actual}`;
  return `${target}: ${check} ${verdict}${why}`;
}
