import type { GitHubClock } from './clock.ts';
import { noReleases } from './releases.ts';
import type { Releases } from './releases.ts';
import type {
  GitHubBranchPolicy,
  GitHubCommit,
  GitHubEnvironment,
  GitHubJobRequest,
  GitHubJournalEntry,
  GitHubOptions,
  GitHubPending,
  GitHubProtection,
  GitHubRepository,
  GitHubRunRequest,
} from './types.ts';

export interface UserRecord {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly type: 'User' | 'Organization' | 'Bot';
}

export interface TeamRecord {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly members: readonly string[];
}

export interface EnvironmentRecord {
  readonly id: number;
  readonly name: string;
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  readonly branches: GitHubBranchPolicy;
  readonly canAdminsBypass: boolean | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface DeploymentStatusRecord {
  readonly id: number;
  readonly state: string;
  readonly creator: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly at: number;
}

export interface DeploymentRecord {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: string;
  readonly at: number;
  readonly transient: boolean;
  readonly production: boolean;
  /** Oldest first. */
  readonly statuses: DeploymentStatusRecord[];
}

export interface RepositoryRecord {
  readonly id: number;
  readonly fullName: string;
  readonly owner: UserRecord;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly commits: Map<string, GitHubCommit>;
  readonly refs: Map<string, string>;
  /** By lower-case name: GitHub does not tell environments apart by case. */
  readonly environments: Map<string, EnvironmentRecord>;
  readonly deployments: DeploymentRecord[];
  readonly protectedBranches: readonly string[];
  readonly oidcSubject: 'names' | 'immutable-ids';
  readonly releases: Releases;
  readonly createdAt: number;
}

export interface Review {
  readonly environments: readonly EnvironmentRecord[];
  readonly state: 'approved' | 'rejected';
  readonly by: string;
  readonly comment: string;
}

/** What holds a job back. */
export interface Gate {
  readonly environment: EnvironmentRecord;
  readonly deployment: DeploymentRecord;
  readonly waitFrom: number;
  readonly waitUntil: number;
  /** Why the ref may not deploy here. */
  readonly blocked: string | undefined;
  review: Review | undefined;
}

export interface JobRecord {
  readonly id: number;
  readonly request: GitHubJobRequest;
  readonly run: RunRecord;
  readonly token: string;
  readonly idTokenRequestToken: string;
  readonly gate: Gate | undefined;
  readonly createdAt: number;
  status: 'waiting' | 'queued' | 'in_progress' | 'completed';
  conclusion: string | undefined;
  startedAt: number | undefined;
  completedAt: number | undefined;
}

export interface RunRecord {
  readonly id: number;
  readonly request: GitHubRunRequest;
  readonly repository: RepositoryRecord;
  readonly number: number;
  readonly attempt: number;
  readonly workflowId: number;
  readonly createdAt: number;
  readonly jobs: JobRecord[];
  readonly reviews: Review[];
  conclusion: string | undefined;
}

/** Who calls. */
export type Principal =
  | { readonly kind: 'user'; readonly login: string }
  | {
      readonly kind: 'integration';
      readonly repository: string;
      readonly permissions: Readonly<Record<string, string>>;
      readonly name: string;
    };

/** Everything that `reset` throws away. */
export interface World {
  readonly clock: GitHubClock;
  readonly url: string;
  readonly repositories: Map<string, RepositoryRecord>;
  readonly users: Map<string, UserRecord>;
  readonly teams: Map<string, TeamRecord>;
  readonly tokens: Map<string, Principal>;
  readonly runs: Map<number, RunRecord>;
  readonly journal: GitHubJournalEntry[];
  readonly pendingListeners: Set<(pending: GitHubPending) => void>;
  /** Called whenever a gate may have changed. */
  readonly changeListeners: Set<() => void>;
  /** Grows by one with each call; ids are unique over all kinds. */
  nextId(): number;
}

export function createWorld(options: GitHubOptions, clock: GitHubClock, url: string): World {
  let id = 1000;
  const world: World = {
    clock,
    url,
    repositories: new Map(),
    users: new Map(),
    teams: new Map(),
    tokens: new Map(),
    runs: new Map(),
    journal: [],
    pendingListeners: new Set(),
    changeListeners: new Set(),
    nextId: () => (id += 1),
  };
  for (const user of options.users ?? []) {
    addUser(world, { login: user.login, name: user.name ?? null, type: 'User', id: user.id });
  }
  for (const team of options.teams ?? []) {
    for (const login of team.members) requireUser(world, login, `team ${team.slug}`);
    const name = team.name ?? team.slug;
    world.teams.set(team.slug, { ...team, name, id: world.nextId() });
  }
  for (const repository of options.repositories) addRepository(world, repository);
  return world;
}

function addUser(
  world: World,
  user: Omit<UserRecord, 'id'> & { id?: number | undefined },
): UserRecord {
  const record = { ...user, id: user.id ?? world.nextId() };
  world.users.set(user.login.toLowerCase(), record);
  return record;
}

/** The account of this name; an unknown one is made up, because commits name people who are not seeded. */
export function account(
  world: World,
  login: string,
  type: UserRecord['type'] = 'User',
): UserRecord {
  return world.users.get(login.toLowerCase()) ?? addUser(world, { login, name: null, type });
}

function requireUser(world: World, login: string, where: string): void {
  if (!world.users.has(login.toLowerCase())) {
    throw new Error(`GitHub emulator: ${where} names the user ${login}, who is not seeded`);
  }
}

function addRepository(world: World, seed: GitHubRepository): void {
  const [owner, name] = seed.fullName.split('/');
  if (owner === undefined || name === undefined) {
    throw new Error(`GitHub emulator: ${seed.fullName} is not owner/name`);
  }
  const record: RepositoryRecord = {
    id: seed.id ?? world.nextId(),
    fullName: seed.fullName,
    owner: account(world, owner, 'Organization'),
    name,
    private: seed.private ?? true,
    defaultBranch: seed.defaultBranch ?? 'main',
    commits: new Map(seed.commits.map((commit) => [commit.sha, commit])),
    refs: new Map(Object.entries(seed.refs)),
    environments: new Map(),
    deployments: [],
    protectedBranches: seed.protectedBranches ?? [],
    oidcSubject: seed.oidcSubject ?? 'names',
    releases: noReleases(seed.immutableReleases ?? false),
    createdAt: world.clock.now(),
  };
  for (const [ref, sha] of record.refs) {
    if (!record.commits.has(sha)) {
      throw new Error(
        `GitHub emulator: ${ref} of ${seed.fullName} names ${sha}, which is no commit`,
      );
    }
  }
  world.repositories.set(seed.fullName.toLowerCase(), record);
  for (const environment of seed.environments ?? []) putEnvironment(world, record, environment);
}

function requireReviewers(world: World, seed: GitHubEnvironment): void {
  const where = `environment ${seed.name}`;
  const { users = [], teams = [] } = seed.protection?.reviewers ?? {};
  for (const login of users) requireUser(world, login, where);
  for (const slug of teams) {
    if (!world.teams.has(slug)) {
      throw new Error(`GitHub emulator: ${where} names the team ${slug}, which is not seeded`);
    }
  }
}

function rulesOf(protection: GitHubProtection) {
  return {
    users: protection.reviewers?.users ?? [],
    teams: protection.reviewers?.teams ?? [],
    preventSelfReview: protection.preventSelfReview ?? false,
    waitMinutes: protection.waitMinutes ?? 0,
    branches: protection.branches ?? null,
    canAdminsBypass: 'canAdminsBypass' in protection ? protection.canAdminsBypass : true,
  };
}

/** Creates or replaces an environment. */
export function putEnvironment(
  world: World,
  repository: RepositoryRecord,
  seed: GitHubEnvironment,
): EnvironmentRecord {
  requireReviewers(world, seed);
  const now = world.clock.now();
  const known = repository.environments.get(seed.name.toLowerCase());
  const record: EnvironmentRecord = {
    ...rulesOf(seed.protection ?? {}),
    id: known?.id ?? world.nextId(),
    name: known?.name ?? seed.name,
    variables: seed.variables ?? {},
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
  };
  repository.environments.set(seed.name.toLowerCase(), record);
  return record;
}

export function requireRepository(world: World, fullName: string): RepositoryRecord {
  const repository = world.repositories.get(fullName.toLowerCase());
  if (repository === undefined) throw new Error(`GitHub emulator: no repository ${fullName}`);
  return repository;
}

/** The commit that a SHA, full ref, branch or tag names. */
export function resolveCommit(repository: RepositoryRecord, ref: string): GitHubCommit | undefined {
  const names = [ref, `refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`];
  const sha = names.map((name) => repository.refs.get(name)).find((found) => found !== undefined);
  if (sha !== undefined) return repository.commits.get(sha);
  const exact = repository.commits.get(ref);
  if (exact !== undefined || !/^[0-9a-f]{7,40}$/u.test(ref)) return exact;
  const matches = [...repository.commits.values()].filter((commit) => commit.sha.startsWith(ref));
  return matches.length === 1 ? matches[0] : undefined;
}

/** Writes an event into the journal. */
export function note(world: World, what: string, by: string, detail?: unknown): void {
  world.journal.push({
    sequence: world.journal.length + 1,
    at: new Date(world.clock.now()).toISOString(),
    kind: 'event',
    what,
    by,
    ...(detail === undefined ? {} : { detail }),
  });
}
