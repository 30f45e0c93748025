import { watchHosts } from './host-watch.ts';
import type { WatchedHost } from './host-watch.ts';
import { startProber } from './prober.ts';
import type { ProbeReport, Prober } from './prober.ts';
import type { HostTimeline } from './record.ts';

/** What was seen from outside while something ran. */
export interface Watched<T> {
  readonly result: T;
  /** What each host served at the start, by id; `null` for nothing. */
  readonly before: ReadonlyMap<string, string | null>;
  /** What each host serves at the end, by id; `null` for nothing. */
  readonly serves: ReadonlyMap<string, string | null>;
  readonly timeline: readonly HostTimeline[];
  /** Undefined when nothing was served at the start: nobody visits an environment that serves nothing yet. */
  readonly probes: ProbeReport | undefined;
}

/** Watches hosts, and visits `url` again and again, while `work` runs. Both end however the work ends. */
export async function underWatch<T>(
  hosts: readonly WatchedHost[],
  url: string,
  work: () => Promise<T>,
): Promise<Watched<T>> {
  const watch = watchHosts(hosts);
  let prober: Prober | undefined;
  try {
    const before = await watch.look();
    if ([...before.values()].some((release) => release !== null)) prober = startProber({ url });
    const result = await work();
    const serves = await watch.look();
    return { result, before, serves, timeline: await watch.stop(), probes: await prober?.stop() };
  } finally {
    await watch.stop();
    await prober?.stop();
  }
}
