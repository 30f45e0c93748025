import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@gatewright/verdict';
import { severitySnapshot } from '../audit/snapshot.ts';
import type { SeveritySnapshot } from '../audit/snapshot.ts';
import { cleanText } from '../report/clean-text.ts';
import { errorCode } from './error-code.ts';

/**
 * Reads a file with severities by advisory.
 * @throws ConfigurationError `config-invalid` when it is not there or not as it should be.
 */
export async function readSnapshot(file: string): Promise<SeveritySnapshot> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const why = errorCode(error) ?? 'unknown error';
    return refuse(`not readable (${why})`, error);
  });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refuse('not JSON');
  }
  const read = severitySnapshot.safeParse(data);
  if (read.success) return read.data;
  const problems = read.error.issues.slice(0, 5);
  return refuse(
    problems
      .map(({ path, message }) => cleanText(`${path.map(String).join('.')}: ${message}`, 200))
      .join('; '),
  );
}

function refuse(why: string, cause?: unknown): never {
  throw new ConfigurationError(
    'config-invalid',
    `severity-snapshot: the file cannot be used: ${why}.`,
    { remedy: 'Make the snapshot again, or leave severity-snapshot out.', cause },
  );
}
