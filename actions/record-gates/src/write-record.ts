import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateRecord } from '@gatewright/verdict';

/** Where the record stands, and the SHA-256 of its bytes. */
export interface WrittenRecord {
  readonly path: string;
  readonly digest: string;
}

/** Writes the record as `gate-record.json` into a directory. */
export async function writeRecord(directory: string, record: GateRecord): Promise<WrittenRecord> {
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  const path = join(directory, 'gate-record.json');
  await mkdir(directory, { recursive: true });
  await writeFile(path, text);
  return { path, digest: createHash('sha256').update(text).digest('hex') };
}
