import {
  iso,
  nodeId,
  renderMinimalRepository,
  renderUser,
  repositoryUrl,
} from './render-accounts.ts';
import { runStatus } from './runs.ts';
import { account } from './world.ts';
import type { JobRecord, RepositoryRecord, RunRecord, World } from './world.ts';
import type { GitHubCommit } from './types.ts';

export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//u, '');
}

export function renderRun(world: World, run: RunRecord) {
  const { repository, request } = run;
  const api = `${repositoryUrl(world, repository)}/actions`;
  const url = `${api}/runs/${run.id}`;
  const commit = repository.commits.get(request.sha);
  const actor = renderUser(world, account(world, request.actor));
  const updated = Math.max(run.createdAt, ...run.jobs.map((job) => job.completedAt ?? 0));
  return {
    id: run.id,
    name: request.workflow,
    node_id: nodeId('WFR', run.id),
    head_branch: shortRef(request.ref),
    head_sha: request.sha,
    path: request.workflow,
    display_title: commit?.message.split('\n')[0] ?? request.workflow,
    run_number: run.number,
    run_attempt: run.attempt,
    event: request.event,
    status: runStatus(run),
    conclusion: run.conclusion ?? null,
    workflow_id: run.workflowId,
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CS', run.id),
    url,
    html_url: runPage(world, run),
    pull_requests: [],
    created_at: iso(run.createdAt),
    updated_at: iso(updated),
    run_started_at: iso(run.createdAt),
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world, repository)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${api}/workflows/${run.workflowId}`,
    head_commit: commit === undefined ? null : renderSimpleCommit(commit),
    repository: renderMinimalRepository(world, repository),
    head_repository: renderMinimalRepository(world, repository),
  };
}

/** The page of a run: what a deployment status links to. */
export function runPage(world: World, run: RunRecord): string {
  return `${world.url}/${run.repository.fullName}/actions/runs/${run.id}`;
}

export function renderJob(world: World, job: JobRecord) {
  const { run } = job;
  const base = repositoryUrl(world, run.repository);
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.request.workflow,
    head_branch: shortRef(run.request.ref),
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    node_id: nodeId('CR', job.id),
    head_sha: run.request.sha,
    url: `${base}/actions/jobs/${job.id}`,
    html_url: `${runPage(world, run)}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion ?? null,
    created_at: iso(job.createdAt),
    started_at: iso(job.startedAt ?? job.createdAt),
    completed_at: job.completedAt === undefined ? null : iso(job.completedAt),
    name: job.request.name,
    steps: [],
    check_run_url: `${base}/check-runs/${job.id}`,
    labels: ['ubuntu-24.04'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
  };
}

function gitPerson(commit: GitHubCommit) {
  return {
    name: commit.author.name,
    email: `${commit.author.login}@users.noreply.github.invalid`,
    date: commit.date,
  };
}

function treeOf({ tree, sha }: GitHubCommit): string {
  return tree ?? sha;
}

function renderSimpleCommit(commit: GitHubCommit) {
  const { name, email } = gitPerson(commit);
  return {
    id: commit.sha,
    tree_id: treeOf(commit),
    message: commit.message,
    timestamp: commit.date,
    author: { name, email },
    committer: { name, email },
  };
}

export function renderCommit(world: World, repository: RepositoryRecord, commit: GitHubCommit) {
  const base = repositoryUrl(world, repository);
  const web = `${world.url}/${repository.fullName}/commit`;
  const author = renderUser(world, account(world, commit.author.login));
  return {
    url: `${base}/commits/${commit.sha}`,
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    html_url: `${web}/${commit.sha}`,
    comments_url: `${base}/commits/${commit.sha}/comments`,
    commit: {
      url: `${base}/git/commits/${commit.sha}`,
      author: gitPerson(commit),
      committer: gitPerson(commit),
      message: commit.message,
      comment_count: 0,
      tree: { sha: treeOf(commit), url: `${base}/git/trees/${treeOf(commit)}` },
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    author,
    committer: author,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${base}/commits/${sha}`,
      html_url: `${web}/${sha}`,
    })),
  };
}
