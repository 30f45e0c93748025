import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import { artifactFileName, readReleaseManifest } from '@gatewright/config';
import type { ReleaseManifest } from '@gatewright/config';
import { ConfigurationError } from '@gatewright/verdict';
import { suiteProblems } from '@gatewright/verify';

/** A packed release, read and found to be the approved one. */
export interface PackedRelease {
  readonly manifest: ReleaseManifest;
  readonly bytes: Uint8Array;
}

/**
 * Reads a packed release and makes sure that its bytes are those that were approved.
 *
 * @throws ConfigurationError `digest-mismatch`, `artifact-missing`, `config-missing` or `config-invalid`.
 */
export async function readPackedRelease(
  workspace: string,
  manifestPath: string,
  expectedDigest: string,
): Promise<PackedRelease> {
  const path = relative(workspace, resolve(workspace, manifestPath));
  const manifest = await readReleaseManifest(workspace, path);
  const archive = join(dirname(resolve(workspace, path)), artifactFileName);
  const bytes = await readArchive(archive, path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expectedDigest || found !== manifest.digest) {
    throw new ConfigurationError(
      'digest-mismatch',
      `${manifest.app} ${manifest.version} is not the release that was approved`,
      {
        checked: [
          `SHA-256 approved: ${expectedDigest}`,
          `SHA-256 in the manifest: ${manifest.digest}`,
          `SHA-256 of ${artifactFileName}: ${found}`,
        ],
        remedy:
          'Start a new run, so that the reviewers see the release that is to be deployed; find out what replaced the artifact.',
      },
    );
  }
  const problems = suiteProblems(manifest.verify);
  if (problems.length === 0) return { manifest, bytes };
  throw new ConfigurationError('config-invalid', problems.join('\n'), {
    remedy: 'Correct the JSONPath in gatewright.yml and package the release again.',
  });
}

async function readArchive(archive: string, manifestPath: string): Promise<Uint8Array> {
  try {
    return await readFile(archive);
  } catch (error) {
    throw new ConfigurationError(
      'artifact-missing',
      `${artifactFileName} cannot be read beside ${manifestPath}`,
      {
        checked: [archive, error instanceof Error ? error.message : String(error)],
        remedy: 'Download the artifact of the package job, with both of its files.',
        cause: error,
      },
    );
  }
}
