import { highest } from './version.ts';
import type { Level } from './version.ts';

/** A commit as git tells it. */
export interface RawCommit {
  readonly sha: string;
  readonly message: string;
}

/** One thing that a commit did. */
export interface Entry {
  readonly sha: string;
  /** In lower case; `other` when the subject is not of the conventional form. */
  readonly type: string;
  readonly scopes: readonly string[];
  readonly text: string;
  /** What breaks for callers, in the author's words. */
  readonly breaking: string | undefined;
}

const header = /^([a-z]+)(?:\(([^()]*)\))?(!)?: +(\S.*)$/i;
/** Some subjects tell of two things: `test(gates): …; fix(gates): …`. */
const nextHeader = /;\s+(?=[a-z]+(?:\([^()]*\))?!?: )/i;
const breakingFooter = /^BREAKING[ -]CHANGE: *(\S[\s\S]*?)(?=\n\n|\n[A-Za-z-]+: |$(?![\s\S]))/m;

const levels: Readonly<Record<string, Level>> = {
  feat: 'minor',
  fix: 'patch',
  perf: 'patch',
  revert: 'patch',
  security: 'patch',
  other: 'patch',
};

/** The things that a commit did, by the conventional form of its message. */
export function readCommit({ sha, message }: RawCommit): readonly Entry[] {
  const [subject = ''] = message.trim().split('\n');
  const footer = breakingFooter.exec(message.replaceAll('\r\n', '\n'))?.[1];
  const entries = subject.split(nextHeader).map((part) => readPart(sha, part.trim()));
  const [first, ...others] = entries;
  if (footer === undefined || first === undefined) return entries;
  return [{ ...first, breaking: footer.replaceAll(/\s+/g, ' ').trim() }, ...others];
}

function readPart(sha: string, part: string): Entry {
  const [, type, scopes = '', mark, text] = header.exec(part) ?? [];
  if (type === undefined || text === undefined) {
    return { sha, type: 'other', scopes: [], text: part, breaking: undefined };
  }
  return {
    sha,
    type: type.toLowerCase(),
    scopes: scopes
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== ''),
    text,
    breaking: mark === undefined ? undefined : text,
  };
}

/** How far an entry alone moves the version; `undefined`: nothing changes for callers. */
export function levelOf(entry: Entry): Level | undefined {
  if (entry.breaking !== undefined) return 'major';
  // What a bundle is made of changes with its dependencies.
  if (entry.scopes.includes('deps')) return 'patch';
  return Object.hasOwn(levels, entry.type) ? levels[entry.type] : undefined;
}

/** How far all entries together move the version. */
export function levelOfAll(entries: readonly Entry[]): Level | undefined {
  return highest(entries.flatMap((entry) => levelOf(entry) ?? []));
}
