import type { Git } from './git.ts';

/** A path that differs between two trees. */
export interface TreeChange {
  /** `A` added, `M` modified, `D` deleted, `T` of another type. */
  readonly status: string;
  readonly mode: string;
  readonly path: string;
}

/** What differs between two commits or trees; a renamed file is one gone and one new. */
export async function treeChanges(
  git: Git,
  before: string,
  after: string,
): Promise<readonly TreeChange[]> {
  const words = ['diff-tree', '-r', '-z', '--no-renames', '--raw', before, after];
  const fields = (await git.text(words)).split('\0').filter((field) => field !== '');
  const changes: TreeChange[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = '', , , status = ''] = (fields[index] ?? '').split(' ');
    changes.push({ status, mode, path: fields[index + 1] ?? '' });
  }
  return changes;
}

/** The paths of all files of a commit that a filter chooses, sorted. */
export async function pathsAt(
  git: Git,
  commit: string,
  choose: (path: string) => boolean,
): Promise<readonly string[]> {
  const all = await git.text(['ls-tree', '-r', '-z', '--name-only', commit]);
  return all
    .split('\0')
    .filter((path) => path !== '' && choose(path))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** The bytes of some files of a commit, read in one go. */
export async function readFilesAt(
  git: Git,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  if (paths.length === 0) return new Map();
  const input = paths.map((path) => `${commit}:${path}\n`).join('');
  const { stdout } = await git.run(['cat-file', '--batch'], { input });
  const files = new Map<string, Buffer>();
  let offset = 0;
  for (const path of paths) {
    const end = stdout.indexOf('\n', offset);
    const size = Number(stdout.subarray(offset, end).toString('utf8').split(' ').at(-1));
    if (!Number.isInteger(size)) throw new Error(`git has no ${path} at ${commit}`);
    files.set(path, stdout.subarray(end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return files;
}

/** The text of a file of a commit, `undefined` if it has none of this name. */
export async function textAt(git: Git, commit: string, path: string): Promise<string | undefined> {
  const there = await git.run(['cat-file', '-e', `${commit}:${path}`], { accept: [0, 1, 128] });
  if (there.code !== 0) return undefined;
  return (await git.run(['cat-file', 'blob', `${commit}:${path}`])).stdout.toString('utf8');
}

/** The parents of a commit. */
export async function parentsOf(git: Git, commit: string): Promise<readonly string[]> {
  const [, ...parents] = (await git.text(['rev-list', '--parents', '-n', '1', commit])).split(' ');
  return parents;
}

export async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  const words = ['merge-base', '--is-ancestor', older, newer];
  return (await git.run(words, { accept: [0, 1] })).code === 0;
}
