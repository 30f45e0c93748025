import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, steppedGitHubClock } from '@gatewright/emulators';
import type { GitHubEmulator } from '@gatewright/emulators';
import { AccessError, ServiceError } from '@gatewright/verdict';
import { createGitHub } from './index.ts';
import type { GitHubClientOptions } from './index.ts';

const author = { login: 'octo-dev', name: 'Octo Dev' };
const date = '2026-11-01T10:00:00Z';
const sha = (index: number) => index.toString(16).padStart(40, '0');
const commits = Array.from({ length: 260 }, (_, index) => ({
  sha: sha(index),
  message: `change ${index}\n\nwith a body`,
  author,
  date,
  parents: index === 0 ? [] : [sha(index - 1)],
  directory: '/trees/none',
}));

const clock = steppedGitHubClock();
let github: GitHubEmulator;
const slept: number[] = [];

beforeEach(async () => {
  slept.length = 0;
  github = await startGitHub({
    clock,
    users: [{ login: 'octo-dev' }, { login: 'octo-reviewer' }],
    teams: [{ slug: 'ops', members: ['octo-dev'] }],
    repositories: [
      {
        fullName: 'acme/sample',
        commits,
        refs: { 'refs/heads/main': sha(259), 'refs/tags/v1': sha(0) },
        environments: [{ name: 'staging' }],
      },
    ],
  });
});
afterEach(() => github.stop());

const everything = { actions: 'read', contents: 'read', deployments: 'read' };

function adapter(
  permissions: Record<string, string> = everything,
  more?: Partial<GitHubClientOptions>,
) {
  return createGitHub({
    token: github.token({ repository: 'acme/sample', permissions }),
    apiUrl: github.url,
    repository: 'acme/sample',
    sleep: async (milliseconds) => void slept.push(milliseconds),
    now: () => clock.now(),
    ...more,
  });
}

describe('readEnvironment', () => {
  it('reads every rule', async () => {
    const patterns = Array.from({ length: 101 }, (_, index) => `release/${index}`);
    github.setEnvironment('acme/sample', {
      name: 'eu/production 1',
      protection: {
        reviewers: { users: ['octo-reviewer'], teams: ['ops'] },
        preventSelfReview: true,
        waitMinutes: 5,
        branches: [...patterns, { name: 'v*', type: 'tag' }],
        canAdminsBypass: false,
      },
    });
    expect(await adapter().readEnvironment('eu/production 1')).toEqual({
      kind: 'found',
      name: 'eu/production 1',
      protection: {
        reviewers: [
          { type: 'user', name: 'octo-reviewer' },
          { type: 'team', name: 'ops' },
        ],
        preventSelfReview: true,
        waitMinutes: 5,
        branches: [...patterns, 'refs/tags/v*'],
        protectedBranches: undefined,
        adminsMayBypass: false,
        otherRules: [],
      },
    });
  });

  it('tells an unprotected environment from one that says nothing about admins', async () => {
    const open = await adapter().readEnvironment('staging');
    expect(open).toMatchObject({
      protection: { reviewers: [], branches: 'any', adminsMayBypass: true },
    });
    github.setEnvironment('acme/sample', {
      name: 'old',
      protection: { canAdminsBypass: undefined },
    });
    const old = await adapter().readEnvironment('old');
    expect(old).toMatchObject({ kind: 'found', protection: { adminsMayBypass: undefined } });
  });

  it('knows whether "protected branches only" means anything, if it may', async () => {
    github.setEnvironment('acme/sample', { name: 'p', protection: { branches: 'protected' } });
    const known = await adapter().readEnvironment('p');
    expect(known).toMatchObject({ protection: { branches: 'protected', protectedBranches: [] } });
    const unknown = await adapter({ actions: 'read' }).readEnvironment('p');
    expect(unknown).toMatchObject({ protection: { protectedBranches: undefined } });
  });

  it('says missing only when the list of environments says so', async () => {
    expect(await adapter().readEnvironment('prodution')).toEqual({
      kind: 'missing',
      existing: ['staging'],
    });
    github.fault({ path: /environments\/staging$/u, answer: { status: 404 } });
    expect(await adapter().readEnvironment('staging')).toMatchObject({
      kind: 'unreadable',
      status: 404,
    });
  });

  it('says unreadable, with the scope, when the token may not', async () => {
    expect(await adapter({ contents: 'read' }).readEnvironment('staging')).toEqual({
      kind: 'unreadable',
      status: 403,
      why: 'GET /repos/{owner}/{repo}/environments/{environment_name}: the token lacks the scope "actions: read" (403)',
      remedy: expect.stringContaining('actions: read'),
    });
    expect(await adapter(everything, { token: 'gone' }).readEnvironment('staging')).toMatchObject({
      kind: 'unreadable',
      status: 401,
    });
    expect(
      await adapter(everything, { repository: 'acme/other' }).readEnvironment('staging'),
    ).toMatchObject({ kind: 'unreadable', status: 404 });
  });
});

