import { cleanText } from '../report/clean-text.ts';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import { advisoryId, aliasesOf } from './advisory-ids.ts';
import { isRecord, list, neededList, neededText, rootEntries, rootEntry, text } from './entry.ts';
import { texts } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { unrated } from './item.ts';
import type { AuditProblem, AuditSink } from './item.ts';
import { packageUrl } from './package-url.ts';

/**
 * pip-audit `-f json`: a list of packages, or an object with `dependencies` since 2.5. It holds no severity in any
 * version (F6). A package with a `skip_reason` was not looked at. Items are the packages that were.
 */
export const pipAudit: JsonReader<AuditSink> = {
  format: 'pip-audit',
  title: 'pip-audit JSON',
  shape: 'json',
  sniff: (document) =>
    Array.isArray(document)
      ? isPackage(document[0])
      : isRecord(document) && Array.isArray(document.dependencies) && Array.isArray(document.fixes),
  read: (document, sink, report) => {
    const packages = packagesOf(document, report);
    const examined = packages.filter((entry) => text(entry, 'skip_reason') === undefined);
    for (const entry of packages) {
      const reason = text(entry, 'skip_reason');
      if (reason === undefined) readPackage(entry, sink);
      else sink({ kind: 'not-analysed', message: skipped(entry, reason) });
    }
    if (packages.length === 0)
      sink({ kind: 'note', message: 'pip-audit was given no package to examine' });
    return examined.length;
  },
};

function isPackage(value: unknown): boolean {
  return isRecord(value) && 'name' in value && ('vulns' in value || 'skip_reason' in value);
}

function packagesOf(document: unknown, report: ReportContext): readonly JsonEntry[] {
  return Array.isArray(document)
    ? rootEntries(document, report)
    : neededList(rootEntry(document, report), 'dependencies');
}

function skipped(entry: JsonEntry, reason: string): string {
  return `pip-audit skipped ${cleanText(neededText(entry, 'name'), 200)}: ${cleanText(reason, 200)}`;
}

function readPackage(entry: JsonEntry, sink: AuditSink): void {
  const name = cleanText(neededText(entry, 'name'), 200);
  const version = cleanText(neededText(entry, 'version'), 100);
  const purl = packageUrl('pypi', name, version);
  neededList(entry, 'vulns');
  for (const vulnerability of list(entry, 'vulns')) {
    const id = advisoryId(neededText(vulnerability, 'id'));
    const description = text(vulnerability, 'description') ?? '';
    const item: AuditProblem = {
      kind: 'vulnerability',
      id,
      aliases: aliasesOf(id, texts(vulnerability, 'aliases')),
      package: {
        name,
        version,
        purl,
        fixedIn: texts(vulnerability, 'fix_versions').map((fix) => cleanText(fix, 100)),
        scope: 'unknown',
      },
      severity: unrated,
      message: cleanText(description === '' ? id : description, 300),
    };
    sink(item);
  }
}
