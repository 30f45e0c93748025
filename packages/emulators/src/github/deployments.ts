import { note } from './world.ts';
import type { DeploymentRecord, DeploymentStatusRecord, RepositoryRecord, World } from './world.ts';

export interface NewDeployment {
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly creator: string;
  readonly task?: string | undefined;
  readonly payload?: unknown;
  readonly description?: string | null | undefined;
  readonly transient?: boolean | undefined;
  readonly production?: boolean | undefined;
}

export function addDeployment(
  world: World,
  repository: RepositoryRecord,
  request: NewDeployment,
): DeploymentRecord {
  const deployment: DeploymentRecord = {
    id: world.nextId(),
    sha: request.sha,
    ref: request.ref,
    task: request.task ?? 'deploy',
    payload: request.payload ?? '',
    environment: request.environment,
    description: request.description ?? null,
    creator: request.creator,
    at: world.clock.now(),
    transient: request.transient ?? false,
    production: request.production ?? request.environment === 'production',
    statuses: [],
  };
  repository.deployments.push(deployment);
  note(world, 'deployment', request.creator, {
    id: deployment.id,
    environment: deployment.environment,
  });
  return deployment;
}

export interface NewStatus {
  readonly state: string;
  readonly creator: string;
  readonly description?: string | undefined;
  readonly environment?: string | undefined;
  readonly environmentUrl?: string | undefined;
  readonly logUrl?: string | undefined;
  readonly autoInactive?: boolean | undefined;
}

/**
 * Adds a status. A success makes the earlier successes of the same environment inactive, but only those that are
 * neither transient nor production: that is GitHub's documented rule.
 */
export function addStatus(
  world: World,
  repository: RepositoryRecord,
  deployment: DeploymentRecord,
  request: NewStatus,
): DeploymentStatusRecord {
  const status: DeploymentStatusRecord = {
    id: world.nextId(),
    state: request.state,
    creator: request.creator,
    description: request.description ?? '',
    environment: request.environment ?? deployment.environment,
    environmentUrl: request.environmentUrl ?? '',
    logUrl: request.logUrl ?? '',
    at: world.clock.now(),
  };
  deployment.statuses.push(status);
  note(world, 'deployment_status', request.creator, { id: deployment.id, state: status.state });
  if (status.state === 'success' && request.autoInactive !== false) {
    deactivateEarlier(world, repository, deployment, request.creator);
  }
  return status;
}

function deactivateEarlier(
  world: World,
  repository: RepositoryRecord,
  newest: DeploymentRecord,
  creator: string,
): void {
  const superseded = repository.deployments.filter(
    (deployment) =>
      deployment.id < newest.id &&
      deployment.environment === newest.environment &&
      !deployment.transient &&
      !deployment.production &&
      deployment.statuses.at(-1)?.state === 'success',
  );
  for (const deployment of superseded) {
    addStatus(world, repository, deployment, { state: 'inactive', creator });
  }
}
