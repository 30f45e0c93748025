import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { startGitHub } from './emulator.ts';
import { at, commit, first, second, seed } from './test-support.ts';
import type { GitHubEmulator } from './types.ts';

let github: GitHubEmulator;

beforeEach(async () => {
  github = await startGitHub(seed);
});
afterEach(() => github.stop());

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

function client(token: string) {
  return getOctokit(token, { baseUrl: github.url, log: quiet });
}

function job(permissions: Record<string, string> = {}) {
  return client(github.token({ repository: 'acme/sample', permissions }));
}

describe('history', () => {
  it('compares along the parents', async () => {
    const octokit = job({ contents: 'read' });
    const compare = async (basehead: string) =>
      (await octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead })).data;
    expect(await compare('v1.0.0...main')).toMatchObject({
      status: 'ahead',
      total_commits: 1,
      commits: [{ sha: second, commit: { message: 'two' } }],
    });
    expect(await compare('topic...main')).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      merge_base_commit: { sha: first },
    });
    const ref = await octokit.rest.git.getRef({ ...at, ref: 'heads/main' });
    expect(ref.data.object.sha).toBe(second);
    const found = await octokit.rest.repos.getCommit({ ...at, ref: second.slice(0, 8) });
    expect(found.data.sha).toBe(second);
    const repository = await octokit.rest.repos.get(at);
    expect(repository.data).toMatchObject({ id: 42, default_branch: 'main', private: true });
    const branches = await octokit.rest.repos.listBranches({ ...at, protected: true });
    expect(branches.data).toEqual([]);
    const user = await octokit.rest.users.getByUsername({ username: 'octo-dev' });
    expect(user.data.login).toBe('octo-dev');
  });

  it('follows a push', () => {
    github.push('acme/sample', 'refs/heads/main', commit('d'.repeat(40), 'four', [second]));
    expect(github.commit('acme/sample', 'main')?.directory).toBe(`/trees/${'d'.repeat(40)}`);
  });
});
