/** A clock that stands still until somebody sleeps on it; sleeping moves it on and takes no real time. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock on by this time and returns; an aborted signal leaves it where it is. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Moves the clock on by hand. */
  advance(milliseconds: number): void;
}

/** A fixed moment, so that texts with dates are the same in every run. */
export const someMoment = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A clock for tests. */
export function fakeClock(start: number = someMoment): FakeClock {
  let current = start;
  return {
    now: () => current,
    async sleep(milliseconds, signal) {
      // A turn of the loop, as a real timer takes one: otherwise a poller would starve everything else.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!signal?.aborted) current += milliseconds;
    },
    advance: (milliseconds) => {
      current += milliseconds;
    },
  };
}
