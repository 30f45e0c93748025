import { ConfigurationError } from '@gatewright/verdict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * SHA-256 of a file, hex.
 *
 * @throws {@link ConfigurationError} `artifact-missing` when it cannot be read.
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new ConfigurationError('artifact-missing', `The artifact cannot be read: ${code}.`, {
      checked: [path],
      remedy: 'See that artifact-path names the release.tar.gz that the package job uploaded.',
      cause,
    });
  }
  return hash.digest('hex');
}
