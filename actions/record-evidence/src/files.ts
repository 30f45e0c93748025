import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundResults } from '@gatewright/runtime';

/** Writes the evidence and, beside it, the very bytes that it was made of; gives the path of the evidence. */
export async function writeEvidence(
  directory: string,
  evidence: string,
  found: FoundResults,
): Promise<string> {
  const path = join(directory, 'evidence.json');
  await mkdir(join(directory, 'results'), { recursive: true });
  await writeFile(path, evidence);
  const files = found.kind === 'present' ? found.files : [];
  await Promise.all(
    files.flatMap((file) =>
      'bytes' in file ? [writeFile(join(directory, 'results', file.name), file.bytes)] : [],
    ),
  );
  return path;
}
