import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './model.ts';

/** The monotonic clock of this process. */
export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    sleep: async (ms, signal) => {
      // An abort ends the wait; it is for the caller to look at the signal.
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
