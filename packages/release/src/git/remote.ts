import { ConfigurationError } from '@gatewright/verdict';
import type { Git } from './git.ts';

/** What a remote ref names. */
export interface RemoteRef {
  /** The object itself: of an annotated tag, the tag. */
  readonly object: string;
  /** The commit behind it. */
  readonly commit: string;
}

/** A push of one branch that everybody may overwrite. */
export interface BranchMove {
  readonly branch: string;
  readonly to: string;
}

/** The shared repository, by way of a clone. Nothing is ever forced but floating tags and the branch `candidate`. */
export interface Remote {
  readonly git: Git;
  /** All branches and tags as they are now, by full name; their objects are in the clone afterwards. */
  refs(): Promise<ReadonlyMap<string, RemoteRef>>;
  /** Creates an annotated tag; fails if there is one of this name. */
  createTag(tag: AnnotatedTag): Promise<void>;
  /** Moves tags to a commit, all or none, and only if they still name what they did. */
  moveTags(moves: readonly TagMove[], commit: string): Promise<void>;
  /** Replaces a branch, if it still names what it did. */
  moveBranch(branch: string, from: string | undefined, to: string): Promise<void>;
}

export interface TagMove {
  readonly name: string;
  /** The object that it names now. */
  readonly from: string | undefined;
}

export interface AnnotatedTag {
  readonly name: string;
  readonly commit: string;
  readonly message: string;
  readonly tagger: { readonly name: string; readonly email: string };
  /** Seconds since the epoch. */
  readonly at: number;
}

const origin = 'origin';

/** @param git - a clone whose `origin` is the shared repository */
export function remoteOf(git: Git): Remote {
  const push = async (words: readonly string[]): Promise<void> => {
    await git.run(['push', '--quiet', ...words]);
  };
  return {
    git,
    async refs() {
      const listed = await git.text(['ls-remote', '--heads', '--tags', origin]);
      const refs = readRefs(listed);
      const unknown = await missingObjects(git, refs);
      // By name, into nothing: the clone learns the objects and keeps no opinion about the refs.
      if (unknown.length > 0) await git.run(['fetch', '--quiet', '--no-tags', origin, ...unknown]);
      return refs;
    },
    async createTag({ name, commit, message, tagger, at }) {
      const head = [`object ${commit}`, 'type commit', `tag ${name}`];
      const input = `${head.join('\n')}\ntagger ${tagger.name} <${tagger.email}> ${at} +0000\n\n${message}\n`;
      const object = await git.text(['mktag'], { input });
      await push([origin, `${object}:refs/tags/${name}`]);
    },
    async moveTags(moves, commit) {
      const leases = moves.map(
        ({ name, from }) => `--force-with-lease=refs/tags/${name}:${from ?? ''}`,
      );
      const specs = moves.map(({ name }) => `${commit}:refs/tags/${name}`);
      await push(['--atomic', ...leases, origin, ...specs]);
    },
    async moveBranch(branch, from, to) {
      const lease = `--force-with-lease=refs/heads/${branch}:${from ?? ''}`;
      await push([lease, origin, `${to}:refs/heads/${branch}`]);
    },
  };
}

/** The refs whose objects the clone lacks. */
async function missingObjects(
  git: Git,
  refs: ReadonlyMap<string, RemoteRef>,
): Promise<readonly string[]> {
  const names = [...refs];
  const input = names.map(([, { object }]) => `${object}\n`).join('');
  const told = (await git.text(['cat-file', '--batch-check'], { input })).split('\n');
  return names
    .filter((_, index) => told[index]?.endsWith(' missing') ?? true)
    .map(([name]) => name);
}

/** Reads the lines of `git ls-remote`; `^{}` marks the commit behind an annotated tag. */
function readRefs(listed: string): Map<string, RemoteRef> {
  const refs = new Map<string, RemoteRef>();
  for (const line of listed.split('\n')) {
    const [object = '', name = ''] = line.split('\t');
    if (name.endsWith('^{}')) {
      const tag = name.slice(0, -'^{}'.length);
      const known = refs.get(tag);
      if (known) refs.set(tag, { ...known, commit: object });
    } else if (name !== '') {
      refs.set(name, { object, commit: object });
    }
  }
  return refs;
}

/** The commit of a branch. */
export function branchCommit(refs: ReadonlyMap<string, RemoteRef>, branch: string): string {
  const found = refs.get(`refs/heads/${branch}`);
  if (found) return found.commit;
  throw new ConfigurationError('publish-refused', `The remote has no branch ${branch}.`, {
    checked: [...refs.keys()].filter((name) => name.startsWith('refs/heads/')),
    remedy:
      branch === 'candidate' ? 'Run `npm run release -- candidate` first.' : 'See the remote.',
  });
}
