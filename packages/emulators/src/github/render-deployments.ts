import { iso, nodeId, renderTeam, renderUser, repositoryUrl } from './render-accounts.ts';
import { account } from './world.ts';
import type {
  DeploymentRecord,
  DeploymentStatusRecord,
  EnvironmentRecord,
  Gate,
  RepositoryRecord,
  Review,
  World,
} from './world.ts';

function renderReviewers(world: World, repository: RepositoryRecord, rule: EnvironmentRecord) {
  const users = rule.users.map((login) => ({
    type: 'User',
    reviewer: renderUser(world, account(world, login)),
  }));
  const teams = rule.teams
    .map((slug) => world.teams.get(slug))
    .filter((team) => team !== undefined)
    .map((team) => ({
      type: 'Team',
      reviewer: renderTeam(world, team, repository.owner.login),
    }));
  return [...users, ...teams];
}

function renderEnvironmentName(
  world: World,
  repository: RepositoryRecord,
  environment: EnvironmentRecord,
) {
  const name = encodeURIComponent(environment.name);
  return {
    id: environment.id,
    node_id: nodeId('EN', environment.id),
    name: environment.name,
    url: `${repositoryUrl(world, repository)}/environments/${name}`,
    html_url: `${world.url}/${repository.fullName}/deployments/activity_log?environments_filter=${name}`,
  };
}

/** GitHub's `environment`, with the `can_admins_bypass` that its description leaves out. */
export function renderEnvironment(
  world: World,
  repository: RepositoryRecord,
  environment: EnvironmentRecord,
) {
  const rule = (offset: number, type: string) => ({
    id: environment.id * 10 + offset,
    node_id: nodeId('GA', environment.id * 10 + offset),
    type,
  });
  const reviewers = renderReviewers(world, repository, environment);
  return {
    ...renderEnvironmentName(world, repository, environment),
    created_at: iso(environment.createdAt),
    updated_at: iso(environment.updatedAt),
    ...(environment.canAdminsBypass === undefined
      ? {}
      : { can_admins_bypass: environment.canAdminsBypass }),
    protection_rules: [
      ...(environment.waitMinutes === 0
        ? []
        : [{ ...rule(1, 'wait_timer'), wait_timer: environment.waitMinutes }]),
      ...(reviewers.length === 0
        ? []
        : [
            {
              ...rule(2, 'required_reviewers'),
              prevent_self_review: environment.preventSelfReview,
              reviewers,
            },
          ]),
      ...(environment.branches === null ? [] : [rule(3, 'branch_policy')]),
    ],
    deployment_branch_policy:
      environment.branches === null
        ? null
        : {
            protected_branches: environment.branches === 'protected',
            custom_branch_policies: environment.branches !== 'protected',
          },
  };
}

export function renderBranchPolicies(environment: EnvironmentRecord) {
  if (environment.branches === null || environment.branches === 'protected') return [];
  return environment.branches.map((entry, index) => {
    const id = environment.id * 1000 + index;
    const policy = typeof entry === 'string' ? { name: entry, type: 'branch' } : entry;
    return { id, node_id: nodeId('GABP', id), name: policy.name, type: policy.type };
  });
}

export function renderDeployment(
  world: World,
  repository: RepositoryRecord,
  deployment: DeploymentRecord,
) {
  const url = `${repositoryUrl(world, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: iso(deployment.at),
    updated_at: iso(deployment.statuses.at(-1)?.at ?? deployment.at),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, repository),
    creator: renderUser(world, account(world, deployment.creator)),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  };
}

export function renderStatus(
  world: World,
  repository: RepositoryRecord,
  deployment: DeploymentRecord,
  status: DeploymentStatusRecord,
) {
  const deploymentUrl = `${repositoryUrl(world, repository)}/deployments/${deployment.id}`;
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: renderUser(world, account(world, status.creator)),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    deployment_url: deploymentUrl,
    repository_url: repositoryUrl(world, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

export function renderPending(
  world: World,
  repository: RepositoryRecord,
  gate: Gate,
  currentUserCanApprove: boolean,
) {
  return {
    environment: renderEnvironmentName(world, repository, gate.environment),
    wait_timer: gate.environment.waitMinutes,
    wait_timer_started_at: gate.environment.waitMinutes === 0 ? null : iso(gate.waitFrom),
    current_user_can_approve: currentUserCanApprove,
    reviewers: renderReviewers(world, repository, gate.environment),
  };
}

/** GitHub's `environment-approvals`; it carries no time of the decision. */
export function renderReview(world: World, repository: RepositoryRecord, review: Review) {
  return {
    environments: review.environments.map((environment) => ({
      ...renderEnvironmentName(world, repository, environment),
      created_at: iso(environment.createdAt),
      updated_at: iso(environment.updatedAt),
    })),
    state: review.state,
    user: renderUser(world, account(world, review.by)),
    comment: review.comment,
  };
}
