import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '@gatewright/delivery';

/** The clock on the wall; a wait ends early, without an error, when its signal aborts. */
export function wallClock(now: () => number = Date.now): Clock {
  return {
    now,
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds, undefined, { signal }).catch(() => undefined);
    },
  };
}
