import { request } from 'node:http';
import { backendHeader } from './front-door.ts';

export interface ProberOptions {
  readonly url: string;
  /** Milliseconds between the starts of two requests; default 50. A slow answer does not delay the next request. */
  readonly intervalMs?: number;
  /** Default 2000 milliseconds; a later answer counts as a failure. */
  readonly timeoutMs?: number;
  /** Milliseconds on the caller's clock; default `Date.now`. */
  readonly now?: () => number;
  /** Called after each request, in the order of the answers. */
  readonly observe?: (sample: ProbeSample) => void;
}

export interface ProbeSample {
  /** When the request was sent, on the prober's clock. */
  readonly at: number;
  /** Answered in time with a 2xx status. */
  readonly ok: boolean;
  /** 0 when there was no answer. */
  readonly status: number;
  /** What the `x-release` header said. */
  readonly release?: string;
  /** Which backend the front door took. */
  readonly host?: string;
}

export interface ProbeReport {
  readonly total: number;
  readonly failed: number;
  /** The longest time without a good answer around a failed request; 0 when none failed. */
  readonly longestGapMs: number;
  /** Requests and failures for each second since the start; seconds without a request are left out. */
  readonly windows: readonly { second: number; total: number; failed: number }[];
  readonly samples: readonly ProbeSample[];
}

export interface Prober {
  /** The account so far; it goes on. */
  report: () => ProbeReport;
  /** Sends no more requests, waits for those under way, and gives the final account. */
  stop: () => Promise<ProbeReport>;
}

/** Sends a GET at a fixed interval, as a visitor who never stops would, until it is stopped. */
export function startProber(options: ProberOptions): Prober {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const samples: ProbeSample[] = [];
  const underWay = new Set<Promise<void>>();

  const probe = async (): Promise<void> => {
    const at = now();
    const sample = { at, ...(await get(options.url, options.timeoutMs ?? 2000)) };
    samples.push(sample);
    options.observe?.(sample);
  };
  const send = (): void => {
    const sent = probe().finally(() => underWay.delete(sent));
    underWay.add(sent);
  };
  send();
  const timer = setInterval(send, options.intervalMs ?? 50);
  const report = (): ProbeReport => probeReport(samples, startedAt);
  return {
    report,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return report();
    },
  };
}

/** Folds the samples of a prober that started at `startedAt`. Pure. */
export function probeReport(samples: readonly ProbeSample[], startedAt: number): ProbeReport {
  const ordered = samples.toSorted((a, b) => a.at - b.at);
  const windows = new Map<number, { second: number; total: number; failed: number }>();
  let lastGood = startedAt;
  let failedSinceGood = false;
  let longestGapMs = 0;
  for (const { at, ok } of ordered) {
    const second = Math.floor((at - startedAt) / 1000);
    const window = windows.get(second) ?? { second, total: 0, failed: 0 };
    windows.set(second, {
      second,
      total: window.total + 1,
      failed: window.failed + (ok ? 0 : 1),
    });
    failedSinceGood ||= !ok;
    if (failedSinceGood) longestGapMs = Math.max(longestGapMs, at - lastGood);
    if (ok) {
      lastGood = at;
      failedSinceGood = false;
    }
  }
  const failed = ordered.filter(({ ok }) => !ok).length;
  const total = ordered.length;
  return { total, failed, longestGapMs, windows: [...windows.values()], samples: ordered };
}

function get(url: string, timeoutMs: number): Promise<Omit<ProbeSample, 'at'>> {
  return new Promise((resolve) => {
    const sent = request(url, { agent: false });
    const timer = setTimeout(() => sent.destroy(), timeoutMs);
    const done = (answer: Omit<ProbeSample, 'at'>): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    sent.on('error', () => done({ ok: false, status: 0 }));
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const release = response.headers['x-release'];
      const host = response.headers[backendHeader];
      response.resume();
      response.on('error', () => done({ ok: false, status: 0 }));
      response.on('close', () =>
        done({
          ok: response.complete && status >= 200 && status < 300,
          status,
          ...(typeof release === 'string' ? { release } : {}),
          ...(typeof host === 'string' ? { host } : {}),
        }),
      );
    });
    sent.end();
  });
}
