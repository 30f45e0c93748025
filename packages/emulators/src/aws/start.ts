import { randomUUID } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createFaults } from './faults.ts';
import type { FaultBook, Faults } from './faults.ts';
import { createHost } from './host/host.ts';
import type { Host, HostState } from './host/host.ts';
import { createIdentities } from './identities.ts';
import type { Identities } from './identities.ts';
import type { CallRecord } from './journal.ts';
import type { AwsOptions, HostOptions } from './options.ts';
import { seededRandom } from './random.ts';
import { createS3 } from './s3.ts';
import type { S3 } from './s3.ts';
import { startServer } from './server.ts';
import type { ServerOptions } from './server.ts';
import { s3Service, ssmService, stsService } from './services.ts';
import { createArns } from './ssm/arns.ts';
import { createCommandEngine } from './ssm/command-engine.ts';
import type { CommandEngine } from './ssm/command-engine.ts';
import { createCommandView } from './ssm/command-view.ts';
import type { Command } from './ssm/command.ts';
import { createCommands } from './ssm/commands.ts';
import { createDocuments } from './ssm/documents.ts';
import { createInstances } from './ssm/instances.ts';
import { createParameterStore } from './ssm/parameter-store.ts';
import type { ParameterStore } from './ssm/parameter-store.ts';
import { createParameters } from './ssm/parameters.ts';
import { createSts } from './sts.ts';

/** One host as its user sees it. */
export interface EmulatedHost {
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  /** `GATEWRIGHT_ROOT` of its scripts. */
  readonly root: string;
}

/** A running AWS: SSM, STS and S3 on one loopback port, and hosts that execute. */
export interface AwsEmulator {
  /** Endpoint of all three services, without a slash at the end. */
  readonly url: string;
  readonly hosts: readonly EmulatedHost[];
  readonly faults: Faults;
  /** False stops the agent (ConnectionLost); its running scripts go on, and report when it is back. */
  readonly setOnline: (id: string, online: boolean) => Promise<void>;
  /** As setOnline, with the states that a flag cannot say: see HostState. */
  readonly setState: (id: string, state: HostState) => Promise<void>;
  readonly journal: () => readonly CallRecord[];
  /** Name to newest value of Parameter Store. */
  readonly parameters: () => Readonly<Record<string, string>>;
  /** Keys of the objects in a bucket. */
  readonly objects: (bucket: string) => readonly string[];
  /** Ids of all commands so far, the oldest first. */
  readonly commandIds: () => readonly string[];
  /** Resolves when every invocation of the command has ended. Rejects for an unknown id. */
  readonly settled: (commandId: string) => Promise<void>;
  /** Forgets parameters, objects, journal and waiting faults. Hosts, documents and commands stay. */
  readonly reset: () => void;
  /**
   * Closes the port and ends every process that any host has started, daemons included; returns when none is left.
   *
   * @throws Error when a process cannot be ended.
   */
  readonly stop: () => Promise<void>;
}

const readEverything = [{ actions: ['s3:GetObject', 's3:ListBucket'], resources: ['*'] }];

function checkHosts(hosts: readonly HostOptions[]): void {
  const ids = hosts.map(({ id }) => id);
  const wrong = ids.find((id) => !/^i-[0-9a-f]{17}$/u.test(id));
  if (wrong !== undefined) throw new Error(`Not an instance id (i- and 17 hex digits): ${wrong}`);
  if (new Set(ids).size < ids.length) throw new Error('Two hosts have the same id.');
}

async function makeHosts(
  options: AwsOptions,
  endpoint: string,
  identities: Identities,
): Promise<Host[]> {
  await mkdir(options.directory, { recursive: true });
  const directory = await realpath(options.directory);
  const emulator = randomUUID();
  const shim = join(import.meta.dirname, '..', '..', 'shims', 'aws.mjs');
  return Promise.all(
    options.hosts.map((host) =>
      createHost(host, {
        directory,
        region: options.region,
        endpoint,
        emulator,
        credentials: identities.openSession({
          role: 'instance-role',
          session: host.id,
          policy: host.policy ?? readEverything,
        }),
        shim,
      }),
    ),
  );
}

