import * as z from 'zod';
import { actorOf, paged, GitHubProblem, notFound, repositoryOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import { addDeployment, addStatus } from './deployments.ts';
import { renderDeployment, renderStatus } from './render-deployments.ts';
import { putEnvironment, resolveCommit } from './world.ts';
import type { DeploymentRecord, RepositoryRecord } from './world.ts';

const creation = z.object({
  ref: z.string(),
  task: z.string().optional(),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.unknown().optional(),
  environment: z.string().default('production'),
  description: z.string().nullish(),
  transient_environment: z.boolean().optional(),
  production_environment: z.boolean().optional(),
});

const statusCreation = z.object({
  state: z.string(),
  target_url: z.string().optional(),
  log_url: z.string().optional(),
  description: z.string().optional(),
  environment: z.string().optional(),
  environment_url: z.string().optional(),
  auto_inactive: z.boolean().optional(),
});

function deploymentOf(call: Call, repository: RepositoryRecord): DeploymentRecord {
  const id = Number(call.parameters['deployment_id']);
  const deployment = repository.deployments.find((candidate) => candidate.id === id);
  if (deployment === undefined) throw notFound();
  return deployment;
}

/** Whether the default branch has commits that the ref lacks: GitHub would first merge them in. */
function isBehindDefault(repository: RepositoryRecord, sha: string): boolean {
  const tip = repository.refs.get(`refs/heads/${repository.defaultBranch}`);
  const seen = new Set<string>();
  const queue = [sha];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (next === tip) return false;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(repository.commits.get(next)?.parents ?? []));
  }
  return tip !== undefined;
}

const createDeployment: Handler = (call) => {
  const repository = repositoryOf(call);
  const request = creation.parse(call.body);
  const commit = resolveCommit(repository, request.ref);
  if (commit === undefined) throw new GitHubProblem(422, `No ref found for: ${request.ref}`);
  const isBranch = repository.refs.has(`refs/heads/${request.ref}`);
  if (request.auto_merge && isBranch && isBehindDefault(repository, commit.sha)) {
    // The emulated history is not merged: this is GitHub's answer to a merge that does not work.
    throw new GitHubProblem(
      409,
      `Conflict merging ${repository.defaultBranch} into ${request.ref}.`,
    );
  }
  if ((request.required_contexts ?? []).length > 0) {
    // The emulator keeps no commit statuses, so none of them has succeeded.
    throw new GitHubProblem(409, `Conflict: Commit status checks failed for ${request.ref}.`);
  }
  if (!repository.environments.has(request.environment.toLowerCase())) {
    putEnvironment(call.world, repository, { name: request.environment });
  }
  const deployment = addDeployment(call.world, repository, {
    sha: commit.sha,
    ref: request.ref,
    environment: request.environment,
    creator: actorOf(call),
    task: request.task,
    payload: request.payload,
    description: request.description,
    transient: request.transient_environment,
    production: request.production_environment,
  });
  return { status: 201, body: renderDeployment(call.world, repository, deployment) };
};

const createStatus: Handler = (call) => {
  const repository = repositoryOf(call);
  const deployment = deploymentOf(call, repository);
  const request = statusCreation.parse(call.body);
  if ((request.description ?? '').length > 140) {
    throw new GitHubProblem(422, 'Validation Failed', {
      errors: [{ resource: 'DeploymentStatus', code: 'custom', field: 'description' }],
    });
  }
  const status = addStatus(call.world, repository, deployment, {
    state: request.state,
    creator: actorOf(call),
    description: request.description,
    environment: request.environment,
    environmentUrl: request.environment_url,
    logUrl: request.log_url ?? request.target_url,
    autoInactive: request.auto_inactive,
  });
  return { status: 201, body: renderStatus(call.world, repository, deployment, status) };
};

const listDeployments: Handler = (call) => {
  const repository = repositoryOf(call);
  const { query } = call;
  // GitHub's description calls the default of every filter "none".
  const asks = (name: string, value: string) =>
    query[name] === undefined || query[name] === 'none' || query[name] === value;
  const found = repository.deployments.filter(
    (deployment) =>
      asks('sha', deployment.sha) &&
      asks('ref', deployment.ref) &&
      asks('task', deployment.task) &&
      asks('environment', deployment.environment),
  );
  const { page, headers } = paged(call, found.toReversed());
  return {
    status: 200,
    headers,
    body: page.map((deployment) => renderDeployment(call.world, repository, deployment)),
  };
};

/** Deployments and their statuses. */
export const deploymentHandlers: Readonly<Record<string, Handler>> = {
  'repos/list-deployments': listDeployments,
  'repos/create-deployment': createDeployment,
  'repos/get-deployment': (call) => {
    const repository = repositoryOf(call);
    const deployment = deploymentOf(call, repository);
    return { status: 200, body: renderDeployment(call.world, repository, deployment) };
  },
  'repos/list-deployment-statuses': (call) => {
    const repository = repositoryOf(call);
    const deployment = deploymentOf(call, repository);
    const { page, headers } = paged(call, deployment.statuses.toReversed());
    return {
      status: 200,
      headers,
      body: page.map((status) => renderStatus(call.world, repository, deployment, status)),
    };
  },
  'repos/create-deployment-status': createStatus,
};
