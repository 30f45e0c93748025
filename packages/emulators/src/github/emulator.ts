import { randomBytes } from 'node:crypto';
import { systemGitHubClock } from './clock.ts';
import { loadGitHubModel } from './model.ts';
import { createIssuer } from './oidc.ts';
import { reviewRun } from './reviews.ts';
import { advance, completeJob, describePending, newJob, startJob, waitsForReview } from './runs.ts';
import { listen } from './server.ts';
import {
  account,
  createWorld,
  note,
  putEnvironment,
  requireRepository,
  resolveCommit,
} from './world.ts';
import type { JobRecord, RunRecord, World } from './world.ts';
import type {
  GitHubEmulator,
  GitHubFault,
  GitHubJobRequest,
  GitHubJobSession,
  GitHubOptions,
  GitHubReadiness,
  GitHubReview,
  GitHubRunRequest,
  GitHubTokenRequest,
} from './types.ts';

/**
 * Starts an emulated GitHub on a free loopback port: environments and their protection, deployments, runs waiting for
 * reviewers, history, and an OIDC issuer. Requests and its own answers are checked against GitHub's OpenAPI
 * description.
 *
 * @throws Error if the seed contradicts itself.
 */
export async function startGitHub(options: GitHubOptions): Promise<GitHubEmulator> {
  const clock = options.clock ?? systemGitHubClock();
  const [model, issuer] = await Promise.all([loadGitHubModel(), createIssuer()]);
  let faults: { fault: GitHubFault; left: number }[] = [];
  let world = createWorld(options, clock, 'http://127.0.0.1');
  const server = await listen({
    model,
    issuer,
    world: () => world,
    takeFault(method, pathname) {
      const due = faults.find(
        ({ fault, left }) =>
          left > 0 && (fault.method ?? method) === method && fault.path.test(pathname),
      );
      if (due === undefined) return undefined;
      due.left -= 1;
      return due.fault.answer;
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  world = createWorld(options, clock, url);
  return {
    url,
    openRun: async (request) => openRun(world, request),
    openJob: async (runId, job) => openJob(world, requireRun(world, runId), job),
    closeRun: async (runId, conclusion) => closeRun(world, requireRun(world, runId), conclusion),
    approve: (runId, environment, review) =>
      decide(world, { runId, environment, review, state: 'approved' }),
    reject: (runId, environment, review) =>
      decide(world, { runId, environment, review, state: 'rejected' }),
    onPending(listener) {
      const { pendingListeners } = world;
      pendingListeners.add(listener);
      return () => pendingListeners.delete(listener);
    },
    pending: () => pendingJobs(world),
    token: (request) => issueToken(world, request),
    commit: (repository, ref) => resolveCommit(requireRepository(world, repository), ref),
    push(repository, ref, commit) {
      const record = requireRepository(world, repository);
      record.commits.set(commit.sha, commit);
      record.refs.set(ref, commit.sha);
    },
    setEnvironment(repository, environment) {
      putEnvironment(world, requireRepository(world, repository), environment);
    },
    removeEnvironment(repository, name) {
      requireRepository(world, repository).environments.delete(name.toLowerCase());
    },
    fault(fault) {
      faults.push({ fault, left: fault.times ?? 1 });
    },
    journal: () => [...world.journal],
    reset() {
      faults = [];
      world = createWorld(options, clock, url);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A token of GitHub's look; opaque to everybody. */
function secret(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('hex')}`;
}

function issueToken(world: World, request: GitHubTokenRequest): string {
  if ('user' in request) {
    if (!world.users.has(request.user.toLowerCase())) {
      throw new Error(`GitHub emulator: no user ${request.user}`);
    }
    const token = secret('ghp');
    world.tokens.set(token, { kind: 'user', login: request.user });
    return token;
  }
  const { fullName } = requireRepository(world, request.repository);
  const token = secret('ghs');
  const { permissions } = request;
  const name = 'github-actions[bot]';
  world.tokens.set(token, { kind: 'integration', repository: fullName, permissions, name });
  return token;
}

function openRun(world: World, request: GitHubRunRequest) {
  const repository = requireRepository(world, request.repository);
  if (!repository.commits.has(request.sha)) {
    throw new Error(`GitHub emulator: ${request.repository} has no commit ${request.sha}`);
  }
  account(world, request.actor);
  const siblings = [...world.runs.values()].filter(
    (run) => run.repository === repository && run.request.workflow === request.workflow,
  );
  const run: RunRecord = {
    id: world.nextId(),
    request,
    repository,
    number: siblings.length + 1,
    attempt: 1,
    workflowId: siblings[0]?.workflowId ?? world.nextId(),
    createdAt: world.clock.now(),
    jobs: [],
    reviews: [],
    conclusion: undefined,
  };
  world.runs.set(run.id, run);
  note(world, 'run opened', request.actor, { run: run.id, workflow: request.workflow });
  return { runId: String(run.id), runNumber: run.number, runAttempt: run.attempt };
}

function requireRun(world: World, runId: string): RunRecord {
  const run = world.runs.get(Number(runId));
  if (run === undefined) throw new Error(`GitHub emulator: no run ${runId}`);
  return run;
}

function openJob(world: World, run: RunRecord, request: GitHubJobRequest): GitHubJobSession {
  const token = secret('ghs');
  const idTokenRequestToken = secret('idt');
  const job = newJob(world, run, request, { token, idTokenRequestToken });
  world.tokens.set(token, {
    kind: 'integration',
    repository: run.repository.fullName,
    permissions: request.permissions,
    name: `job ${request.name}`,
  });
  const { gate } = job;
  if (gate !== undefined && gate.waitUntil > world.clock.now()) {
    world.clock.at(gate.waitUntil, () => advance(world));
  }
  advance(world);
  if (gate !== undefined && waitsForReview(job)) {
    const pending = describePending(world, job, gate);
    note(world, 'deployment_review requested', run.request.actor, pending);
    for (const listener of world.pendingListeners) listener(pending);
  }
  return {
    token,
    env: jobEnvironment(world, job),
    ready: (signal) => ready(world, job, signal),
    async close(conclusion, environmentUrl) {
      completeJob(world, job, conclusion, environmentUrl);
    },
  };
}

function jobEnvironment(world: World, job: JobRecord): Record<string, string> {
  const { repository, request } = job.run;
  return {
    GITHUB_API_URL: world.url,
    GITHUB_SERVER_URL: world.url,
    GITHUB_GRAPHQL_URL: `${world.url}/graphql`,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER_ID: String(repository.owner.id),
    GITHUB_ACTOR_ID: String(account(world, request.actor).id),
    ...(job.request.permissions['id-token'] === 'write'
      ? {
          ACTIONS_ID_TOKEN_REQUEST_URL: `${world.url}/_actions/idtoken/${job.id}?api-version=2.0`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.idTokenRequestToken,
        }
      : {}),
  };
}

function readiness(world: World, job: JobRecord): GitHubReadiness | undefined {
  const { gate } = job;
  if (gate?.blocked !== undefined) return { kind: 'blocked', reason: gate.blocked };
  if (gate?.review?.state === 'rejected') {
    return { kind: 'rejected', by: gate.review.by, comment: gate.review.comment };
  }
  if (job.status === 'waiting') return undefined;
  startJob(world, job);
  return gate === undefined
    ? { kind: 'ready' }
    : { kind: 'ready', deploymentId: gate.deployment.id };
}

async function ready(world: World, job: JobRecord, signal: AbortSignal): Promise<GitHubReadiness> {
  signal.throwIfAborted();
  const known = readiness(world, job);
  if (known !== undefined) return known;
  return new Promise((resolve, reject) => {
    const stop = () => {
      world.changeListeners.delete(check);
      signal.removeEventListener('abort', abort);
    };
    const check = () => {
      const outcome = readiness(world, job);
      if (outcome === undefined) return;
      stop();
      resolve(outcome);
    };
    const abort = () => {
      stop();
      reject(signal.reason);
    };
    world.changeListeners.add(check);
    signal.addEventListener('abort', abort, { once: true });
  });
}

function pendingJobs(world: World) {
  return [...world.runs.values()]
    .flatMap((run) => run.jobs)
    .filter(waitsForReview)
    .flatMap((job) => (job.gate === undefined ? [] : [describePending(world, job, job.gate)]));
}

interface Decision {
  readonly runId: string;
  readonly environment: string;
  readonly review: GitHubReview;
  readonly state: 'approved' | 'rejected';
}

function decide(world: World, { runId, environment, review, state }: Decision): void {
  const run = requireRun(world, runId);
  const record = run.repository.environments.get(environment.toLowerCase());
  if (record === undefined) throw new Error(`GitHub emulator: no environment ${environment}`);
  const decision = { state, by: review.by, comment: review.comment ?? '' };
  const outcome = reviewRun(world, run, [record.id], decision);
  if (outcome.kind === 'refused') throw new Error(`GitHub emulator: ${outcome.why}`);
}

function closeRun(world: World, run: RunRecord, conclusion: string): void {
  for (const job of run.jobs) completeJob(world, job, conclusion);
  run.conclusion = conclusion;
  note(world, 'run completed', run.request.actor, { run: run.id, conclusion });
}