function snapshot(store: ParameterStore): Record<string, string> {
  return Object.fromEntries(
    store.records().map(({ name, versions }) => [name, versions.at(-1)?.value ?? '']),
  );
}

async function settle(
  commands: readonly Command[],
  engine: CommandEngine,
  id: string,
): Promise<void> {
  const command = commands.find((one) => one.id === id);
  if (command === undefined) throw new Error(`There is no command ${id}.`);
  await engine.settled(command);
}

interface World {
  readonly identities: Identities;
  readonly faults: FaultBook;
  readonly store: ParameterStore;
  readonly s3: S3;
  readonly calls: CallRecord[];
  readonly commands: Command[];
  readonly hosts: Host[];
  readonly engine: CommandEngine;
}

function createWorld(options: AwsOptions): World {
  const faults = createFaults();
  const store = createParameterStore();
  return {
    identities: createIdentities(options.accountId, options.accessKeys),
    faults,
    store,
    s3: createS3(options.buckets),
    calls: [],
    commands: [],
    hosts: [],
    engine: createCommandEngine({
      millisecondsPerSecond: options.millisecondsPerSecond ?? 1000,
      faults,
      lookUp: (name) => store.find(name)?.version.value,
    }),
  };
}

function createServices(options: AwsOptions, world: World): ServerOptions['services'] {
  const { region, accountId, oidc } = options;
  const { hosts, commands, engine } = world;
  const arns = createArns(region, accountId);
  const documents = createDocuments(arns, accountId, options.documents ?? []);
  const operations = {
    ...documents.operations,
    ...createParameters(world.store, arns),
    ...createInstances(hosts, arns),
    ...createCommandView(commands, arns),
    ...createCommands({
      hosts,
      arns,
      accountId,
      documents,
      engine,
      commands,
      random: seededRandom(options.seed ?? 1),
      invisibleReads: options.invisibleReads,
    }),
  };
  const sts = createSts({
    accountId,
    identities: world.identities,
    roles: options.roles ?? [],
    provider: oidc && { issuer: oidc.issuer, audience: oidc.audience ?? 'sts.amazonaws.com' },
  });
  return { ssm: ssmService(operations, region), sts: stsService(sts), s3: s3Service(world.s3) };
}

/**
 * Starts the AWS emulator. Requests must be signed, are validated against AWS's own service model and allowed by IAM
 * policies; documents really run, each host in a directory of its own.
 *
 * @throws Error when a host id is no instance id, or the port is taken.
 */
export async function startAws(options: AwsOptions): Promise<AwsEmulator> {
  checkHosts(options.hosts);
  const world = createWorld(options);
  const { identities, faults, store, s3, calls, commands, hosts, engine } = world;
  const server = await startServer(options.port ?? 0, {
    services: createServices(options, world),
    identities,
    faults,
    record: (call) => void calls.push(call),
  });
  hosts.push(...(await makeHosts(options, server.url, identities)));

  const setState = async (id: string, state: HostState): Promise<void> => {
    const host = hosts.find((one) => one.id === id);
    if (host === undefined) throw new Error(`There is no host ${id}.`);
    await engine.setState(host, state);
  };
  return {
    url: server.url,
    hosts: hosts.map(({ id, name, directory, root }) => ({ id, name, directory, root })),
    faults: { add: faults.add, clear: faults.clear, pending: faults.pending },
    setOnline: (id, online) => setState(id, online ? 'online' : 'offline'),
    setState,
    journal: () => [...calls],
    parameters: () => snapshot(store),
    objects: s3.keys,
    commandIds: () => commands.map(({ id }) => id),
    settled: (id) => settle(commands, engine, id),
    reset: () => {
      store.clear();
      s3.clear();
      calls.length = 0;
      faults.clear();
    },
    stop: async () => {
      await server.close();
      await engine.stop();
      await Promise.all(hosts.map((host) => host.killAll()));
    },
  };
}
