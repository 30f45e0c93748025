import { createHash } from 'node:crypto';
import { cleanText } from '../../report/clean-text.ts';

/** Parametrised tests can carry whole documents in their names. */
const nameLimit = 300;

/** A name that is safe to show and not too long to keep. Two long names that differ only at the end stay two. */
export function shortened(raw: string): string {
  const line = cleanText(raw, nameLimit);
  if (raw.length <= nameLimit) return line;
  return `${line} #${createHash('sha256').update(raw).digest('hex').slice(0, 12)}`;
}
