import { cleanText } from '../report/clean-text.ts';
import type { JsonReader } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { isRecord, lineNumber, neededText, rootEntries, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { fingerprintOf } from './fingerprint.ts';
import { unrated } from './item.ts';
import type { AuditProblem, AuditSink } from './item.ts';

/**
 * `gitleaks --report-format json`: a list, empty when nothing was found; such a one has to
 * be declared, for other tools write the same. `Secret`, `Match`, `Message`, author and mail are
 * never given out, nor any other text in which the secret stands. Items are the findings.
 */
export const gitleaks: JsonReader<AuditSink> = {
  format: 'gitleaks',
  title: 'Gitleaks JSON',
  shape: 'json',
  sniff: (document) =>
    Array.isArray(document) && (document.length === 0 || isLeak(document[0] ?? undefined)),
  read: (document, sink, report) => {
    const leaks = rootEntries(document, report);
    for (const leak of leaks) sink(readLeak(leak));
    return leaks.length;
  },
};

function isLeak(value: unknown): boolean {
  return isRecord(value) && 'RuleID' in value && ('Secret' in value || 'Fingerprint' in value);
}

function readLeak(leak: JsonEntry): AuditProblem {
  const secret = text(leak, 'Secret') ?? '';
  // Rules are the user's own, and a secret can stand in the name of a file.
  const safe = (raw: string): string =>
    cleanText(secret === '' ? raw : raw.replaceAll(secret, '***'), 300);
  const rule = neededText(leak, 'RuleID');
  const file = neededText(leak, 'File');
  const revealing = secret !== '' && file.includes(secret);
  const path = revealing ? undefined : treePath(file, leak.place.report.roots);
  const line = lineNumber(leak, 'StartLine');
  const commit = /^[0-9a-f]{7,64}$/.exec(text(leak, 'Commit') ?? '')?.[0].slice(0, 12);
  const described = text(leak, 'Description') || rule;
  return {
    kind: 'secret',
    id: safe(rule),
    aliases: [],
    severity: unrated,
    message: safe(described) + (commit === undefined ? '' : ` (commit ${commit})`),
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    mark: fingerprintOf(['secret', rule, path ?? file, secret]),
  };
}
