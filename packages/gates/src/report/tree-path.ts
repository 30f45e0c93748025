import { posix } from 'node:path';

/** Where the paths of a report are to be read from; both absolute, with `/`. */
export interface TreeRoots {
  /** Root of the repository. */
  readonly root: string;
  /** Directory in which the tools ran; relative paths start here. */
  readonly base: string;
}

/**
 * The path of a file as the repository knows it: relative to its root, with `/`. Undefined when the path leads out of the
 * repository or is no path at all, so that a report cannot point anywhere else.
 *
 * @param raw - an absolute or relative path, with `/` or `\`, or a `file:` URI
 */
export function treePath(raw: string, roots: TreeRoots): string | undefined {
  const inside = withoutRoot(raw, roots);
  if (plainPath.test(inside)) return copyOf(inside);
  const path = posixPath(raw);
  if (path === undefined) return undefined;
  const relative = posix.relative(roots.root, posix.resolve(roots.base, path));
  const outside = relative === '' || relative === '..' || relative.startsWith('../');
  return outside ? undefined : relative;
}

/** Most paths of most reports; resolving them would take as long as parsing the report. No segment begins with a dot. */
const plainPath = /^[\w@+-][\w@+.-]*(?:\/[\w@+-][\w@+.-]*)*$/;

/** A part of a text keeps the whole of it in memory, here a piece of the report for as long as the path is known. */
function copyOf(path: string): string {
  return Buffer.from(path, 'latin1').toString('latin1');
}

/** What follows the root; empty when that has to be found out. */
function withoutRoot(raw: string, { root, base }: TreeRoots): string {
  if (raw.startsWith('/')) return raw.startsWith(`${root}/`) ? raw.slice(root.length + 1) : '';
  return root === base ? raw : '';
}

function posixPath(raw: string): string | undefined {
  if (raw === '' || raw.includes('\0')) return undefined;
  const isUri = /^file:/i.test(raw);
  const text = isUri ? decoded(raw.replace(/^file:(?:\/\/[^/]*)?/i, '')) : raw;
  return text?.replaceAll('\\', '/').replace(/^\/?[A-Za-z]:\//, '/');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
