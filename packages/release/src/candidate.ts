import { ConfigurationError } from '@gatewright/verdict';
import type { Commands } from './commands.ts';
import type { Git } from './git/git.ts';
import { parentsOf, treeChanges } from './git/objects.ts';
import { branchCommit } from './git/remote.ts';
import type { Remote } from './git/remote.ts';

/** The branch of the newest candidate; whoever makes one replaces it. */
export const candidateBranch = 'candidate';

const bundlePath = /^actions\/[a-z0-9-]+\/dist\/.+$/;

/** Who makes commits and tags: a name that is nobody's, so that the same source gives the same commit everywhere. */
export const maker = { name: 'gatewright-release', email: 'release@gatewright.invalid' };

/**
 * Builds a commit of main and makes the commit that a version could be: its child, with the bundles added. The identity
 * and the date are fixed, so that who builds the same source again gets the same SHA.
 *
 * @throws ConfigurationError `build-failed` when the build changes a file of the repository or makes no bundle
 */
export async function buildCandidate(
  git: Git,
  main: string,
  build: Commands['build'],
): Promise<string> {
  await git.run(['checkout', '--quiet', '--force', '--detach', main]);
  // Whatever an earlier build left must not help this one.
  await git.run(['clean', '-fdxq']);
  await build(git.directory);
  await requireUntouched(git);
  await git.run(['add', '--force', '--', ':(glob)actions/*/dist/**'], { accept: [0, 128] });
  const tree = await git.text(['write-tree']);
  const made = await treeChanges(git, main, tree);
  if (made.length === 0) throw broken('The build made no bundle.', []);
  const date = await git.text(['show', '-s', '--format=%ct', main]);
  const candidate = await git.text(['commit-tree', tree, '-p', main], {
    input: `build: bundles of ${main.slice(0, 12)}\n`,
    env: {
      GIT_AUTHOR_NAME: maker.name,
      GIT_AUTHOR_EMAIL: maker.email,
      GIT_AUTHOR_DATE: `${date} +0000`,
      GIT_COMMITTER_NAME: maker.name,
      GIT_COMMITTER_EMAIL: maker.email,
      GIT_COMMITTER_DATE: `${date} +0000`,
    },
  });
  const problems = await candidateProblems(git, candidate);
  if (problems.length > 0) throw broken('The build made something else than bundles.', problems);
  await git.run(['reset', '--quiet', '--mixed', main]);
  return candidate;
}

/** A build that changes a file of the repository means that a generated file was not fresh. */
async function requireUntouched(git: Git): Promise<void> {
  const touched = (await git.text(['status', '--porcelain']))
    .split('\n')
    .filter((one) => one !== '');
  if (touched.length > 0) throw broken('Generated files are not fresh.', touched.slice(0, 20));
}

function broken(message: string, checked: readonly string[]): ConfigurationError {
  return new ConfigurationError('build-failed', message, {
    checked,
    remedy: 'Run `npm run build` on main, commit what it changes, and begin again.',
  });
}

/** What keeps a commit from being a candidate: it must be the child of one commit and add plain files of bundles only. */
export async function candidateProblems(git: Git, commit: string): Promise<readonly string[]> {
  const parents = await parentsOf(git, commit);
  const [parent] = parents;
  if (parent === undefined || parents.length > 1) {
    return [`${commit} has ${parents.length} parents, not one`];
  }
  const changes = await treeChanges(git, parent, commit);
  if (changes.length === 0) return [`${commit} adds no bundle`];
  return changes.flatMap(({ status, mode, path }) => {
    if (!bundlePath.test(path)) return [`${path} is no file of a bundle`];
    if (status !== 'A') return [`${path} is not added but changed (${status})`];
    return mode === '100644' ? [] : [`${path} has mode ${mode}`];
  });
}

/** Makes a candidate of the newest main and puts it on its branch. Gives its SHA. */
export async function publishCandidate(
  remote: Remote,
  build: Commands['build'],
): Promise<{ readonly commit: string; readonly main: string }> {
  const refs = await remote.refs();
  const main = branchCommit(refs, 'main');
  const commit = await buildCandidate(remote.git, main, build);
  const before = refs.get(`refs/heads/${candidateBranch}`)?.commit;
  if (before !== commit) await remote.moveBranch(candidateBranch, before, commit);
  return { commit, main };
}
