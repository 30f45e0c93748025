import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { startGitHub } from './emulator.ts';
import { steppedGitHubClock } from './clock.ts';
import { at, second, seed } from './test-support.ts';
import type { GitHubEmulator, GitHubPending } from './types.ts';

const clock = steppedGitHubClock();
let github: GitHubEmulator;

beforeEach(async () => {
  github = await startGitHub({ ...seed, clock });
});
afterEach(() => github.stop());

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

function client(token: string) {
  return getOctokit(token, { baseUrl: github.url, log: quiet });
}

function job(permissions: Record<string, string> = {}) {
  return client(github.token({ repository: 'acme/sample', permissions }));
}

async function openDeploy(environment: string, ref = 'refs/heads/main') {
  const { runId } = await github.openRun({
    repository: 'acme/sample',
    workflow: '.github/workflows/deploy.yml',
    event: 'workflow_dispatch',
    ref,
    sha: second,
    actor: 'octo-dev',
    inputs: {},
  });
  const session = await github.openJob(runId, {
    name: 'deploy',
    environment: { name: environment },
    permissions: { actions: 'read', 'id-token': 'write' },
  });
  return { runId, session, signal: new AbortController().signal };
}

async function states(environment: string) {
  const octokit = job({ deployments: 'read' });
  const { data } = await octokit.rest.repos.listDeployments({ ...at, environment });
  const lists = await Promise.all(
    data.map(({ id }) => octokit.rest.repos.listDeploymentStatuses({ ...at, deployment_id: id })),
  );
  return lists.map((list) => list.data.map((status) => status.state));
}

describe('environments', () => {
  it('answers with protection rules as GitHub forms them', async () => {
    const { data } = await job({ actions: 'read' }).rest.repos.getEnvironment({
      ...at,
      environment_name: 'production',
    });
    expect(data.protection_rules?.map((rule) => rule.type)).toEqual([
      'required_reviewers',
      'branch_policy',
    ]);
    expect(data).toMatchObject({
      can_admins_bypass: true,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    const policies = await job({ actions: 'read' }).rest.repos.listDeploymentBranchPolicies({
      ...at,
      environment_name: 'production',
    });
    expect(policies.data.branch_policies).toMatchObject([
      { name: 'main', type: 'branch' },
      { name: 'v*', type: 'tag' },
    ]);
  });

  it('finds names that need percent-encoding, in any case, over pages', async () => {
    github.setEnvironment('acme/sample', { name: 'eu/west 1' });
    const octokit = job({ actions: 'read' });
    const found = await octokit.rest.repos.getEnvironment({ ...at, environment_name: 'EU/west 1' });
    expect(found.data.name).toBe('eu/west 1');
    const all = await octokit.paginate(octokit.rest.repos.getAllEnvironments, {
      ...at,
      per_page: 1,
    });
    expect(all).toHaveLength(4);
  });

  it('refuses as GitHub does', async () => {
    const read = (octokit: ReturnType<typeof client>, name: string) =>
      octokit.rest.repos.getEnvironment({ ...at, environment_name: name });
    await expect(read(job({ contents: 'read' }), 'production')).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
      response: { headers: { 'x-accepted-github-permissions': 'actions=read' } },
    });
    await expect(read(client('ghs_unknown'), 'production')).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('Bad credentials'),
    });
    await expect(read(job({ actions: 'read' }), 'prodution')).rejects.toMatchObject({
      status: 404,
    });
    const anonymous = await fetch(`${github.url}/repos/acme/sample/environments`);
    expect(anonymous.status).toBe(404);
  });
});

