import type { Release, Releases } from '@gatewright/github';
import { assetNames, publishedDigests } from './assets/assets.ts';
import { differences, readChecksums, sha256 } from './assets/digest.ts';
import { readBundle, readStatement } from './assets/statement.ts';
import { candidateProblems } from './candidate.ts';
import type { Commands } from './commands.ts';
import { taggedVersions } from './facts.ts';
import type { Refs } from './facts.ts';
import type { Git } from './git/git.ts';
import { isAncestor, parentsOf } from './git/objects.ts';
import { branchCommit } from './git/remote.ts';
import type { Remote } from './git/remote.ts';
import { compareVersions, floatingTags, formatVersion } from './plan/version.ts';
import type { Version } from './plan/version.ts';
import { rebuildProblems } from './verify.ts';
import type { Check } from './verify.ts';

/** What is asked about a version that has been published. */
export interface TagRequest {
  readonly version: Version;
  readonly remote: Remote;
  readonly releases: Releases;
  /** Builds the source again and compares the bytes; left out, only what was published is compared with itself. */
  readonly build?: Commands['build'] | undefined;
}

/** Proves that tag, release, statement and bytes of a version agree. */
export async function verifyTag(request: TagRequest): Promise<readonly Check[]> {
  const { remote, version } = request;
  const name = formatVersion(version);
  const refs = await remote.refs();
  const tag = refs.get(`refs/tags/${name}`);
  if (tag === undefined) return [check('the tag', 'tag-moved', [`${name} does not exist`])];
  const { git } = remote;
  const release = await request.releases.find(name);
  const checks = [
    check('the tag', 'tag-moved', [
      ...(tag.object === tag.commit ? [`${name} is not an annotated tag`] : []),
      ...(await originProblems(git, refs, tag.commit)),
    ]),
    check('the floating tags', 'tag-moved', floatingProblems(refs, version)),
    ...(await releaseChecks(request, release, tag.commit)),
  ];
  if (request.build === undefined) return checks;
  const [source = ''] = await parentsOf(git, tag.commit);
  const problems = await rebuildProblems(git, tag.commit, source, request.build);
  return [...checks, check('a rebuild gives the same bytes', 'bundle-differs', problems)];
}

function check(name: string, reasonCode: Check['reasonCode'], problems: readonly string[]): Check {
  return { name, reasonCode, problems };
}

async function originProblems(git: Git, refs: Refs, commit: string): Promise<readonly string[]> {
  const main = branchCommit(refs, 'main');
  const [parent] = await parentsOf(git, commit);
  const fromMain = parent !== undefined && (await isAncestor(git, parent, main));
  return [
    ...(fromMain ? [] : [`${commit} is not made from a commit of main`]),
    ...(await candidateProblems(git, commit)),
  ];
}

/** Each floating tag has to name the newest version of its line. */
function floatingProblems(refs: Refs, version: Version): readonly string[] {
  const versions = taggedVersions(refs);
  return floatingTags(version).flatMap((name) => {
    const newest = versions.findLast((one) => floatingTags(one.version).includes(name));
    const actual = refs.get(`refs/tags/${name}`)?.commit;
    if (newest === undefined || actual === newest.commit) return [];
    // The newest may be half published: its line then still names the version before it.
    const before = versions.findLast(
      (one) =>
        floatingTags(one.version).includes(name) &&
        compareVersions(one.version, newest.version) < 0,
    );
    const isAsked = compareVersions(newest.version, version) === 0;
    if (!isAsked && before !== undefined && actual === before.commit) return [];
    return [`${name} names ${actual ?? 'nothing'}, not ${formatVersion(newest.version)}`];
  });
}

/** Whether a release is about this commit, and its files are what they say. */
export async function releaseChecks(
  { remote, releases }: Pick<TagRequest, 'remote' | 'releases'>,
  release: Release | undefined,
  commit: string,
): Promise<readonly Check[]> {
  if (release === undefined) {
    return [check('the release', 'release-inconsistent', ['there is no public release'])];
  }
  const files = new Map<string, Buffer>();
  const damaged: string[] = [];
  for (const asset of release.assets) {
    const content = Buffer.from(await releases.download(asset));
    files.set(asset.name, content);
    if (asset.digest !== undefined && asset.digest !== `sha256:${sha256(content)}`) {
      damaged.push(`${asset.name} does not have the digest that GitHub states`);
    }
  }
  const digests = await publishedDigests(remote.git, commit);
  return [
    check('the release', 'release-inconsistent', [
      ...(release.isImmutable ? [] : ['it can still be changed']),
      ...damaged,
    ]),
    check('the checksums', 'release-inconsistent', checksumProblems(files, digests)),
    ...statementChecks(files, digests, commit),
  ];
}

function checksumProblems(
  files: ReadonlyMap<string, Buffer>,
  digests: ReadonlyMap<string, string>,
): readonly string[] {
  const told = readChecksums(files.get(assetNames.checksums)?.toString('utf8') ?? '-');
  if (told === undefined) return [`${assetNames.checksums} is missing or cannot be read`];
  return differences(told, digests).map((path) => `${path} differs from ${assetNames.checksums}`);
}

function statementChecks(
  files: ReadonlyMap<string, Buffer>,
  digests: ReadonlyMap<string, string>,
  commit: string,
): readonly Check[] {
  const statement = readStatement(files.get(assetNames.statement)?.toString('utf8') ?? '');
  if (statement === undefined) {
    const problem = `${assetNames.statement} is missing or cannot be read`;
    return [check('the statement', 'release-inconsistent', [problem])];
  }
  const moved =
    statement.commit === commit
      ? []
      : [`the release was made of ${statement.commit ?? 'no commit'}, the tag names ${commit}`];
  const checks = [
    check('the commit that was released', 'tag-moved', moved),
    check(
      'the statement',
      'release-inconsistent',
      differences(statement.digests, digests).map((path) => `${path} differs from the statement`),
    ),
  ];
  const bundle = files.get(assetNames.attestation)?.toString('utf8');
  if (bundle === undefined) return checks;
  const signed = readBundle(bundle);
  const problems =
    signed === undefined
      ? [`${assetNames.attestation} is no Sigstore bundle with a statement`]
      : differences(signed.digests, digests).map((path) => `${path} differs from the attestation`);
  return [...checks, check('the attestation', 'release-inconsistent', problems)];
}
