import type { StandIn } from '../stand-ins/stand-in.ts';
import type { Origin } from '../syntax/workflow-file.ts';
import type { Reference } from './reference.ts';

/** A tree of files at one commit. */
export interface Tree {
  readonly sha: string;
  readonly directory: string;
}

/** Where workflow and action files come from. */
export interface Sources {
  /** The caller's repository. */
  readonly repository: {
    readonly fullName: string;
    readonly defaultBranch: string;
    directory(ref: string): Tree | undefined;
  };
  readonly remotes: (owner: string, repo: string, ref: string) => Tree | undefined;
  /** By `owner/name` or `owner/name/path`, in lower case or as written. */
  readonly standIns: Readonly<Record<string, StandIn>>;
}

export type Remote = Extract<Reference, { kind: 'remote' }>;

/** The tree that a remote reference names; undefined when neither `remotes` nor the caller's repository has it. */
export function treeOf(sources: Sources, { owner, repo, ref }: Remote): Origin | undefined {
  const repository = `${owner}/${repo}`;
  const own = sources.repository.fullName.toLowerCase() === repository.toLowerCase();
  const tree =
    sources.remotes(owner, repo, ref) ?? (own ? sources.repository.directory(ref) : undefined);
  return tree && { repository, ref, sha: tree.sha, directory: tree.directory };
}

/** The stand-in for a third-party action and the name it is reported under. */
export function standInFor(
  sources: Sources,
  { owner, repo, path }: Remote,
): { readonly name: string; readonly standIn: StandIn } | undefined {
  const name = path === '' ? `${owner}/${repo}` : `${owner}/${repo}/${path}`;
  const [, standIn] =
    Object.entries(sources.standIns).find(([key]) => key.toLowerCase() === name.toLowerCase()) ??
    [];
  return standIn && { name, standIn };
}

/** How a file of a tree is named in messages: by its path alone when it is the caller's own. */
export function labelOf(sources: Sources, origin: Origin, path: string): string {
  if (origin.repository === sources.repository.fullName) return path;
  return `${origin.repository}/${path}@${origin.ref}`;
}
