import { cleanText } from '../report/clean-text.ts';
import type { JsonReader } from '../report/reader.ts';
import { isRecord, members, neededText, number, object, refuse, rootEntry, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { AuditProblem, AuditSink } from './item.ts';
import { checkCounts } from './npm-counts.ts';
import { fixedVersions, npmAdvisoryId } from './npm-advisory.ts';
import { packageUrl } from './package-url.ts';

/**
 * `npm audit --json`, report version 2 (npm 7 and later). Keyed by package; `via` holds names of other packages, through
 * which this one is concerned, and advisories as objects, which alone are findings. It does not say which packages are for
 * development, nor which version is installed. Items are the packages of the tree.
 */
export const npmAudit: JsonReader<AuditSink> = {
  format: 'npm-audit',
  title: 'npm audit JSON',
  shape: 'json',
  sniff: (document) =>
    isRecord(document) &&
    ('auditReportVersion' in document || (isRecord(document.error) && !('advisories' in document))),
  read: (document, sink, report) => {
    const root = rootEntry(document, report);
    const vulnerabilities = vulnerabilitiesOf(root);
    const advisories = readAdvisories(vulnerabilities, sink);
    const metadata = object(root, 'metadata');
    const declared = metadata === undefined ? undefined : object(metadata, 'vulnerabilities');
    if (declared !== undefined) {
      const labels = vulnerabilities.map(([, entry]) => text(entry, 'severity') ?? '');
      checkCounts(declared, labels, sink);
    }
    const dependencies = metadata === undefined ? undefined : object(metadata, 'dependencies');
    const total = dependencies === undefined ? undefined : number(dependencies, 'total');
    return total ?? advisories;
  },
};

function vulnerabilitiesOf(root: JsonEntry): readonly (readonly [string, JsonEntry])[] {
  // What npm writes when the registry fails is valid JSON, and its exit code is that of findings.
  const error = object(root, 'error');
  if (error !== undefined) {
    const said = text(error, 'summary') || text(error, 'message') || text(error, 'detail');
    const told = said || text(root, 'message') || 'no reason given';
    return refuse(root, 'tool-failed', `the audit did not take place: ${cleanText(told, 200)}`);
  }
  if (number(root, 'auditReportVersion') !== 2) {
    return refuse(root, 'report-malformed', 'expected auditReportVersion 2');
  }
  const vulnerabilities = object(root, 'vulnerabilities');
  return vulnerabilities === undefined
    ? refuse(root, 'tool-failed', 'no `vulnerabilities`: the audit did not take place')
    : members(vulnerabilities);
}

/** @returns how many different advisories there are */
function readAdvisories(
  vulnerabilities: readonly (readonly [string, JsonEntry])[],
  sink: AuditSink,
): number {
  const names = new Set(vulnerabilities.map(([name]) => name));
  const seen = new Set<string>();
  for (const [, entry] of vulnerabilities) {
    const { via } = entry.fields;
    if (!Array.isArray(via)) return refuse(entry, 'report-malformed', 'expected a list in `via`');
    for (const cause of via) {
      if (typeof cause !== 'string') {
        const item = readAdvisory(rootEntry(cause, entry.place.report), entry);
        const key = `${item.id} ${item.package?.name ?? ''}`;
        if (!seen.has(key)) sink(item);
        seen.add(key);
      } else if (!names.has(cause)) {
        refuse(entry, 'report-contradictory', '`via` names a package that is not in the report');
      }
    }
  }
  const [first] = vulnerabilities;
  if (first !== undefined && seen.size === 0) {
    refuse(first[1], 'report-contradictory', 'vulnerable packages, but no advisory for any');
  }
  return seen.size;
}

function readAdvisory(advisory: JsonEntry, entry: JsonEntry): AuditProblem {
  const name = cleanText(neededText(advisory, 'name'), 200);
  const cvss = object(advisory, 'cvss');
  const vector = cvss === undefined ? undefined : text(cvss, 'vectorString');
  const score = cvss === undefined ? undefined : number(cvss, 'score');
  return {
    kind: 'vulnerability',
    id: npmAdvisoryId(text(advisory, 'url'), number(advisory, 'source')),
    aliases: [],
    package: {
      name,
      purl: packageUrl('npm', name),
      fixedIn: fixesOf(advisory, entry, name),
      scope: 'unknown',
    },
    severity: {
      label: text(advisory, 'severity') ?? '',
      vectors: vector === undefined || vector === '' ? [] : [vector],
      scores: score === undefined ? [] : [{ value: score }],
    },
    message: cleanText(text(advisory, 'title') ?? name, 300),
  };
}

/**
 * The version that ends the affected range is fixed, even where a parent package keeps npm from getting there. Without
 * one, npm says whether an upgrade of that parent helps.
 */
function fixesOf(advisory: JsonEntry, entry: JsonEntry, name: string): string[] {
  const ends = fixedVersions(text(advisory, 'range') ?? '');
  if (ends.length > 0) return ends;
  const fix = entry.fields.fixAvailable;
  if (fix === true) return ['npm audit fix'];
  if (!isRecord(fix)) return [];
  const parent = object(entry, 'fixAvailable') ?? entry;
  const version = cleanText(neededText(parent, 'version'), 100);
  const upgraded = cleanText(neededText(parent, 'name'), 200);
  return [upgraded === name ? version : `${upgraded}@${version}`];
}
