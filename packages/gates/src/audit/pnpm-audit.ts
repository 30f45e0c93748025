import type { JsonReader } from '../report/reader.ts';
import { isAdvisoryMap, readAdvisoryMap } from './advisory-map.ts';
import { isRecord, rootEntry } from './entry.ts';
import type { AuditSink } from './item.ts';

/**
 * `pnpm audit --json`, and documents of the same form (npm 6, Yarn 2 and 3 when their one line was laid out anew). When the
 * registry fails, pnpm writes an object with nothing but `error`. Items are the packages of the tree.
 */
export const pnpmAudit: JsonReader<AuditSink> = {
  format: 'pnpm-audit',
  title: 'pnpm audit JSON',
  shape: 'json',
  sniff: (document) => isAdvisoryMap(document) || isPnpmError(document),
  read: (document, sink, report) => readAdvisoryMap(rootEntry(document, report), sink),
};

function isPnpmError(document: unknown): boolean {
  if (!isRecord(document) || !isRecord(document.error)) return false;
  const { code } = document.error;
  return typeof code === 'string' && code.startsWith('ERR_PNPM');
}
