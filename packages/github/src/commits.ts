import { ServiceError } from '@gatewright/verdict';
import * as z from 'zod';
import type { Client } from './client.ts';
import { explainFailure } from './failure.ts';

export interface ComparedCommit {
  readonly sha: string;
  /** First line of the message. */
  readonly subject: string;
  /** Login, or the name in the commit if GitHub knows no account. */
  readonly author: string;
}

/** What lies between two commits. */
export interface Comparison {
  /** Whether the head is ahead of the base, behind it, both (`diverged`), or the same. */
  readonly status: 'ahead' | 'behind' | 'diverged' | 'identical';
  /** Commits of the head that the base lacks, oldest first. */
  readonly commits: readonly ComparedCommit[];
  readonly total: number;
  /** Number of commits of the base that the head lacks: what a step back gives up. */
  readonly behind: number;
  /** Not all of them are listed. */
  readonly truncated: boolean;
}

const comparison = z.object({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  total_commits: z.int(),
  behind_by: z.int(),
  commits: z.array(
    z.object({
      sha: z.string(),
      commit: z.object({
        message: z.string(),
        author: z.object({ name: z.string().optional() }).nullish(),
      }),
      author: z.object({ login: z.string().optional() }).nullish(),
    }),
  ),
});
type Page = z.infer<typeof comparison>;

const pageSize = 100;
const mostPages = 5;

/** See {@link GitHub.compareCommits}. */
export async function compareCommits(
  client: Client,
  base: string,
  head: string,
): Promise<Comparison> {
  const first = await readPage(client, base, head, 1);
  const pages = [first];
  const wanted = Math.min(Math.ceil(first.total_commits / pageSize), mostPages);
  for (let page = 2; page <= wanted; page += 1) {
    pages.push(await readPage(client, base, head, page));
  }
  const commits = pages.flatMap((page) => page.commits).map(describe);
  return {
    status: first.status,
    commits,
    total: first.total_commits,
    behind: first.behind_by,
    truncated: commits.length < first.total_commits,
  };
}

async function readPage(client: Client, base: string, head: string, page: number): Promise<Page> {
  const result = await client.tryGet(
    {
      route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
      parameters: { basehead: `${base}...${head}`, per_page: pageSize, page },
      scope: 'contents: read',
    },
    comparison,
  );
  if (result.ok) return result.value;
  if (result.status !== 404) throw explainFailure(result);
  throw new ServiceError(
    'service-error',
    `GitHub cannot compare ${base} with ${head}: it does not know one of them, or they share no history.`,
    { checked: [`${result.route}: ${result.message}`], cause: result.cause },
  );
}

function describe(entry: Page['commits'][number]): ComparedCommit {
  return {
    sha: entry.sha,
    subject: entry.commit.message.split('\n', 1)[0] ?? '',
    author: entry.author?.login ?? entry.commit.author?.name ?? 'unknown',
  };
}

const commitTree = z.object({
  sha: z.string(),
  commit: z.object({ tree: z.object({ sha: z.string() }) }),
});

/** See {@link GitHub.treeOf}. */
export async function treeOf(client: Client, commit: string): Promise<string> {
  const found = await client.get(
    {
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      // The files of the commit are not asked for; one is the smallest page.
      parameters: { ref: commit, per_page: 1 },
      scope: 'contents: read',
    },
    commitTree,
  );
  if (found.sha === commit) return found.commit.tree.sha;
  throw new ServiceError(
    'service-error',
    `GitHub was asked for the commit ${commit} and answered with ${found.sha}.`,
  );
}
