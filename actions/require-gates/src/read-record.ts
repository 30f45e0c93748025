import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { gateRecord } from '@gatewright/verdict';
import type { GateRecord } from '@gatewright/verdict';

/** The gate record, as it was found. */
export type RecordReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly problem: string }
  | { readonly kind: 'read'; readonly digest: string; readonly record: GateRecord };

/** Far above what three gates leave. */
const maxBytes = 16 * 1024 * 1024;

/** Reads the file that another job left; it is taken for hostile, and nothing is thrown. */
export async function readRecord(path: string): Promise<RecordReading> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return { kind: 'unreadable', problem: 'not a regular file' };
      if (facts.size > maxBytes) return { kind: 'unreadable', problem: `above ${maxBytes} bytes` };
      return parseRecord(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', problem: code };
  }
}

function parseRecord(bytes: Uint8Array): RecordReading {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { kind: 'unreadable', problem: 'not JSON' };
  }
  const parsed = gateRecord.safeParse(data);
  if (parsed.success) {
    const digest = createHash('sha256').update(bytes).digest('hex');
    return { kind: 'read', digest, record: parsed.data };
  }
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join('.') ?? '';
  return { kind: 'unreadable', problem: `${place}: ${issue?.message ?? 'not a gate record'}` };
}
