import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAws, startGitHub } from '@gatewright/emulators';
import type { AwsEmulator, AwsOptions, CallRecord, GitHubEmulator } from '@gatewright/emulators';
import { hostDocument } from '@gatewright/host';
import { writeApp, writeQuickApp } from './harness-apps.ts';
import type { AppChange } from './harness-apps.ts';
import { assumeRole } from './harness-credentials.ts';
import { lookAtAll } from './harness-hosts.ts';
import type { HostSight, StageHost } from './harness-hosts.ts';
import { environment, policyText } from './harness-policy.ts';
import type { Edit } from './harness-policy.ts';
import { processesIn } from './harness-processes.ts';
import { account, bucket, deployRole, region, repository } from './harness-role.ts';
import { killStepsIn, runAction } from './harness-runner.ts';
import type { ActionEnd, Job } from './harness-runner.ts';

/** A packed release in the workspace of a stage. */
export interface PackedRelease {
  readonly version: string;
  readonly digest: string;
  /** Relative to the workspace. */
  readonly directory: string;
  readonly packaged: ActionEnd;
}

export interface StageOptions {
  /** Default 2. */
  readonly hosts?: number;
  /** Further deploy roles, each with what it lacks. */
  readonly lacking?: readonly (readonly string[])[];
  /** By default every read sees what was sent before it; the good path leaves that to chance, as SSM does. */
  readonly aws?: Pick<AwsOptions, 'millisecondsPerSecond' | 'invisibleReads'>;
}

/** Everything around the bundles: GitHub, AWS, hosts, a workspace with policy and releases. */
export interface Stage {
  readonly directory: string;
  readonly workspace: string;
  readonly aws: AwsEmulator;
  readonly github: GitHubEmulator;
  readonly hosts: readonly StageHost[];
  /** Credentials of the deploy role, as configure-aws-credentials exports them; with what the role lacks. */
  readonly credentials: (lacks?: readonly string[]) => Promise<Record<string, string>>;
  /** A new job of a new run, with the credentials of the deploy role. */
  readonly job: (over?: Partial<Job>) => Promise<Job>;
  /** Packs the quick sample with the real bundle. */
  readonly pack: (version: string, change?: AppChange) => Promise<PackedRelease>;
  /** As `pack`, the sample just as it is. */
  readonly packPlain: (version: string, change?: AppChange) => Promise<PackedRelease>;
  /** Writes a policy; gives its path relative to the workspace. */
  readonly policy: (...edits: readonly Edit[]) => Promise<string>;
  readonly look: () => Promise<Record<string, HostSight>>;
  /** What `act` called of AWS, hosts left out. */
  readonly calls: <T>(act: () => Promise<T>) => Promise<{ value: T; calls: CallRecord[] }>;
  /**
   * Ends and removes everything.
   *
   * @throws Error when a bundle, a host or a hook has left a process or a temporary file behind.
   */
  readonly stop: () => Promise<void>;
}

export const commit = 'c0ffee'.padEnd(40, '0');

