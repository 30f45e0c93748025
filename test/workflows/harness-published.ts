import { execFile } from 'node:child_process';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startGitHub } from '@gatewright/emulators';
import { createReleases } from '@gatewright/github';
import { candidate, prove, release } from '@gatewright/release';
import type { Tool } from '@gatewright/release';
import { root } from './harness-callers.ts';

const execute = promisify(execFile);
const repository = 'OWNER/gatewright';
const identity = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.invalid' };
const committer = { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.invalid' };

/** A version of this very repository, published to a bare one on this machine. */
export interface PublishedVersion {
  readonly sha: string;
  /** A fresh clone at the tag, in which nothing was built. */
  readonly directory: string;
  readonly notes: string;
  /** What a comparison of tag, release, statement and bytes found. */
  readonly problems: readonly string[];
}

/**
 * Publishes this working tree as v1.0.0, as one commit. The bundles are those that have been built here: whether a build
 * gives the same bytes elsewhere is what `test/contract/reproducible-build.mjs` looks at.
 */
export async function publishThisTree(scratch: string): Promise<PublishedVersion> {
  const bare = join(scratch, 'shared.git');
  const checkout = join(scratch, 'checkout');
  const directory = join(scratch, 'at-the-tag');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: scratch,
    GIT_CONFIG_NOSYSTEM: '1',
    ...identity,
    ...committer,
  };
  const git = async (cwd: string, ...words: string[]): Promise<string> =>
    (await execute('git', words, { cwd, env, maxBuffer: 1 << 26 })).stdout;
  await git(scratch, 'init', '--quiet', '--bare', '-b', 'main', bare);
  await git(scratch, 'clone', '--quiet', bare, checkout);
  await git(checkout, 'checkout', '--quiet', '-B', 'main');
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const gone = (await git(root, 'ls-files', '-z', '--deleted')).split('\0');
  const paths = (await git(root, ...words)).split('\0').filter((path) => !gone.includes(path));
  for (const path of paths) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await cp(join(root, path), join(checkout, path));
  }
  await git(checkout, 'add', '--all');
  await git(checkout, 'commit', '--quiet', '-m', 'feat: gates, delivery and rollback');
  await git(checkout, 'push', '--quiet', 'origin', 'main');
  const seed = { sha: 'a'.repeat(40), message: 'x', parents: [], directory: checkout };
  const author = { login: 'ada', name: 'Ada' };
  const commit = { ...seed, author, date: '2026-11-01T10:00:00Z' };
  const github = await startGitHub({
    repositories: [
      {
        fullName: repository,
        immutableReleases: true,
        commits: [commit],
        refs: { 'refs/heads/main': seed.sha },
      },
    ],
  });
  try {
    const token = github.token({ repository, permissions: { contents: 'write' } });
    const releases = createReleases({ token, apiUrl: github.url, repository });
    const tool: Tool = {
      place: { root: checkout, env },
      commands: { build: takeBundles, accept: () => Promise.resolve() },
      repository,
      serverUrl: 'https://github.com',
      builder: 'a test',
      now: () => Date.parse('2026-11-21T12:00:00Z'),
      say: () => undefined,
    };
    await candidate(tool);
    const { commit: sha, notes } = await release(tool, releases, {});
    const checks = await prove(tool, releases, { major: 1, minor: 0, patch: 0 }, true);
    await git(scratch, 'clone', '--quiet', '--branch', 'v1.0.0', bare, directory);
    return { sha, directory, notes, problems: checks.flatMap(({ problems }) => problems) };
  } finally {
    await github.stop();
  }
}

async function takeBundles(directory: string): Promise<void> {
  for (const action of await readdir(join(root, 'actions'))) {
    const place = join('actions', action, 'dist');
    await cp(join(root, place), join(directory, place), { recursive: true });
  }
}
