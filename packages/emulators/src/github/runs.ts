import { addDeployment, addStatus } from './deployments.ts';
import { refMayDeploy } from './ref-pattern.ts';
import { note, putEnvironment } from './world.ts';
import type { GitHubJobRequest, GitHubPending } from './types.ts';
import type { EnvironmentRecord, Gate, JobRecord, RunRecord, World } from './world.ts';

export function runStatus(run: RunRecord): 'completed' | 'waiting' | 'in_progress' {
  if (run.conclusion !== undefined) return 'completed';
  const open = run.jobs.filter((job) => job.status !== 'completed');
  return open.length > 0 && open.every((job) => job.status === 'waiting')
    ? 'waiting'
    : 'in_progress';
}

/** What holds back a job that names an environment. A missing environment comes into being, unprotected, as on GitHub. */
export function openGate(world: World, run: RunRecord, name: string): Gate {
  const { repository, request } = run;
  const environment =
    repository.environments.get(name.toLowerCase()) ?? putEnvironment(world, repository, { name });
  const deployment = addDeployment(world, repository, {
    sha: request.sha,
    ref: request.ref.replace(/^refs\/(?:heads|tags)\//u, ''),
    environment: environment.name,
    creator: request.actor,
  });
  const allowed = refMayDeploy(request.ref, environment.branches, repository.protectedBranches);
  const ref = request.ref.startsWith('refs/tags/') ? 'Tag' : 'Branch';
  const now = world.clock.now();
  return {
    environment,
    deployment,
    waitFrom: now,
    waitUntil: now + environment.waitMinutes * 60_000,
    blocked: allowed
      ? undefined
      : `${ref} "${deployment.ref}" is not allowed to deploy to ${environment.name} due to environment protection rules.`,
    review: undefined,
  };
}

export function needsReview(environment: EnvironmentRecord): boolean {
  return environment.users.length + environment.teams.length > 0;
}

function gateState(gate: Gate, now: number): 'blocked' | 'rejected' | 'waiting' | 'open' {
  if (gate.blocked !== undefined) return 'blocked';
  if (gate.review?.state === 'rejected') return 'rejected';
  if (needsReview(gate.environment) && gate.review === undefined) return 'waiting';
  return now < gate.waitUntil ? 'waiting' : 'open';
}

/** Logins whose review counts: the listed people and team members, without who started the run if that is forbidden. */
export function eligibleReviewers(world: World, run: RunRecord, environment: EnvironmentRecord) {
  const members = environment.teams.flatMap((slug) => world.teams.get(slug)?.members ?? []);
  const logins = [...new Set([...environment.users, ...members])];
  return environment.preventSelfReview
    ? logins.filter((login) => login.toLowerCase() !== run.request.actor.toLowerCase())
    : logins;
}

/** Lets every job on whose gate something changed go on, or fail. */
export function advance(world: World): void {
  for (const run of world.runs.values()) {
    for (const job of run.jobs) advanceJob(world, job);
  }
  for (const listener of world.changeListeners) listener();
}

function advanceJob(world: World, job: JobRecord): void {
  const { gate, run } = job;
  if (gate === undefined || job.status !== 'waiting') return;
  const state = gateState(gate, world.clock.now());
  const creator = run.request.actor;
  if (state === 'open') {
    job.status = 'queued';
    addStatus(world, run.repository, gate.deployment, { state: 'queued', creator });
  } else if (state === 'blocked' || state === 'rejected') {
    completeJob(world, job, 'failure');
  }
}

const deploymentStates: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failure',
  timed_out: 'failure',
  // GitHub does not document what a cancelled job leaves; `error` is never taken for a success.
  cancelled: 'error',
  skipped: 'inactive',
};

export function completeJob(
  world: World,
  job: JobRecord,
  conclusion: string,
  environmentUrl?: string,
): void {
  if (job.status === 'completed') return;
  job.status = 'completed';
  job.conclusion = conclusion;
  job.completedAt = world.clock.now();
  world.tokens.delete(job.token);
  note(world, 'job completed', job.request.name, { run: job.run.id, conclusion });
  if (job.gate === undefined) return;
  addStatus(world, job.run.repository, job.gate.deployment, {
    state: deploymentStates[conclusion] ?? 'error',
    creator: job.run.request.actor,
    environmentUrl: environmentUrl ?? job.request.environment?.url,
    logUrl: `${world.url}/${job.run.repository.fullName}/actions/runs/${job.run.id}/job/${job.id}`,
  });
}

/** Marks a job as running; GitHub hands out OIDC tokens only from here on. */
export function startJob(world: World, job: JobRecord): void {
  if (job.status !== 'queued') return;
  job.status = 'in_progress';
  job.startedAt = world.clock.now();
  if (job.gate === undefined) return;
  addStatus(world, job.run.repository, job.gate.deployment, {
    state: 'in_progress',
    creator: job.run.request.actor,
  });
}

export function newJob(
  world: World,
  run: RunRecord,
  request: GitHubJobRequest,
  tokens: { readonly token: string; readonly idTokenRequestToken: string },
): JobRecord {
  const gate =
    request.environment === undefined ? undefined : openGate(world, run, request.environment.name);
  const job: JobRecord = {
    id: world.nextId(),
    request,
    run,
    ...tokens,
    gate,
    createdAt: world.clock.now(),
    status: gate === undefined ? 'queued' : 'waiting',
    conclusion: undefined,
    startedAt: undefined,
    completedAt: undefined,
  };
  run.jobs.push(job);
  if (gate !== undefined && gateState(gate, world.clock.now()) === 'waiting') {
    addStatus(world, run.repository, gate.deployment, {
      state: 'waiting',
      creator: run.request.actor,
    });
  }
  return job;
}

export function waitsForReview(job: JobRecord): boolean {
  const { gate } = job;
  return (
    job.status === 'waiting' &&
    gate !== undefined &&
    gate.review === undefined &&
    needsReview(gate.environment)
  );
}

export function describePending(world: World, job: JobRecord, gate: Gate): GitHubPending {
  const { environment } = gate;
  return {
    repository: job.run.repository.fullName,
    runId: String(job.run.id),
    job: job.request.name,
    environment: environment.name,
    reviewers: { users: environment.users, teams: environment.teams },
    eligible: eligibleReviewers(world, job.run, environment),
  };
}
