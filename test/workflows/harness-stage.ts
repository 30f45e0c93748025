import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld } from '@gatewright/cli';
import type { World } from '@gatewright/cli';
import type { GitHubEnvironment } from '@gatewright/emulators';
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import * as z from 'zod';
import { lookAtAll } from '../acceptance/harness-hosts.ts';
import type { HostSight, StageHost } from '../acceptance/harness-hosts.ts';
import { processesIn } from '../acceptance/harness-processes.ts';
import { root } from './harness-callers.ts';
import { runOn } from './harness-run.ts';
import type { Attempt, Order } from './harness-run.ts';

/** `owner/name` of the sample application. */
export const repository = 'acme/orders';
export const environment = 'staging';
export const policyPath = '.github/gatewright/policy.yml';

/** Changes one tree of the application's history. */
export type Edit = (tree: string) => Promise<void>;

/** GitHub, AWS, hosts, the sample application's history, and what these tests ask of them. */
export interface Stage {
  readonly world: World;
  readonly directory: string;
  readonly workRoot: string;
  /** The three hosts of staging. */
  readonly hosts: readonly StageHost[];
  /** Tokens and AWS credentials that any run has been given. */
  readonly secrets: ReadonlySet<string>;
  /** What GitHub shows of staging: as strict as the policy, unless something is changed. */
  readonly protect: (change?: GitHubEnvironment['protection']) => void;
  /** Moves main to the commit of a release. */
  readonly releaseOnMain: (version: string) => void;
  /** Makes a branch whose only own commit changes the tree of a release. */
  readonly branch: (name: string, from: string, ...edits: readonly Edit[]) => Promise<void>;
  /** Names of the environments that GitHub has, as its API tells them. */
  readonly environments: () => Promise<readonly string[]>;
  readonly run: (order: Order) => Promise<Attempt>;
  readonly look: () => Promise<Record<string, HostSight>>;
  /** Ends and removes everything. @throws Error when something was left behind. */
  readonly stop: () => Promise<void>;
}

/** Changes a YAML file of a tree. */
export function edited(path: string, change: (document: Document) => void): Edit {
  return async (tree) => {
    const document = parseDocument(await readFile(join(tree, path), 'utf8'));
    change(document);
    await writeFile(join(tree, path), document.toString());
  };
}

/** Sets keys of staging in the policy. */
export function policy(keys: Readonly<Record<string, unknown>>): Edit {
  return edited(policyPath, (document) => {
    for (const [key, value] of Object.entries(keys)) {
      document.setIn(['environments', environment, ...key.split('.')], value);
    }
  });
}

/** Sets keys of the application's own file. */
export function gatewright(keys: Readonly<Record<string, unknown>>): Edit {
  return edited('gatewright.yml', (document) => {
    for (const [key, value] of Object.entries(keys)) document.setIn(key.split('.'), value);
  });
}

const strict: NonNullable<GitHubEnvironment['protection']> = {
  branches: ['main', 'release/*'],
  reviewers: { users: ['octo-reviewer'] },
  preventSelfReview: true,
  canAdminsBypass: false,
};

/** Lets a delivery begin without gates: they take their time, and most tests are not about them. */
function withoutGates(workflow: string): Edit {
  return edited(`.github/workflows/${workflow}.yml`, (document) => {
    document.deleteIn(['jobs', 'gates']);
    document.deleteIn(['jobs', 'deploy', 'needs']);
    document.deleteIn(['jobs', 'deploy', 'with', 'gate-record-digest']);
  });
}

