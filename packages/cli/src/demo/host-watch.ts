import { get } from 'node:http';
import type { HostSpan, HostTimeline } from './record.ts';

/** A host to watch: where its application answers. */
export interface WatchedHost {
  readonly id: string;
  readonly url: string;
}

export interface HostWatch {
  /** What each host serves at this moment, asked now; `null` when nothing answers. */
  readonly look: () => Promise<ReadonlyMap<string, string | null>>;
  /** Stops looking and gives what each host served since the start, in milliseconds since the start. */
  readonly stop: () => Promise<HostTimeline[]>;
}

/** One look at one host. */
export interface Sighting {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly release: string | null;
}

/**
 * Asks every host for its release again and again, on fresh connections. It knows nothing of SSM or of the host program:
 * what it sees is what a visitor would see.
 */
export function watchHosts(hosts: readonly WatchedHost[], intervalMs = 100): HostWatch {
  const startedAt = Date.now();
  const sightings = new Map<string, Sighting[]>(hosts.map(({ id }) => [id, []]));
  const underWay = new Set<Promise<unknown>>();

  const lookAt = async ({ id, url }: WatchedHost): Promise<string | null> => {
    const release = await releaseOf(`${url}/healthz`);
    sightings.get(id)?.push({ at: Date.now() - startedAt, release });
    return release;
  };
  const timer = setInterval(() => {
    for (const host of hosts) {
      const sent: Promise<unknown> = lookAt(host).finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
  }, intervalMs);
  return {
    async look() {
      return new Map(
        await Promise.all(hosts.map(async (host) => [host.id, await lookAt(host)] as const)),
      );
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      const end = Date.now() - startedAt;
      return hosts.map(({ id }) => ({ hostId: id, spans: spansOf(sightings.get(id) ?? [], end) }));
    },
  };
}

/**
 * Folds sightings into spans: each lasts until something else is seen. The time before a host first serves anything is
 * left out, since nothing was down. Pure.
 */
export function spansOf(sightings: readonly Sighting[], end: number): HostSpan[] {
  const all = sightings.toSorted((a, b) => a.at - b.at);
  const first = all.findIndex(({ release }) => release !== null);
  if (first < 0) return [];
  const ordered = all.slice(first);
  const changes = ordered.filter(
    ({ release }, index) => index === 0 || release !== ordered[index - 1]?.release,
  );
  return changes.map(({ at, release }, index) => ({
    from: index === 0 && first === 0 ? 0 : at,
    to: changes[index + 1]?.at ?? end,
    release,
    state: release === null ? 'down' : 'serving',
  }));
}

function releaseOf(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const sent = get(url, { agent: false, timeout: 1000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text = (text + part).slice(0, 4096)));
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(/"release"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? null));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(null));
  });
}