function limited(seconds: number) {
  return {
    status: 403,
    headers: {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(clock.now() / 1000 + seconds),
    },
  };
}

async function deploy(environment: string, conclusion: string, at: string) {
  const run = await github.openRun({
    repository: 'acme/sample',
    workflow: 'deploy.yml',
    event: 'push',
    ref: 'refs/heads/main',
    sha: at,
    actor: 'octo-dev',
    inputs: {},
  });
  const job = await github.openJob(run.runId, {
    name: 'deploy',
    environment: { name: environment },
    permissions: {},
  });
  await job.ready(new AbortController().signal);
  await job.close(conclusion);
}

describe('trouble', () => {
  it('asks again when the answer is lost or broken', async () => {
    github.fault({ path: /environments/u, answer: 'hang-up' });
    github.fault({ path: /environments/u, answer: { status: 502 } });
    expect(await adapter().readEnvironment('staging')).toMatchObject({ kind: 'found' });
    expect(slept).toEqual([1000, 2000]);
  });

  it('gives up after three attempts', async () => {
    github.fault({ path: /environments/u, answer: { status: 503 }, times: 3 });
    const reading = adapter().readEnvironment('staging');
    await expect(reading).rejects.toThrow(ServiceError);
    await expect(reading).rejects.toMatchObject({ reasonCode: 'service-error' });
    expect(github.journal()).toHaveLength(3);
  });

  it('waits as long as the rate limit says, and no longer than it makes sense', async () => {
    github.fault({ path: /deployments/u, answer: limited(30) });
    expect(await adapter().lastSuccessfulDeployment('staging')).toBeUndefined();
    expect(slept).toEqual([30_000]);
    github.fault({ path: /deployments/u, answer: limited(3000) });
    await expect(adapter().lastSuccessfulDeployment('staging')).rejects.toMatchObject({
      reasonCode: 'throttled',
    });
  });

  it('does not trust an answer of another form', async () => {
    github.fault({ path: /deployments/u, answer: { status: 200, body: { deployments: [] } } });
    await expect(adapter().lastSuccessfulDeployment('staging')).rejects.toMatchObject({
      reasonCode: 'service-error',
      checked: [expect.stringContaining('expected array')],
    });
  });

  it('stops when the job is cancelled', async () => {
    const stop = new AbortController();
    github.fault({ path: /environments/u, answer: { status: 503 }, times: 9 });
    const sleep = async () => stop.abort(new Error('Received SIGINT.'));
    const reading = adapter(everything, { signal: stop.signal, sleep }).readEnvironment('staging');
    await expect(reading).rejects.toThrow('Received SIGINT.');
  });
});

describe('lastSuccessfulDeployment', () => {
  it('is the newest success, whatever came later', async () => {
    await deploy('staging', 'success', sha(1));
    await deploy('staging', 'success', sha(2));
    await deploy('production', 'success', sha(3));
    await deploy('staging', 'failure', sha(4));
    await deploy('staging', 'cancelled', sha(5));
    const found = await adapter().lastSuccessfulDeployment('staging');
    expect(found).toMatchObject({ sha: sha(2), at: '2026-11-20T09:00:00Z' });
    expect(await adapter().lastSuccessfulDeployment('nowhere')).toBeUndefined();
  });

  it('reads on over pages', async () => {
    await deploy('staging', 'success', sha(1));
    for (let index = 0; index < 55; index += 1) await deploy('staging', 'failure', sha(2));
    expect(await adapter().lastSuccessfulDeployment('staging')).toMatchObject({ sha: sha(1) });
  });

  it('names the scope that is missing', async () => {
    const reading = adapter({ actions: 'read' }).lastSuccessfulDeployment('staging');
    await expect(reading).rejects.toThrow(AccessError);
    await expect(reading).rejects.toMatchObject({
      reasonCode: 'access-denied',
      message: expect.stringContaining('"deployments: read"'),
    });
  });
});

describe('compareCommits', () => {
  it('lists the commits oldest first, over pages', async () => {
    const found = await adapter().compareCommits(sha(0), sha(259));
    expect(found).toMatchObject({ status: 'ahead', total: 259, behind: 0, truncated: false });
    expect(found.commits).toHaveLength(259);
    expect(found.commits[0]).toEqual({ sha: sha(1), subject: 'change 1', author: 'octo-dev' });
  });

  it('says what a step back gives up', async () => {
    expect(await adapter().compareCommits('main', 'v1')).toEqual({
      status: 'behind',
      commits: [],
      total: 0,
      behind: 259,
      truncated: false,
    });
  });

  it('does not know every commit', async () => {
    await expect(adapter().compareCommits('f'.repeat(40), 'main')).rejects.toMatchObject({
      reasonCode: 'service-error',
      message: expect.stringContaining('cannot compare'),
    });
  });
});
