import * as z from 'zod';
import { appName, commitSha, port, releaseVersion, sha256Hex, wholeNumber } from './scalars.ts';
import { verifySuite } from './verify-suite.ts';

/** Largest artifact that Gatewright packs and delivers, in bytes (512 MiB). */
export const maxArtifactBytes = 536_870_912;

/** File names inside the directory of a packed release. */
export const artifactFileName = 'release.tar.gz';
export const manifestFileName = 'manifest.json';

/** Whether going back past this release is safe (`forward-only`: it is not, for example after a migration). */
export const rollbackRule = z.strictObject({
  mode: z
    .enum(['safe', 'forward-only'])
    .describe('forward-only: going back past this release would lose or break data.'),
});

/** `manifest.json` of a packed release: what it is, which bytes it is, and how it is to be proved good. */
export const releaseManifest = z.strictObject({
  schema: z.literal('gatewright.release/1'),
  app: appName,
  version: releaseVersion,
  commit: commitSha,
  /** SHA-256 of release.tar.gz. */
  digest: sha256Hex,
  bytes: wholeNumber(1, maxArtifactBytes),
  port,
  verify: verifySuite,
  rollback: rollbackRule,
});
export type ReleaseManifest = z.output<typeof releaseManifest>;
