import { posix } from 'node:path';
import { cleanText } from '../report/clean-text.ts';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { advisoryId, aliasesOf } from './advisory-ids.ts';
import { isRecord, list, neededList, neededObject, neededText, number } from './entry.ts';
import { object, rootEntry, text, texts } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { unrated } from './item.ts';
import type { AuditProblem, AuditSink, SeverityEvidence } from './item.ts';
import { plainPackageUrl } from './package-url.ts';
import { severityOfWord } from './severity-words.ts';

/**
 * `grype -o json`. Its label and the CVSS score beside it can disagree; the label is what the database decided and is
 * trusted. `ignoredMatches` are counted in a note. Items are the matches: packages without one are not listed.
 */
export const grype: JsonReader<AuditSink> = {
  format: 'grype',
  title: 'Grype JSON',
  shape: 'json',
  sniff: (document) =>
    isRecord(document) &&
    Array.isArray(document.matches) &&
    ('descriptor' in document || 'ignoredMatches' in document || 'distro' in document),
  read: (document, sink, report) => {
    const root = rootEntry(document, report);
    const base = sourceBase(root);
    const matches = neededList(root, 'matches');
    for (const match of matches) sink(readMatch(match, base, report));
    const ignored = list(root, 'ignoredMatches').length;
    if (ignored > 0) {
      sink({ kind: 'note', message: `Grype: ${ignored} matches ignored by its rules or VEX` });
    }
    const alerts = list(root, 'alertsByPackage').length;
    if (alerts > 0) {
      const message = `Grype: alerts for ${alerts} packages, such as an unsupported distribution`;
      sink({ kind: 'note', message });
    }
    return matches.length;
  },
};

/** Directory that was scanned, from which its paths start; undefined for images. */
function sourceBase(root: JsonEntry): string | undefined {
  const source = object(root, 'source');
  const target = source?.fields.target;
  return source?.fields.type === 'directory' && typeof target === 'string' ? target : undefined;
}

function readMatch(
  match: JsonEntry,
  base: string | undefined,
  report: ReportContext,
): AuditProblem {
  const vulnerability = neededObject(match, 'vulnerability');
  const related = list(match, 'relatedVulnerabilities');
  const artifact = neededObject(match, 'artifact');
  const id = advisoryId(neededText(vulnerability, 'id'));
  const records = [vulnerability, ...related];
  const fix = object(vulnerability, 'fix');
  const name = cleanText(neededText(artifact, 'name'), 200);
  const version = cleanText(text(artifact, 'version') ?? '', 100);
  const purl = plainPackageUrl(text(artifact, 'purl'));
  const path = pathOf(artifact, base, report);
  const described = records.map((record) => text(record, 'description')).find(Boolean);
  const exploited = records.some((record) => list(record, 'knownExploited').length > 0);
  return {
    kind: 'vulnerability',
    id,
    aliases: aliasesOf(
      id,
      related.map((record) => text(record, 'id') ?? ''),
    ),
    package: {
      name,
      ...(version === '' ? {} : { version }),
      ...(purl === undefined ? {} : { purl }),
      fixedIn: fix === undefined ? [] : texts(fix, 'versions').map((one) => cleanText(one, 100)),
      scope: 'unknown',
    },
    severity: severityOf(vulnerability, records),
    ...(exploited ? { knownExploited: true } : {}),
    message: cleanText(described ?? id, 300),
    ...(path === undefined ? {} : { path }),
  };
}

function severityOf(vulnerability: JsonEntry, records: readonly JsonEntry[]): SeverityEvidence {
  const label = text(vulnerability, 'severity') ?? '';
  if (severityOfWord(label) !== undefined) return { ...unrated, label };
  const scored = records.flatMap((record) => list(record, 'cvss'));
  return {
    label,
    vectors: scored.map((entry) => text(entry, 'vector') ?? '').filter((vector) => vector !== ''),
    scores: scored
      .filter((entry) => (text(entry, 'vector') ?? '') === '')
      .map((entry) => object(entry, 'metrics'))
      .flatMap((metrics) => (metrics === undefined ? [] : (number(metrics, 'baseScore') ?? [])))
      .map((value) => ({ value })),
  };
}

function pathOf(
  artifact: JsonEntry,
  base: string | undefined,
  report: ReportContext,
): string | undefined {
  const first = list(artifact, 'locations')[0];
  const raw = first === undefined ? undefined : text(first, 'path');
  return base === undefined || raw === undefined
    ? undefined
    : treePath(posix.join(base, raw), report.roots);
}
