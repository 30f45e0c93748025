/** What a failed attempt left behind. */
export interface Attempt {
  /** `undefined`: no answer came. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** How often it was tried so far, from 1. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type RetryDecision =
  { readonly kind: 'wait'; readonly milliseconds: number } | { readonly kind: 'give-up' };

/** Longest wait that an action takes upon itself; GitHub's hourly limit is longer. */
const longestWait = 60_000;
const attempts = 3;

/** Whether GitHub refused because of too many calls, not because of a missing permission. */
export function isThrottled(
  status: number | undefined,
  headers: Readonly<Record<string, string>>,
): boolean {
  if (status === 429) return true;
  return (
    status === 403 &&
    (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0')
  );
}

/**
 * Our own, minimal policy for reads: a lost or broken answer is asked for again after one and two seconds; a throttled
 * one after the time that GitHub names, if that is a minute at most.
 */
export function decideRetry(attempt: Attempt): RetryDecision {
  if (attempt.count >= attempts) return { kind: 'give-up' };
  if (isThrottled(attempt.status, attempt.headers)) {
    const milliseconds = throttledFor(attempt);
    return milliseconds <= longestWait ? { kind: 'wait', milliseconds } : { kind: 'give-up' };
  }
  const isLost = attempt.status === undefined || attempt.status >= 500;
  return isLost ? { kind: 'wait', milliseconds: attempt.count * 1000 } : { kind: 'give-up' };
}

function throttledFor({ headers, now }: Attempt): number {
  const seconds = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && seconds >= 0) return seconds * 1000;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  if (headers['x-ratelimit-remaining'] === '0' && reset > 0) return Math.max(reset - now, 1000);
  // A secondary limit without a time: GitHub asks for at least a minute.
  return longestWait;
}
