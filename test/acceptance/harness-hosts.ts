import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { processesIn } from './harness-processes.ts';

/** One emulated host of a stage. */
export interface StageHost {
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  /** Where the application answers. */
  readonly url: string;
  /** Directory of the application below the root of the host program. */
  readonly app: string;
}

/** What a host really is, seen from outside of Gatewright. */
export interface HostSight {
  /** The release that answers over HTTP; `null` when nothing does. */
  readonly serves: string | null;
  /** The version that `current` points to. */
  readonly current: string | null;
  /** Whether that release directory is whole, and nothing half done stands beside it. */
  readonly whole: boolean;
  /** What runs besides the service. */
  readonly strays: readonly string[];
}

/** A host that serves a release and is in order; `null`: it serves nothing. */
export function serving(version: string | null): HostSight {
  return { serves: version, current: version, whole: true, strays: [] };
}

/** Looks at a host from outside: its service over HTTP, its files, its processes. */
export async function lookAt(host: StageHost): Promise<HostSight> {
  const [serves, processes, current] = await Promise.all([
    releaseAt(host.url),
    processesIn(host.directory),
    currentOf(host),
  ]);
  const strays = processes
    .map(({ command }) => command)
    .filter((command) => !/(?:^|\/)node server\.mjs$/u.test(command));
  return { serves, current: current.version, whole: current.whole, strays };
}

/** What each host of a fleet is, by name. */
export async function lookAtAll(hosts: readonly StageHost[]): Promise<Record<string, HostSight>> {
  return Object.fromEntries(
    await Promise.all(hosts.map(async (host) => [host.name, await lookAt(host)] as const)),
  );
}

async function currentOf(
  host: StageHost,
): Promise<{ readonly version: string | null; readonly whole: boolean }> {
  const target = await readlink(join(host.app, 'current')).catch(() => undefined);
  const beside = await readdir(host.app).catch(() => []);
  const releases = await readdir(join(host.app, 'releases')).catch(() => []);
  const tidy = [...beside, ...releases].every(
    (name) => !/^\.(?:current-next|incoming)/u.test(name),
  );
  if (target === undefined) return { version: null, whole: tidy };
  const [, version = '', digest = ''] = /^releases\/(.+)-([0-9a-f]{12})$/u.exec(target) ?? [];
  const release = join(host.app, target);
  const facts = await readFile(join(release, '.gatewright/release'), 'utf8').catch(() => '');
  const held = await readFile(join(release, '.gatewright/digest'), 'utf8').catch(() => '');
  const whole =
    tidy &&
    facts.includes(`version=${version}\n`) &&
    held.startsWith(digest) &&
    ['server.mjs', 'src/service.mjs', '.gatewright/hooks/health'].every((file) =>
      existsSync(join(release, file)),
    );
  return { version, whole };
}

function releaseAt(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const sent = get(`${url}/healthz`, { agent: false, timeout: 20_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(/"release"\s*:\s*"([^"]*)"/u.exec(text)?.[1] ?? null));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(null));
  });
}
