import { request } from 'node:http';

export interface Backend {
  readonly id: string;
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
}

export interface HealthOptions {
  readonly backends: () => readonly Backend[];
  readonly path: string;
  readonly intervalMs: number;
}

export interface Health {
  /** The backends that passed their last check. */
  open: () => readonly Backend[];
  /** Takes a backend out at once, until its next good check. */
  refuse: (id: string) => void;
  checked: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Active health checks, one round after the other, with a pause of `intervalMs` between two rounds. */
export function startHealth({ backends, path, intervalMs }: HealthOptions): Health {
  const good = new Set<string>();
  const stopped = new AbortController();
  let wake = nothing;
  let waiting: (() => void)[] = [];

  const round = async (): Promise<void> => {
    const before = waiting;
    waiting = [];
    await Promise.all(
      backends().map(async ({ id, url }) => {
        const healthy = await answers(new URL(path, url), stopped.signal);
        if (healthy) good.add(id);
        else good.delete(id);
      }),
    );
    for (const done of before) done();
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await round();
      if (!stopped.signal.aborted && waiting.length === 0) await pause();
    }
    for (const done of waiting) done();
  })();

  return {
    open: () => backends().filter(({ id }) => good.has(id)),
    refuse: (id) => void good.delete(id),
    checked: () =>
      new Promise((resolve) => {
        if (stopped.signal.aborted) return resolve();
        waiting.push(resolve);
        wake();
      }),
    async stop() {
      stopped.abort();
      wake();
      await loop;
    },
  };
}

/** Stands for the waking of a pause that has not begun. */
function nothing(): void {}

function answers(url: URL, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // A fresh connection each time: a kept one would go on reaching a process that no longer listens.
    const sent = request(url, { agent: false, timeout: 1000, signal });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(false));
    sent.on('close', () => resolve(false));
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
    });
    sent.end();
  });
}
