import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startAws, startGitHub } from '@gatewright/emulators';
import type { AwsEmulator, GitHubEmulator } from '@gatewright/emulators';
import { hostDocument } from '@gatewright/host';
import { parseDocument } from 'yaml';
import { deployRole } from './deploy-role.ts';
import { startFrontDoor } from './front-door.ts';
import type { FrontDoor } from './front-door.ts';
import { buildHistory } from './history.ts';
import type { DemoCommit } from './history.ts';

/** `owner/name` of the sample application's repository. */
export const repository = 'acme/orders';
const account = '111122223333';
const policyPath = '.github/gatewright/policy.yml';

/** One emulated host of one environment. */
export interface WorldHost {
  readonly id: string;
  readonly name: string;
  /** Where the application answers. */
  readonly url: string;
  /** Root directory of the host program. */
  readonly root: string;
}

export type EnvironmentName = 'staging' | 'production';

/** Everything around a delivery that is not ours: GitHub, AWS, hosts, load balancers, the application's history. */
export interface World {
  readonly github: GitHubEmulator;
  readonly aws: AwsEmulator;
  readonly commits: readonly DemoCommit[];
  readonly hosts: Readonly<Record<EnvironmentName, readonly WorldHost[]>>;
  readonly frontDoors: Readonly<Record<EnvironmentName, FrontDoor>>;
  /** Stops everything and every process that a host started. */
  readonly stop: () => Promise<void>;
}

const fleets = { staging: 3, production: 6 } as const;
const environmentNames = ['staging', 'production'] as const;

/**
 * Starts the world on loopback. `directory` holds all its files and is removed by the caller; `consumer` is the sample
 * application; `awsPort` 0 means any free port.
 */
export async function startWorld(directory: string, consumer: string, awsPort = 0): Promise<World> {
  const commits = await buildHistory(consumer, join(directory, 'history'));
  const seeds = await seedHosts();
  const frontDoors = {
    staging: await startFrontDoor({ backends: () => seeds.staging }),
    production: await startFrontDoor({ backends: () => seeds.production }),
  };
  for (const commit of commits) await publishEntries(commit.directory, frontDoors);
  const github = await startGitHub(gitHubOptions(commits));
  const aws = await startAws({
    region: 'eu-west-1',
    accountId: account,
    directory: join(directory, 'aws'),
    port: awsPort,
    buckets: ['acme-releases'],
    oidc: { issuer: github.url },
    documents: [hostDocument()],
    roles: environmentNames.map((environment) => deployRole({ account, repository, environment })),
    hosts: environmentNames.flatMap((environment) =>
      seeds[environment].map(({ id, name, port }) => ({
        id,
        name,
        tags: { App: 'orders', Environment: environment, Name: name },
        conf: `port.orders=${port}\n`,
      })),
    ),
  });
  const withRoot = ({ id, name, url }: Seed): WorldHost => ({
    id,
    name,
    url,
    root: aws.hosts.find((host) => host.id === id)?.root ?? '',
  });
  return {
    github,
    aws,
    commits,
    hosts: {
      staging: seeds.staging.map(withRoot),
      production: seeds.production.map(withRoot),
    },
    frontDoors,
    async stop() {
      await Promise.all([...Object.values(frontDoors).map((door) => door.stop()), aws.stop()]);
      await github.stop();
    },
  };
}

interface Seed {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly url: string;
}

async function seedHosts(): Promise<Record<EnvironmentName, Seed[]>> {
  const ports = await freePorts(fleets.staging + fleets.production);
  const seed = (environment: EnvironmentName, index: number, port = 0): Seed => ({
    id: `i-0${(environment === 'staging' ? 0xa0 : 0xb0).toString(16)}${String(index + 1).padStart(14, '0')}`,
    name: `${environment}-${index + 1}`,
    port,
    url: `http://127.0.0.1:${port}`,
  });
  const fleet = (environment: EnvironmentName, from: number): Seed[] =>
    ports
      .slice(from, from + fleets[environment])
      .map((port, index) => seed(environment, index, port));
  return { staging: fleet('staging', 0), production: fleet('production', fleets.staging) };
}

/** Ports that were free a moment ago; all are held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.close(() => resolve(undefined)))),
  );
  return ports;
}

/** Writes the address of each environment's load balancer into the policy, as DevOps would who know it. */
async function publishEntries(
  tree: string,
  frontDoors: Readonly<Record<EnvironmentName, FrontDoor>>,
): Promise<void> {
  const path = join(tree, policyPath);
  const policy = parseDocument(await readFile(path, 'utf8'));
  for (const [environment, door] of Object.entries(frontDoors)) {
    policy.setIn(['environments', environment, 'url'], door.url);
  }
  await writeFile(path, policy.toString());
}

function gitHubOptions(commits: readonly DemoCommit[]): Parameters<typeof startGitHub>[0] {
  const first = commits[0]?.sha ?? '';
  return {
    users: [{ login: 'ada-orders' }, { login: 'octo-reviewer' }],
    repositories: [
      {
        fullName: repository,
        defaultBranch: 'main',
        commits: commits.map(({ sha, tree, message, author, date, directory, parent }) => ({
          sha,
          tree,
          message,
          author: { login: author.login, name: author.name },
          date,
          directory,
          parents: parent === undefined ? [] : [parent],
        })),
        refs: { 'refs/heads/main': first },
        environments: [
          { name: 'staging', protection: { branches: ['main'] } },
          {
            name: 'production',
            protection: {
              branches: ['main'],
              reviewers: { users: ['octo-reviewer'] },
              preventSelfReview: true,
              canAdminsBypass: false,
            },
          },
        ],
      },
    ],
  };
}