/** Staging asks for an approval and rolls one host at a time; the sample application answers faster than in the demo. */
const defaults: readonly Edit[] = [
  policy({
    protection: {
      reviewers: ['user:octo-reviewer'],
      'prevent-self-review': true,
      branches: ['main', 'release/*'],
    },
    strategy: { kind: 'rolling', 'wave-size': 1 },
    gates: 'not-required',
  }),
  gatewright({
    'verify.deadline-seconds': 10,
    'verify.consecutive-successes': 2,
    'verify.interval-seconds': 0.1,
  }),
  // The documented callers, also under a name of their own.
  async (tree) => {
    for (const name of ['deploy', 'rollback']) {
      const target = join(tree, `.github/workflows/example-${name}.yml`);
      await cp(join(root, 'workflows', name, 'example.yml'), target);
    }
    const workflows = join(tree, '.github/workflows');
    await cp(join(workflows, 'deploy.yml'), join(workflows, 'gated-deploy.yml'));
  },
  withoutGates('deploy'),
  withoutGates('example-deploy'),
];

const environmentList = z.object({ environments: z.array(z.object({ name: z.string() })) });

/** Starts the world of the demo on loopback, with a history that has been edited first. */
export async function startStage(...edits: readonly Edit[]): Promise<Stage> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'gatewright-workflows-')));
  const consumer = join(directory, 'consumer');
  await cp(join(root, 'test/consumer'), consumer, { recursive: true });
  for (const edit of [...defaults, ...edits]) await edit(consumer);
  const world = await startWorld(join(directory, 'world'), consumer);
  const { github, aws, commits } = world;
  const hosts = world.hosts[environment].map(({ id, name, url, root: place }) => ({
    id,
    name,
    url,
    directory: aws.hosts.find((host) => host.id === id)?.directory ?? '',
    app: join(place, 'orders'),
  }));
  const secrets = new Set<string>();
  const workRoot = join(directory, 'runs');
  const protect: Stage['protect'] = (change = {}) =>
    github.setEnvironment(repository, {
      name: environment,
      protection: { ...strict, ...change },
    });
  protect();
  const commitOf = (version: string) => {
    const sha = commits.find((commit) => commit.version === version)?.sha ?? '';
    const commit = github.commit(repository, sha);
    if (commit === undefined) throw new Error(`no release ${version}`);
    return commit;
  };
  return {
    world,
    directory,
    workRoot,
    hosts,
    secrets,
    protect,
    releaseOnMain: (version) => github.push(repository, 'refs/heads/main', commitOf(version)),
    async branch(name, from, ...changes) {
      const parent = commitOf(from);
      const tree = join(directory, 'branches', name);
      await cp(parent.directory, tree, { recursive: true });
      for (const change of changes) await change(tree);
      github.push(repository, `refs/heads/${name}`, {
        ...parent,
        sha: createHash('sha1').update(name).digest('hex'),
        message: `chore: ${name}`,
        parents: [parent.sha],
        directory: tree,
      });
    },
    async environments() {
      const response = await fetch(`${github.url}/repos/${repository}/environments`, {
        headers: { authorization: `Bearer ${github.token({ user: 'octo-reviewer' })}` },
      });
      const answer = environmentList.parse(await response.json());
      return answer.environments.map(({ name }) => name).toSorted();
    },
    run: (order) => runOn({ world, workRoot, secrets }, order),
    look: () => lookAtAll(hosts),
    stop: () => stopStage({ world, directory, workRoot, hosts }),
  };
}

async function stopStage(
  stage: Pick<Stage, 'world' | 'directory' | 'workRoot' | 'hosts'>,
): Promise<void> {
  const { world, directory, workRoot, hosts } = stage;
  const problems: string[] = [];
  for (const { command } of await processesIn(workRoot)) problems.push(`still runs: ${command}`);
  for (const [name, { strays }] of Object.entries(await lookAtAll(hosts))) {
    for (const stray of strays) problems.push(`still runs on ${name}: ${stray}`);
  }
  await world.stop();
  for (const { command } of await processesIn(directory)) problems.push(`never ended: ${command}`);
  for (const host of hosts) {
    const left = await readdir(join(host.directory, 'tmp'));
    if (left.length > 0) problems.push(`left in tmp of ${host.name}: ${left.join(', ')}`);
  }
  await rm(directory, { recursive: true, force: true });
  if (existsSync(directory)) problems.push(`${directory} cannot be removed`);
  if (problems.length > 0) throw new Error(`The stage is not clean:\n${problems.join('\n')}`);
}
