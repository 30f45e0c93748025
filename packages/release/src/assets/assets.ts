import type { Git } from '../git/git.ts';
import { parentsOf, pathsAt, readFilesAt } from '../git/objects.ts';
import { renderChecksums, sha256 } from './digest.ts';
import { readComponents, renderSbom } from './sbom.ts';
import { renderStatement } from './statement.ts';

/** Files of a release by name. */
export type Assets = ReadonlyMap<string, Buffer>;

export const assetNames = {
  checksums: 'checksums.txt',
  sbom: 'sbom.cdx.json',
  statement: 'provenance.intoto.json',
  notes: 'notes.md',
  attestation: 'attestation.sigstore.json',
} as const;

/** What callers run: the manifests and bundles of the actions, and the product workflows. */
const published =
  /^(?:actions\/[a-z0-9-]+\/(?:action\.yml|dist\/.+)|\.github\/workflows\/(?!repo-)[\w-]+\.yml)$/;

/** The digest of every file of a commit that callers run, by path. */
export async function publishedDigests(
  git: Git,
  commit: string,
): Promise<ReadonlyMap<string, string>> {
  const paths = await pathsAt(git, commit, (path) => published.test(path));
  const files = await readFilesAt(git, commit, paths);
  return new Map([...files].map(([path, content]) => [path, sha256(content)]));
}

/** What the files of a release are made from besides the commit. */
export interface AssetFacts {
  readonly commit: string;
  readonly tag: string;
  readonly notes: string;
  readonly repositoryUrl: string;
  readonly builder: string;
  /** A Sigstore bundle over the checksums, if the workflow made one. */
  readonly attestation?: Buffer | undefined;
}

/** Makes the files of a release. The same commit gives the same bytes. */
export async function makeAssets(git: Git, facts: AssetFacts): Promise<Assets> {
  const { commit, tag } = facts;
  const digests = await publishedDigests(git, commit);
  const lock = (await readFilesAt(git, commit, ['package-lock.json'])).get('package-lock.json');
  const lockText = lock?.toString('utf8') ?? '';
  const [source = ''] = await parentsOf(git, commit);
  const date = await git.text(['show', '-s', '--format=%cI', commit]);
  const name = facts.repositoryUrl.split('/').at(-1) ?? 'gatewright';
  const texts: readonly (readonly [string, string])[] = [
    [assetNames.checksums, renderChecksums(digests)],
    [assetNames.sbom, renderSbom(readComponents(lockText), { name, version: tag, commit, date })],
    [
      assetNames.statement,
      renderStatement({ ...facts, source, digests, lockfileDigest: sha256(lockText) }),
    ],
    [assetNames.notes, facts.notes],
  ];
  return new Map([
    ...texts.map(([file, text]) => [file, Buffer.from(text)] as const),
    ...(facts.attestation === undefined
      ? []
      : [[assetNames.attestation, facts.attestation] as const]),
  ]);
}
