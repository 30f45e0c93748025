import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readPolicy } from '@gatewright/config';
import { readInputs } from '@gatewright/contract';
import type { RunContext } from '@gatewright/contract';
import { startGitHub } from '@gatewright/emulators';
import type { GitHubEmulator, GitHubProtection } from '@gatewright/emulators';
import { createGitHub } from '@gatewright/github';
import { fakeContext } from '@gatewright/testing';
import { contract } from './contract.ts';
import { run } from './run.ts';

const role = 'arn:aws:iam::111122223333:role/deploy';
const policyText = `
version: 1
environments:
  production:
    protection: { reviewers: [user:octo-reviewer, team:ops], prevent-self-review: true, branches: [main] }
    aws: { region: eu-west-1, role-to-assume: '${role}', artifact-bucket: acme-releases }
    targets: { tags: { App: sample } }
    strategy: { kind: all-at-once }
    url: https://sample.example.org
  open:
    protection: none
    aws: { region: eu-west-1, role-to-assume: '${role}', artifact-bucket: acme-releases }
    targets: { tags: { App: sample } }
    strategy: { kind: all-at-once }
`;
const protection: GitHubProtection = {
  reviewers: { users: ['octo-reviewer'], teams: ['ops'] },
  preventSelfReview: true,
  branches: ['main'],
};

let workspace: string;
let github: GitHubEmulator;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'gatewright-protect-'));
  await writeFile(join(workspace, 'policy.yml'), policyText);
  await writeFile(join(workspace, 'broken.yml'), 'version: 1\nenvironment: {}\n');
});
afterAll(() => rm(workspace, { recursive: true }));
beforeEach(async () => {
  github = await startGitHub({
    users: [{ login: 'octo-reviewer' }, { login: 'octo-dev' }],
    teams: [{ slug: 'ops', members: [] }],
    repositories: [
      {
        fullName: 'acme/sample',
        commits: [],
        refs: {},
        environments: [{ name: 'production', protection }, { name: 'open' }],
      },
    ],
  });
});
afterEach(() => github.stop());

interface Situation {
  readonly environment?: string;
  readonly policyPath?: string;
  readonly permissions?: Record<string, string>;
  readonly context?: Partial<RunContext>;
}

async function verify(situation: Situation = {}) {
  const permissions = situation.permissions ?? { actions: 'read', contents: 'read' };
  const token = github.token({ repository: 'acme/sample', permissions });
  const given: Record<string, string> = {
    environment: situation.environment ?? 'production',
    'policy-path': situation.policyPath ?? 'policy.yml',
    'github-token': token,
  };
  const inputs = readInputs(contract, (name) => given[name] ?? '');
  const repository = 'acme/sample';
  const context = fakeContext({ run: { repository, ...situation.context } });
  return run(inputs, {
    run: context.run,
    readPolicy: (path) => readPolicy(workspace, path),
    github: createGitHub({ token, apiUrl: github.url, repository, sleep: async () => undefined }),
  });
}

const nothing = { awsRegion: '', roleToAssume: '', environmentUrl: '' };

describe('protect-environment', () => {
  it('passes a protected environment and tells the way to AWS', async () => {
    const outcome = await verify();
    expect(outcome).toMatchObject({
      verdict: 'pass',
      reasonCode: 'environment-protected',
      outputs: {
        awsRegion: 'eu-west-1',
        roleToAssume: role,
        environmentUrl: 'https://sample.example.org',
      },
      record: { environment: 'production', differences: [] },
    });
    expect(outcome.summary).toContain(
      '| reviewers | any one of user:octo-reviewer, team:ops | any one of user:octo-reviewer, team:ops | as declared |',
    );
    expect(outcome.summary).toContain('https://github.com/acme/sample/settings/environments');
  });

  it.each<[string, GitHubProtection]>([
    ['nothing', {}],
    ['no reviewers', { branches: ['main'] }],
    ['another reviewer', { ...protection, reviewers: { users: ['octo-dev'] } }],
    ['self-review', { ...protection, preventSelfReview: false }],
    ['every branch', { ...protection, branches: null }],
  ])('denies a weaker one: %s', async (_, live) => {
    github.setEnvironment('acme/sample', { name: 'production', protection: live });
    const outcome = await verify();
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'environment-weak',
      outputs: nothing,
    });
    expect(outcome.summary).toContain('**weaker than declared**');
    expect(outcome.remedy).toContain('administrator');
  });

  it('denies a missing environment and does not bring it into being', async () => {
    github.removeEnvironment('acme/sample', 'production');
    const outcome = await verify();
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'environment-missing',
      outputs: nothing,
    });
    expect((await verify()).reasonCode).toBe('environment-missing');
  });

  it('takes a refusal for no answer, and names the scope', async () => {
    const outcome = await verify({ permissions: { contents: 'read' } });
    expect(outcome).toMatchObject({
      verdict: 'error',
      reasonCode: 'environment-unreadable',
      outputs: nothing,
      remedy: expect.stringContaining('actions: read'),
    });
  });

  it('passes an open environment only where the policy says so', async () => {
    expect(await verify({ environment: 'open' })).toMatchObject({
      verdict: 'pass',
      explanation: 'open exists; the policy declares no protection for it.',
      outputs: { environmentUrl: '' },
    });
  });

  it('refuses foreign code before it reads anything', async () => {
    const outcome = await verify({
      policyPath: 'absent.yml',
      context: { isFork: true, eventName: 'pull_request' },
    });
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'untrusted-context',
      outputs: nothing,
    });
    expect(github.journal()).toEqual([]);
  });

  it.each<[string, Situation, string]>([
    ['an undeclared environment', { environment: 'prodution' }, 'environment-undeclared'],
    ['a broken policy', { policyPath: 'broken.yml' }, 'policy-invalid'],
    ['a name that is none', { environment: 'pro duction' }, 'input-invalid'],
  ])('stops at %s', async (_, situation, reasonCode) => {
    await expect(verify(situation)).rejects.toMatchObject({ reasonCode });
    expect(github.journal()).toEqual([]);
  });

  it('stops when GitHub is out of order', async () => {
    github.fault({ path: /environments/u, answer: { status: 503 }, times: 3 });
    await expect(verify()).rejects.toMatchObject({ reasonCode: 'service-error' });
    github.fault({ path: /environments/u, answer: { status: 429 }, times: 3 });
    await expect(verify()).rejects.toMatchObject({ reasonCode: 'throttled' });
  });

  it('shows names from outside as text', async () => {
    github.fault({
      path: /environments\/production$/u,
      answer: {
        status: 200,
        body: {
          name: 'production',
          protection_rules: [
            {
              type: 'required_reviewers',
              reviewers: [{ type: 'User', reviewer: { login: '<img>|**x**' } }],
            },
          ],
          deployment_branch_policy: null,
        },
      },
    });
    const outcome = await verify();
    expect(outcome.verdict).toBe('fail');
    expect(outcome.summary).toContain(String.raw`user:\<img\>\|\*\*x\*\*`);
  });
});
