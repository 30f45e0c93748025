import type { GitHubOptions } from './types.ts';

/** Path parameters of the sample repository. */
export const at = { owner: 'acme', repo: 'sample' };
const author = { login: 'octo-dev', name: 'Octo Dev' };
const shas = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
export const [first = '', second = '', third = ''] = shas;

export function commit(sha: string, message: string, parents: string[] = []) {
  return {
    sha,
    message,
    author,
    date: '2026-11-01T10:00:00Z',
    parents,
    directory: `/trees/${sha}`,
  };
}

export const seed: GitHubOptions = {
  users: [{ login: 'octo-dev' }, { login: 'octo-reviewer' }, { login: 'octo-ops' }],
  teams: [{ slug: 'ops', members: ['octo-ops'] }],
  repositories: [
    {
      fullName: 'acme/sample',
      id: 42,
      commits: [
        commit(first, 'one'),
        commit(second, 'two', [first]),
        commit(third, 'three', [first]),
      ],
      refs: {
        'refs/heads/main': second,
        'refs/heads/topic': third,
        'refs/tags/v1.0.0': first,
      },
      environments: [
        { name: 'staging' },
        {
          name: 'production',
          protection: {
            reviewers: { users: ['octo-reviewer', 'octo-dev'], teams: ['ops'] },
            preventSelfReview: true,
            branches: ['main', { name: 'v*', type: 'tag' }],
          },
        },
        { name: 'slow', protection: { waitMinutes: 10, canAdminsBypass: undefined } },
      ],
    },
  ],
};
