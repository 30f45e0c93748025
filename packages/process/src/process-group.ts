/** A process group that may not be known yet. */
export interface ProcessGroup {
  /** Tells its id; what was asked for before happens now. */
  readonly found: (id: number) => void;
  readonly isFound: () => boolean;
  /** SIGTERM, then SIGKILL to whatever is left after the grace. */
  readonly stop: () => void;
  /** SIGKILL at once, and the end of all waiting. */
  readonly kill: () => void;
}

/** Between the polite signal and the one that cannot be refused, in milliseconds. */
const graceMs = 2000;

export function processGroup(): ProcessGroup {
  let group: number | undefined;
  let isStopping = false;
  let killer: NodeJS.Timeout | undefined;
  const send = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (group === undefined) return;
    try {
      process.kill(-group, name);
    } catch {
      // ESRCH: the group has ended by itself, which is what was wanted.
    }
  };
  const stop = (): void => {
    isStopping = true;
    if (group === undefined || killer !== undefined) return;
    send('SIGTERM');
    killer = setTimeout(() => send('SIGKILL'), graceMs);
  };
  return {
    found: (id) => {
      group = id;
      if (isStopping) stop();
    },
    isFound: () => group !== undefined,
    stop,
    kill: () => {
      clearTimeout(killer);
      send('SIGKILL');
    },
  };
}
