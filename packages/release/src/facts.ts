import { ConfigurationError } from '@gatewright/verdict';
import { candidateProblems } from './candidate.ts';
import { isAncestor, parentsOf, textAt } from './git/objects.ts';
import type { Git } from './git/git.ts';
import type { RemoteRef } from './git/remote.ts';
import { contractDocument, contractPath } from './plan/contracts.ts';
import type { ContractDocument } from './plan/contracts.ts';
import type { RawCommit } from './plan/commit.ts';
import type { PlanFacts } from './plan/plan.ts';
import { compareVersions, formatVersion, parseVersion } from './plan/version.ts';
import type { Level, Version } from './plan/version.ts';

export type Refs = ReadonlyMap<string, RemoteRef>;

interface Tagged {
  readonly version: Version;
  readonly commit: string;
}

/** Every version that has a tag, oldest first. */
export function taggedVersions(refs: Refs): readonly Tagged[] {
  return [...refs]
    .flatMap(([name, { commit }]) => {
      const version = parseVersion(name.replace(/^refs\/tags\//, ''));
      return version === undefined ? [] : [{ version, commit }];
    })
    .toSorted((a, b) => compareVersions(a.version, b.version));
}

/**
 * What stands in the repository about the version that a commit of main would be.
 *
 * @param candidate - a version that already names this commit is the one being made, not the one before
 */
export async function readFacts(
  git: Git,
  refs: Refs,
  main: string,
  candidate: string | undefined,
  asked: Level | undefined,
): Promise<PlanFacts> {
  const earlier = taggedVersions(refs).filter(({ commit }) => commit !== candidate);
  const last = earlier.at(-1);
  const facts = {
    versions: earlier.map(({ version }) => version),
    contracts: await readContracts(git, main),
    asked,
  };
  if (last === undefined) {
    return { ...facts, previous: undefined, commits: await readCommits(git, main) };
  }
  const source = await requireSource(git, last, main);
  const contracts = await readContracts(git, last.commit);
  const commits = await readCommits(git, main, source);
  return { ...facts, previous: { version: last.version, contracts }, commits };
}

/** The commit of main that a version was built from. A tag on anything but a candidate was not made by this tool. */
async function requireSource(git: Git, { version, commit }: Tagged, main: string): Promise<string> {
  const [source] = await parentsOf(git, commit);
  const fromMain = source !== undefined && (await isAncestor(git, source, main));
  const problems = [
    ...(fromMain ? [] : [`the parent of ${commit} is not in main ${main}`]),
    ...(await candidateProblems(git, commit)),
  ];
  if (source !== undefined && problems.length === 0) return source;
  const name = formatVersion(version);
  throw new ConfigurationError('tag-moved', `${name} does not name what was released.`, {
    checked: problems,
    remedy: `See who moved ${name}, or publish from the main that has it.`,
  });
}

async function readContracts(git: Git, commit: string): Promise<ContractDocument> {
  const text = await textAt(git, commit, contractPath);
  const where = `${contractPath} at ${commit.slice(0, 12)}`;
  if (text === undefined) {
    throw new ConfigurationError('publish-refused', `There is no ${where}.`, {
      remedy: 'Run `npm run build`, which writes it, and commit it.',
    });
  }
  const value: unknown = JSON.parse(text);
  const parsed = contractDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError('publish-refused', `${where} cannot be read.`, {
    checked: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    remedy:
      'Compare it with what the release tool reads, in packages/release/src/plan/contracts.ts.',
  });
}

/** Commits after one, oldest first; merges only join what is listed anyway. */
async function readCommits(git: Git, until: string, after?: string): Promise<readonly RawCommit[]> {
  const range = after === undefined ? [until] : [`${after}..${until}`];
  const words = ['log', '--reverse', '--no-merges', '-z', '--format=%H%n%B', ...range, '--'];
  return (await git.text(words))
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => ({ sha: one.slice(0, 40), message: one.slice(41) }));
}