describe('deployments', () => {
  it('deactivates earlier successes, but not those of production', async () => {
    const octokit = job({ deployments: 'write' });
    for (const environment of ['staging', 'staging', 'production', 'production']) {
      const created = await octokit.rest.repos.createDeployment({
        ...at,
        ref: 'main',
        environment,
        required_contexts: [],
      });
      if (created.status !== 201) throw new Error('not created');
      await octokit.rest.repos.createDeploymentStatus({
        ...at,
        deployment_id: created.data.id,
        state: 'success',
      });
    }
    expect(await states('staging')).toEqual([['success'], ['inactive', 'success']]);
    expect(await states('production')).toEqual([['success'], ['success']]);
  });

  it('refuses bodies outside the description, unknown refs, and branches that are behind', async () => {
    const octokit = job({ deployments: 'write' });
    const token = github.token({
      repository: 'acme/sample',
      permissions: { deployments: 'write' },
    });
    const refused = await fetch(`${github.url}/repos/acme/sample/deployments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ ref: 'main', required_contexts: 'none' }),
    });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      errors: [{ field: '/required_contexts', message: 'must be array' }],
    });
    const create = (ref: string) => octokit.rest.repos.createDeployment({ ...at, ref });
    await expect(create('nowhere')).rejects.toMatchObject({ status: 422 });
    await expect(create('topic')).rejects.toMatchObject({ status: 409 });
    await expect(
      job({ deployments: 'read' }).rest.repos.createDeployment({ ...at, ref: 'main' }),
    ).rejects.toMatchObject({ status: 403 });
  });
});

describe('jobs that name an environment', () => {
  it('go on at once where nothing protects it, and leave a deployment', async () => {
    const { session, signal, runId } = await openDeploy('staging');
    expect(await session.ready(signal)).toMatchObject({ kind: 'ready' });
    await session.close('success', 'http://127.0.0.1:8080/');
    await github.closeRun(runId, 'success');
    expect(await states('staging')).toEqual([['success', 'in_progress', 'queued']]);
    const run = await job({ actions: 'read' }).rest.actions.getWorkflowRun({
      ...at,
      run_id: Number(runId),
    });
    expect(run.data).toMatchObject({ status: 'completed', conclusion: 'success', run_number: 1 });
    await expect(client(session.token).rest.repos.get(at)).rejects.toMatchObject({ status: 401 });
  });

  it('create the environment, unprotected, if it does not exist', async () => {
    const { session, signal } = await openDeploy('prodution');
    expect(await session.ready(signal)).toMatchObject({ kind: 'ready' });
    const { data } = await job({ actions: 'read' }).rest.repos.getEnvironment({
      ...at,
      environment_name: 'prodution',
    });
    expect(data.protection_rules).toEqual([]);
  });

  it('are blocked on a ref that the policy does not allow', async () => {
    const { session, signal } = await openDeploy('production', 'refs/heads/topic');
    expect(await session.ready(signal)).toEqual({
      kind: 'blocked',
      reason:
        'Branch "topic" is not allowed to deploy to production due to environment protection rules.',
    });
    expect(await states('production')).toEqual([['failure']]);
    const tag = await openDeploy('production', 'refs/tags/v2');
    expect(github.pending()).toMatchObject([{ runId: tag.runId }]);
  });

  it('wait for a reviewer, who is told, and whose approval goes through the API', async () => {
    const told: GitHubPending[] = [];
    github.onPending((pending) => told.push(pending));
    const { session, signal, runId } = await openDeploy('production');
    expect(told).toMatchObject([
      { runId, environment: 'production', eligible: ['octo-reviewer', 'octo-ops'] },
    ]);
    const ready = session.ready(signal);
    const reviewer = client(github.token({ user: 'octo-ops' }));
    const pending = await reviewer.rest.actions.getPendingDeploymentsForRun({
      ...at,
      run_id: Number(runId),
    });
    expect(pending.data).toMatchObject([
      { environment: { name: 'production' }, current_user_can_approve: true },
    ]);
    const review = {
      ...at,
      run_id: Number(runId),
      environment_ids: [pending.data[0]?.environment.id ?? 0],
      state: 'approved' as const,
      comment: 'read the brief',
    };
    // The job's own token, somebody who is not listed, and who started the run: none of them counts.
    await expect(
      client(session.token).rest.actions.reviewPendingDeploymentsForRun(review),
    ).rejects.toMatchObject({ status: 403 });
    await expect(
      client(github.token({ user: 'octo-dev' })).rest.actions.reviewPendingDeploymentsForRun(
        review,
      ),
    ).rejects.toMatchObject({ status: 422, message: expect.stringContaining('self-review') });
    await reviewer.rest.actions.reviewPendingDeploymentsForRun(review);
    expect(await ready).toMatchObject({ kind: 'ready' });
    const approvals = await reviewer.rest.actions.getReviewsForRun({
      ...at,
      run_id: Number(runId),
    });
    expect(approvals.data).toMatchObject([
      { state: 'approved', user: { login: 'octo-ops' }, comment: 'read the brief' },
    ]);
    const jobs = await reviewer.rest.actions.listJobsForWorkflowRun({
      ...at,
      run_id: Number(runId),
    });
    expect(jobs.data.jobs).toMatchObject([{ name: 'deploy', status: 'in_progress' }]);
    await session.close('failure');
    expect(await states('production')).toEqual([['failure', 'in_progress', 'queued', 'waiting']]);
  });

  it('end when a reviewer rejects', async () => {
    const { session, signal, runId } = await openDeploy('production');
    const ready = session.ready(signal);
    expect(() => github.approve(runId, 'production', { by: 'octo-dev' })).toThrow('self-review');
    github.reject(runId, 'production', { by: 'octo-reviewer', comment: 'not today' });
    expect(await ready).toEqual({ kind: 'rejected', by: 'octo-reviewer', comment: 'not today' });
    await session.close('failure');
    expect(await states('production')).toEqual([['failure', 'waiting']]);
  });

  it('wait as long as the timer says', async () => {
    const { session, signal, runId } = await openDeploy('slow');
    const ready = session.ready(signal);
    clock.advance(10 * 60_000 - 1);
    const octokit = job({ actions: 'read' });
    const pending = await octokit.rest.actions.getPendingDeploymentsForRun({
      ...at,
      run_id: Number(runId),
    });
    expect(pending.data).toMatchObject([{ wait_timer: 10, reviewers: [] }]);
    clock.advance(1);
    expect(await ready).toMatchObject({ kind: 'ready' });
  });

  it('stop waiting when the run is cancelled', async () => {
    const { session } = await openDeploy('production');
    const controller = new AbortController();
    const ready = session.ready(controller.signal);
    controller.abort(new Error('cancelled by hand'));
    await expect(ready).rejects.toThrow('cancelled by hand');
    await session.close('cancelled');
    expect(github.pending()).toEqual([]);
  });
});

describe('trouble on demand', () => {
  it('answers with a fault, hangs up, keeps a journal, and forgets all of it', async () => {
    github.fault({ path: /\/environments/u, answer: { status: 503 } });
    github.fault({ path: /\/environments/u, answer: 'hang-up' });
    const octokit = job({ actions: 'read' });
    const list = () => octokit.rest.repos.getAllEnvironments(at);
    await expect(list()).rejects.toMatchObject({ status: 503 });
    await expect(list()).rejects.toThrow(/fetch failed|other side closed/u);
    await list();
    expect(github.journal().map((entry) => entry.status)).toEqual([503, 0, 200]);
    expect(github.journal().at(-1)).toMatchObject({
      what: 'GET /repos/acme/sample/environments',
      operation: 'repos/get-all-environments',
      by: 'github-actions[bot]',
    });
    github.reset();
    expect(github.journal()).toEqual([]);
    await expect(list()).rejects.toMatchObject({ status: 401 });
  });

  it('refuses a seed that contradicts itself', async () => {
    const environments = [{ name: 'x', protection: { reviewers: { users: ['nobody'] } } }];
    await expect(
      startGitHub({ repositories: [{ fullName: 'a/b', commits: [], refs: {}, environments }] }),
    ).rejects.toThrow('nobody');
  });
});
