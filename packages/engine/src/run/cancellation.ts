import { toText } from '../expressions/data.ts';
import { evaluateNode } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import { locate } from '../errors.ts';
import type { Node } from '../syntax/node.ts';
import type { JobState } from './state.ts';

/**
 * Hands a cancel down, unless whoever runs there asks to go on: GitHub evaluates the condition of a running job or step
 * anew when the run is cancelled, and one that still holds (`always()`) is left alone.
 * @returns how to stop listening.
 */
export function followCancel(
  from: AbortSignal,
  to: AbortController,
  goesOn: () => boolean,
): () => void {
  const hear = (): void => {
    if (!holds(goesOn)) to.abort();
  };
  // A step that starts after the cancel has had its condition evaluated with it already.
  if (!from.aborted) from.addEventListener('abort', hear, { once: true });
  return () => from.removeEventListener('abort', hear);
}

/** A job's own end of its cancel: `request` cancels it from inside, `stop` stops listening. */
export interface JobCancellation {
  request(): void;
  stop(): void;
}

/** Cancels a job's steps when its run is cancelled, and kills them when they have not ended minutes later. */
export function superviseCancel(job: JobState, outer: AbortSignal): JobCancellation {
  let hardStop: NodeJS.Timeout | undefined;
  const request = (): void => {
    if (job.status === 'cancelled') return;
    // The status comes first: conditions are evaluated anew while the signal goes round.
    job.status = 'cancelled';
    hardStop = setTimeout(() => job.killer.abort(), job.run.grace.hardStop);
    job.canceller.abort();
  };
  if (outer.aborted) request();
  else outer.addEventListener('abort', request, { once: true });
  return {
    request,
    stop() {
      clearTimeout(hardStop);
      outer.removeEventListener('abort', request);
    },
  };
}

export interface Timeout {
  expired(): boolean;
  stop(): void;
}

/** Starts the clock of a `timeout-minutes:`; without one it never expires. */
export function startTimeout(minutes: number | undefined, onExpire: () => void): Timeout {
  if (minutes === undefined) return { expired: () => false, stop: () => undefined };
  let isExpired = false;
  // Node takes no longer timers than 2^31 - 1 ms, which is 24 days and more than GitHub lets a job run.
  const milliseconds = Math.min(minutes * 60_000, 2 ** 31 - 1);
  const timer = setTimeout(() => {
    isExpired = true;
    onExpire();
  }, milliseconds);
  return { expired: () => isExpired, stop: () => clearTimeout(timer) };
}

/** The value of a `timeout-minutes:`; fractions are taken as they are. @throws Error when it is no number above 0. */
export function timeoutMinutes(node: Node | undefined, scope: Scope): number | undefined {
  if (node === undefined) return undefined;
  const value = evaluateNode(node, scope);
  const minutes = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof minutes === 'number' && minutes > 0) return minutes;
  throw new Error(
    locate(node.at, `timeout-minutes takes a number above 0, not '${toText(value)}'`),
  );
}

function holds(condition: () => boolean): boolean {
  try {
    return condition();
  } catch {
    return false;
  }
}
