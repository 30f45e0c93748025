import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Credentials } from '../identities.ts';
import type { HostOptions } from '../options.ts';
import { killProcessesOf } from './processes.ts';
import type { ProcessMark } from './processes.ts';

/**
 * `online`; `offline`: the agent is stopped and SSM knows it (ConnectionLost); `silent`: still counted as Online, but
 * nobody answers; `terminated`: the instance is gone, its tags still match for a while.
 */
export type HostState = 'online' | 'offline' | 'silent' | 'terminated';

/** One managed instance and its directory. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly directory: string;
  /** `GATEWRIGHT_ROOT` of its scripts. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  state: HostState;
  /** Milliseconds since the epoch. */
  lastPing: number;
  /** Kills every process of the host. */
  readonly killAll: () => Promise<void>;
}

/** What a host needs to know of the world around it. */
export interface HostSurroundings {
  readonly directory: string;
  readonly region: string;
  readonly endpoint: string;
  /** Unique for this emulator: marks the processes of its hosts. */
  readonly emulator: string;
  readonly credentials: Credentials;
  /** The stand-in for the AWS CLI. */
  readonly shim: string;
}

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

async function writeInstanceFiles(
  directory: string,
  options: HostOptions,
  surroundings: HostSurroundings,
): Promise<void> {
  const root = join(directory, 'opt/gatewright');
  const home = join(directory, 'root');
  for (const part of [root, home, join(directory, 'tmp'), join(directory, 'usr/local/bin')]) {
    await mkdir(part, { recursive: true });
  }
  if (options.conf !== undefined) await writeFile(join(root, 'host.conf'), options.conf);
  const { credentials, endpoint, region } = surroundings;
  const profile = {
    endpoint,
    region,
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
  };
  const file = join(directory, 'etc/gatewright-emulator/instance-role.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(profile), { mode: 0o600 });
  // The path of the instance role stands in the file itself: it works in a cleaned environment, as instance metadata does.
  const aws = join(directory, 'usr/local/bin/aws');
  const argv = [process.execPath, surroundings.shim, file].map(quote).join(' ');
  await writeFile(aws, `#!/bin/sh\nexec ${argv} "$@"\n`);
  await chmod(aws, 0o755);
}

function environmentOf(
  directory: string,
  options: HostOptions,
  surroundings: HostSurroundings,
  mark: string,
): Record<string, string> {
  const path = [
    ...(options.pathPrepend ?? []),
    join(directory, 'usr/local/bin'),
    dirname(process.execPath),
    process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  ];
  return {
    PATH: path.join(':'),
    HOME: join(directory, 'root'),
    TMPDIR: join(directory, 'tmp'),
    AWS_SSM_INSTANCE_ID: options.id,
    AWS_SSM_REGION_NAME: surroundings.region,
    AWS_SSM_PLATFORM_NAME: 'Amazon Linux',
    AWS_SSM_PLATFORM_VERSION: '2023',
    AWS_ENDPOINT_URL: surroundings.endpoint,
    AWS_REGION: surroundings.region,
    GATEWRIGHT_ROOT: join(directory, 'opt/gatewright'),
    GATEWRIGHT_EMULATED_HOST: options.id,
    GATEWRIGHT_EMULATOR: mark,
  };
}

/** Makes the directory of a host, with its own root, home, temporary directory and `aws` command. */
export async function createHost(
  options: HostOptions,
  surroundings: HostSurroundings,
): Promise<Host> {
  const directory = join(surroundings.directory, options.id);
  const value = `${surroundings.emulator}.${options.id}`;
  const mark: ProcessMark = { entry: `GATEWRIGHT_EMULATOR=${value}`, directory };
  await writeInstanceFiles(directory, options, surroundings);
  return {
    id: options.id,
    name: options.name,
    tags: options.tags,
    directory,
    root: join(directory, 'opt/gatewright'),
    environment: environmentOf(directory, options, surroundings, value),
    state: options.online === false ? 'offline' : 'online',
    lastPing: Date.now(),
    killAll: () => killProcessesOf(mark),
  };
}
