import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commitSha, treeSha } from './git-objects.ts';

/** One commit of the sample application. */
export interface DemoCommit {
  /** 40 hex digits: the name git itself would give. */
  readonly sha: string;
  /** The release that was cut from this commit. */
  readonly version: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string; readonly login: string };
  /** ISO 8601, in UTC; fixed, so that the shas never change from run to run. */
  readonly date: string;
  /** Name of the git tree. */
  readonly tree: string;
  /** The whole tree of the commit. */
  readonly directory: string;
  readonly parent: string | undefined;
}

const author = { name: 'Ada Orders', email: 'ada@acme.example', login: 'ada-orders' };

const releases = [
  { version: '1.0.0', message: 'feat: list the orders', date: '2025-10-06T09:00:00Z' },
  { version: '1.1.0', message: 'feat: show the total of each order', date: '2025-10-08T14:20:00Z' },
  {
    version: '1.2.0',
    message: 'feat: show on which day an order was placed',
    date: '2025-10-13T10:45:00Z',
  },
  {
    version: '1.3.0',
    message: 'fix: take orders without a day; whole totals',
    date: '2025-10-14T08:05:00Z',
  },
] as const;

/**
 * Makes the history of the sample application, oldest first: the tree of `consumerDirectory` is 1.0.0, and each folder
 * under its `releases/` holds the files that the commit of that release changed.
 *
 * @throws what the file system throws, for example when an overlay is missing.
 */
export async function buildHistory(
  consumerDirectory: string,
  outputDirectory: string,
): Promise<DemoCommit[]> {
  const overlays = join(consumerDirectory, 'releases');
  const commits: DemoCommit[] = [];
  for (const { version, message, date } of releases) {
    const directory = join(outputDirectory, version);
    const before = commits.at(-1);
    await mkdir(directory, { recursive: true });
    if (before === undefined) await copyTree(consumerDirectory, directory);
    else {
      await cp(before.directory, directory, { recursive: true });
      await cp(join(overlays, version), directory, { recursive: true });
    }
    const tree = await treeSha(directory);
    const sha = commitSha({
      tree,
      parent: before?.sha,
      author: `${author.name} <${author.email}>`,
      date,
      message,
    });
    commits.push({ sha, tree, version, message, author, date, directory, parent: before?.sha });
  }
  return commits;
}

/** Leaves out what is no part of the application's own repository. */
async function copyTree(from: string, to: string): Promise<void> {
  const left = new Set(['releases', 'node_modules', '.git']);
  for (const name of await readdir(from)) {
    if (left.has(name)) continue;
    await cp(join(from, name), join(to, name), { recursive: true });
  }
}
