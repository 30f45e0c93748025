import { createHash } from 'node:crypto';

/** SHA-256 (hex) of parts that stay apart: no two lists of them give the same text. */
export function fingerprintOf(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