/** Starts a stage on loopback. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'gatewright-acceptance-')));
  const workspace = join(directory, 'workspace');
  await mkdir(workspace, { recursive: true });
  const ports = await freePorts(options.hosts ?? 2);
  const github = await startGitHub(gitHubOptions(directory));
  const aws = await startAws(awsOptions({ directory, issuer: github.url, ports, options }));
  const hosts = aws.hosts.map(({ id, name, directory: place, root }, index) => ({
    id,
    name,
    directory: place,
    url: `http://127.0.0.1:${ports[index] ?? 0}`,
    app: join(root, 'orders'),
  }));
  let jobs = 0;
  let files = 0;
  const sessions = new Map<string, Promise<Record<string, string>>>();
  const credentials: Stage['credentials'] = (lacks = []) => {
    const known = sessions.get(lacks.join());
    if (known !== undefined) return known;
    const session = assumeRole({ github, aws, commit, lacks });
    sessions.set(lacks.join(), session);
    return session;
  };
  const job: Stage['job'] = async (over = {}) => {
    jobs += 1;
    return {
      directory: join(directory, 'jobs', String(jobs)),
      workspace,
      repository,
      sha: commit,
      runId: String(4710 + jobs),
      apiUrl: github.url,
      token: github.token({
        repository,
        permissions: { actions: 'read', contents: 'read', deployments: 'read' },
      }),
      env: over.env ?? (await credentials()),
      ...over,
    };
  };
  const packWith =
    (write: typeof writeApp): Stage['pack'] =>
    async (version, change = {}) => {
      await write(join(workspace, 'apps', version), change);
      const packaged = await runAction('package-release', await job({ env: {} }), {
        release: version,
        'working-directory': join('apps', version),
        'output-directory': join('releases', version),
      });
      if (packaged.exitCode !== 0) throw new Error(`${version}: ${packaged.log}`);
      const digest = packaged.outputs['digest'] ?? '';
      return { version, digest, directory: join('releases', version), packaged };
    };
  return {
    directory,
    workspace,
    aws,
    github,
    hosts,
    credentials,
    job,
    pack: packWith(writeQuickApp),
    packPlain: packWith(writeApp),
    policy: async (...edits) => {
      files += 1;
      const path = `policy-${files}.yml`;
      await writeFile(join(workspace, path), policyText(hosts.length, ...edits));
      return path;
    },
    look: () => lookAtAll(hosts),
    calls: async (act) => {
      const before = aws.journal().length;
      const value = await act();
      const calls = aws.journal().slice(before);
      return { value, calls: calls.filter(({ caller }) => !caller.includes('instance-role')) };
    },
    stop: () => stopStage({ directory, aws, github, hosts }),
  };
}

function awsOptions(of: {
  readonly directory: string;
  readonly issuer: string;
  readonly ports: readonly number[];
  readonly options: StageOptions;
}): AwsOptions {
  const { name, content } = hostDocument();
  return {
    region,
    accountId: account,
    directory: join(of.directory, 'hosts'),
    buckets: [bucket],
    oidc: { issuer: of.issuer },
    documents: [{ name, content }],
    roles: [[], ...(of.options.lacking ?? [])].map((lacks) => deployRole(environment, lacks)),
    hosts: of.ports.map((port, index) => ({
      id: `i-${String(index + 1).padStart(17, '0')}`,
      name: `web-${index + 1}`,
      tags: { App: 'orders', Environment: environment },
      conf: `port.orders=${port}\n`,
    })),
    invisibleReads: 0,
    ...of.options.aws,
  };
}

function gitHubOptions(directory: string): Parameters<typeof startGitHub>[0] {
  const author = { login: 'ada-orders', name: 'Ada' };
  const date = '2026-01-01T00:00:00Z';
  const first = { sha: commit, message: 'orders', author, date, parents: [], directory };
  return {
    users: [{ login: 'ada-orders' }, { login: 'octo-reviewer' }],
    repositories: [
      {
        fullName: repository,
        defaultBranch: 'main',
        commits: [first],
        refs: { 'refs/heads/main': commit },
        environments: [{ name: environment, protection: { branches: ['main'] } }],
      },
    ],
  };
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
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
  return ports;
}

async function stopStage(
  stage: Pick<Stage, 'directory' | 'aws' | 'github' | 'hosts'>,
): Promise<void> {
  const { directory, aws, github, hosts } = stage;
  const problems: string[] = [];
  const jobs = join(directory, 'jobs');
  for (const { command } of await processesIn(jobs)) problems.push(`still runs: ${command}`);
  await killStepsIn(jobs);
  for (const host of Object.entries(await lookAtAll(hosts))) {
    for (const stray of host[1].strays) problems.push(`still runs on ${host[0]}: ${stray}`);
  }
  await aws.stop();
  await github.stop();
  for (const { command } of await processesIn(directory)) problems.push(`never ended: ${command}`);
  const temporary = (await readdir(jobs).catch(() => [])).map((job) => join(jobs, job, 'tmp'));
  for (const place of [...temporary, ...hosts.map((host) => join(host.directory, 'tmp'))]) {
    const left = await readdir(place).catch(() => []);
    if (left.length > 0) problems.push(`left in ${place}: ${left.join(', ')}`);
  }
  await rm(directory, { recursive: true, force: true });
  if (existsSync(directory)) problems.push(`${directory} cannot be removed`);
  if (problems.length > 0) throw new Error(`The stage is not clean:\n${problems.join('\n')}`);
}
