/** Time as the emulator sees it. */
export interface GitHubClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once the time is reached; returns the function that forgets it. */
  at(time: number, callback: () => void): () => void;
}

// setTimeout takes 32 bits; a wait timer may be 30 days.
const longestTimeout = 2 ** 31 - 1;

/** The clock of the machine. Its timers do not keep a process alive. */
export function systemGitHubClock(): GitHubClock {
  return {
    now: () => Date.now(),
    at(time, callback) {
      let timer: NodeJS.Timeout | undefined;
      const arm = () => {
        const left = time - Date.now();
        if (left <= 0) callback();
        else timer = setTimeout(arm, Math.min(left, longestTimeout)).unref();
      };
      timer = setTimeout(arm, 0).unref();
      return () => clearTimeout(timer);
    },
  };
}

/** A clock that stands still until it is advanced. */
export function steppedGitHubClock(
  start: number = Date.parse('2026-11-20T09:00:00Z'),
): GitHubClock & { advance(milliseconds: number): void } {
  let now = start;
  const alarms = new Set<{ time: number; callback: () => void }>();
  return {
    now: () => now,
    at(time, callback) {
      const alarm = { time, callback };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    advance(milliseconds) {
      now += milliseconds;
      const due = [...alarms].filter((alarm) => alarm.time <= now);
      for (const alarm of due.toSorted((a, b) => a.time - b.time)) {
        alarms.delete(alarm);
        alarm.callback();
      }
    },
  };
}
