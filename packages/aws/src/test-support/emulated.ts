import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Fleet, Host, Operation, Release } from '@gatewright/delivery';
import { hostDocument } from '@gatewright/host';

import { createArtifactStore, createFleet, createSsmApi, wallClock } from '../index.ts';
import type { CommandEvent, FleetOptions, PinnedDocument, SsmApi } from '../index.ts';

export const region = 'eu-west-1';
export const bucket = 'acme-releases';
export const tags = { App: 'orders', Environment: 'production' };

const document = hostDocument();
export const pinned: PinnedDocument = {
  name: document.name,
  version: '1',
  sha256: document.sha256,
};

/** What is needed of an emulator here; which one it is, is for the test to say. */
interface EmulatorBasics {
  readonly url: string;
  stop(): Promise<void>;
}

interface Policy {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What a test may choose. */
export interface EmulatorChoice {
  readonly millisecondsPerSecond?: number;
  readonly accessKeys?: readonly {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly user: string;
    readonly policy: readonly Policy[];
  }[];
}

interface EmulatorOptions extends EmulatorChoice {
  readonly region: string;
  readonly accountId: string;
  readonly directory: string;
  readonly buckets: readonly string[];
  readonly hosts: readonly { id: string; name: string; tags: Record<string, string> }[];
  readonly invisibleReads: number;
}

/** An AWS with hosts that really run the host program. */
export interface Emulated<E> {
  readonly aws: E;
  readonly api: SsmApi;
  readonly hosts: readonly Host[];
  readonly events: CommandEvent[];
  fleet(options?: Partial<FleetOptions>): Fleet;
  /** Packs a release with these hooks and stores it. */
  publish(version: string, hooks?: Readonly<Record<string, string>>): Promise<Release>;
  stop(): Promise<void>;
}

const hookEnvironment = {
  start: 'echo "$GATEWRIGHT_VERSION" >"$GATEWRIGHT_SHARED_DIR/up"',
  stop: 'rm -f "$GATEWRIGHT_SHARED_DIR/up"',
  health: 'test "$(cat "$GATEWRIGHT_SHARED_DIR/up")" = "$GATEWRIGHT_VERSION"',
};

/** Points the SDK at the emulator: environment variables are how users do it, too. */
export function pointSdkAt(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

export async function emulate<E extends EmulatorBasics>(
  start: (options: EmulatorOptions) => Promise<E>,
  hostCount: number,
  options: EmulatorChoice = {},
): Promise<Emulated<E>> {
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-aws-'));
  const hosts = Array.from({ length: hostCount }, (_, index) => ({
    id: `i-${String(index + 1).padStart(17, '0')}`,
    name: `web-${index + 1}`,
    ipAddress: '127.0.0.1',
  }));
  const aws = await start({
    region,
    accountId: '111122223333',
    directory: join(directory, 'hosts'),
    buckets: [bucket],
    hosts: hosts.map(({ id, name }) => ({ id, name, tags })),
    invisibleReads: 1,
    ...options,
  });
  pointSdkAt(aws.url);
  const installer = new SSMClient({ region });
  await installer.send(
    new CreateDocumentCommand({
      Name: document.name,
      Content: document.content,
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
    }),
  );
  installer.destroy();
  const api = createSsmApi({ region, retryMode: 'standard' });
  const events: CommandEvent[] = [];
  return {
    aws,
    api,
    hosts,
    events,
    fleet: (over = {}) =>
      createFleet(api, {
        app: 'orders',
        runId: '4711.1',
        document: pinned,
        keepReleases: 3,
        deliveryTimeoutSeconds: 30,
        hostTimeoutSeconds: 20,
        clock: wallClock(),
        random: () => 0.5,
        startMilliseconds: 20,
        mostMilliseconds: 200,
        observe: (event) => events.push(event),
        ...over,
      }),
    publish: (version, hooks = {}) => publish(directory, version, hooks),
    stop: async () => {
      api.close();
      await aws.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function publish(
  directory: string,
  version: string,
  hooks: Readonly<Record<string, string>>,
): Promise<Release> {
  const tree = join(directory, `release-${version}`);
  const inner = join(tree, '.gatewright');
  await mkdir(join(inner, 'hooks'), { recursive: true });
  const facts = { app: 'orders', version, commit: 'c0ffee', port: '8080' };
  const lines = Object.entries(facts).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(inner, 'release'), lines.join(''));
  for (const [name, body] of Object.entries({ ...hookEnvironment, ...hooks })) {
    await writeFile(join(inner, 'hooks', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    await writeFile(join(inner, 'hooks', `${name}.timeout`), '10\n');
  }
  const archive = `${tree}.tar.gz`;
  await promisify(execFile)('tar', ['-czf', archive, '-C', tree, '.gatewright']);
  const bytes = await readFile(archive);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const store = createArtifactStore({ region, bucket });
  const source = await store.put({ app: 'orders', digest, bytes });
  return {
    app: 'orders',
    version,
    digest,
    source,
    bytes: bytes.length,
    commit: 'c0ffee',
    rollbackMode: 'safe',
    verify: {},
  };
}

export function apply(release: Release, step = 'wave-1', generation = 1): Operation {
  return { kind: 'apply', step, generation, release };
}

export function revert(to: Release | null, step = 'revert-1', generation = 2): Operation {
  return { kind: 'revert', step, generation, to };
}

export const status: Operation = { kind: 'status', step: 'look', generation: 1 };

/** A signal that never aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}
