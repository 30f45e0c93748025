import { cleanText } from '../report/clean-text.ts';
import type { JsonReader } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { flag, isRecord, lineNumber, list, neededList, neededObject } from './entry.ts';
import { neededText, rootEntry } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { fingerprintOf } from './fingerprint.ts';
import { unrated } from './item.ts';
import type { AuditProblem, AuditSink } from './item.ts';

/**
 * A baseline of detect-secrets, which is what `detect-secrets scan` prints: findings by file, with a SHA-1 of the secret,
 * which is not given out. Those that somebody marked as no secret are counted in a note. Items are the findings.
 */
export const detectSecrets: JsonReader<AuditSink> = {
  format: 'detect-secrets',
  title: 'detect-secrets baseline',
  shape: 'json',
  sniff: (document) =>
    isRecord(document) && Array.isArray(document.plugins_used) && isRecord(document.results),
  read: (document, sink, report) => {
    const root = rootEntry(document, report);
    if (neededList(root, 'plugins_used').length === 0) {
      sink({ kind: 'not-analysed', message: 'detect-secrets ran without any detector' });
    }
    const results = neededObject(root, 'results');
    const found = Object.keys(results.fields).flatMap((file) =>
      list(results, file).map((entry) => ({ file, entry })),
    );
    const dismissed = found.filter(({ entry }) => flag(entry, 'is_secret') === false);
    const open = found.filter(({ entry }) => flag(entry, 'is_secret') !== false);
    for (const { file, entry } of open) sink(readSecret(entry, file));
    if (dismissed.length > 0) {
      const message = `detect-secrets: ${dismissed.length} marked as no secret in the baseline`;
      sink({ kind: 'note', message });
    }
    return open.length;
  },
};

function readSecret(entry: JsonEntry, file: string): AuditProblem {
  const type = neededText(entry, 'type');
  const path = treePath(file, entry.place.report.roots);
  const line = lineNumber(entry, 'line_number');
  return {
    kind: 'secret',
    id: cleanText(type, 200),
    aliases: [],
    severity: unrated,
    message: cleanText(type, 200) + (flag(entry, 'is_verified') === true ? ' (verified)' : ''),
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    mark: fingerprintOf(['secret', type, path ?? file, neededText(entry, 'hashed_secret')]),
  };
}
