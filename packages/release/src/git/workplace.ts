import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@gatewright/verdict';
import { gitIn, tokenEnvironment } from './git.ts';
import type { Git } from './git.ts';
import { remoteOf } from './remote.ts';
import type { Remote } from './remote.ts';

/** Where the tool was started, and how it reaches the shared repository. */
export interface Place {
  /** A checkout of main. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Lets git push over https. */
  readonly token?: string | undefined;
}

/**
 * Clones the shared repository into a directory of its own, does something there, and removes it. Nothing of the
 * checkout gets into a release but what has been pushed.
 */
export async function withClone<T>(place: Place, work: (remote: Remote) => Promise<T>): Promise<T> {
  const url = await remoteUrl(place);
  const env = { ...place.env, ...tokenEnvironment(url, place.token) };
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-release-'));
  try {
    const clone = join(directory, 'clone');
    await gitIn(directory, env).run(['clone', '--quiet', '--no-checkout', '--', url, clone]);
    return await work(remoteOf(gitIn(clone, env)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function remoteUrl({ root, env }: Place): Promise<string> {
  const git = gitIn(root, env);
  const { code, stdout } = await git.run(['remote', 'get-url', 'origin'], { accept: [0, 2, 128] });
  if (code === 0) return stdout.toString('utf8').trim();
  throw new ConfigurationError('publish-refused', 'This checkout has no remote `origin`.', {
    remedy: 'Clone the repository that is to be published.',
  });
}

/** Refuses a checkout in which somebody is working, or that is not of main as the remote has it. */
export async function requireCleanMain(
  { root, env }: Place,
  remote: Remote,
  main: string,
): Promise<void> {
  const git = gitIn(root, env);
  const dirty = (await git.text(['status', '--porcelain']))
    .split('\n')
    .filter((line) => line !== '');
  if (dirty.length > 0) {
    throw refuse('The working tree has changes that no commit has.', dirty.slice(0, 20));
  }
  const branch = (await git.run(['symbolic-ref', '--short', '-q', 'HEAD'], { accept: [0, 1] }))
    .stdout;
  const name = branch.toString('utf8').trim();
  if (name !== 'main') throw refuse(`This is ${name || 'a detached HEAD'}, not main.`, []);
  const head = await git.text(['rev-parse', 'HEAD']);
  if (!(await isKnownTo(remote.git, head, main))) {
    throw refuse('This main has commits that the remote does not.', [
      `HEAD ${head}`,
      `remote ${main}`,
    ]);
  }
}

async function isKnownTo(git: Git, head: string, main: string): Promise<boolean> {
  const words = ['merge-base', '--is-ancestor', head, main];
  return (await git.run(words, { accept: [0, 1, 128] })).code === 0;
}

function refuse(message: string, checked: readonly string[]): ConfigurationError {
  return new ConfigurationError('publish-refused', message, {
    checked,
    remedy: 'Publish from a clean checkout of main that has been pushed.',
  });
}
