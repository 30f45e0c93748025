import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What git hashes into a commit's name. */
export interface CommitText {
  readonly tree: string;
  readonly parent: string | undefined;
  /** `Name <mail>` */
  readonly author: string;
  /** ISO 8601, in UTC. */
  readonly date: string;
  readonly message: string;
}

/** The name that `git commit` would give: so a reader can check the demo's history against a real repository. */
export function commitSha(commit: CommitText): string {
  const when = `${Math.floor(Date.parse(commit.date) / 1000)} +0000`;
  const lines = [
    `tree ${commit.tree}`,
    ...(commit.parent === undefined ? [] : [`parent ${commit.parent}`]),
    `author ${commit.author} ${when}`,
    `committer ${commit.author} ${when}`,
    '',
    `${commit.message}\n`,
  ];
  return objectSha('commit', Buffer.from(lines.join('\n'))).toString('hex');
}

/** The name of a directory's git tree; throws what the file system throws. */
export async function treeSha(directory: string): Promise<string> {
  return (await tree(directory)).toString('hex');
}

async function tree(directory: string): Promise<Buffer> {
  const entries = await Promise.all(
    (await readdir(directory, { withFileTypes: true })).map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        return { mode: '40000', name: entry.name, key: `${entry.name}/`, sha: await tree(path) };
      }
      const executable = ((await stat(path)).mode & 0o100) !== 0;
      const sha = objectSha('blob', await readFile(path));
      return { mode: executable ? '100755' : '100644', name: entry.name, key: entry.name, sha };
    }),
  );
  // Git sorts by bytes, a directory as if its name ended in a slash.
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  const parts = entries.flatMap(({ mode, name, sha }) => [Buffer.from(`${mode} ${name}\0`), sha]);
  return objectSha('tree', Buffer.concat(parts));
}

function objectSha(type: 'blob' | 'tree' | 'commit', content: Buffer): Buffer {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest();
}
