import type { FindingPackage } from '@gatewright/verdict';
import { cleanText } from '../report/clean-text.ts';
import type { JsonReader } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { advisoryId, aliasesOf, preferredId } from './advisory-ids.ts';
import { isRecord, list, members, neededList, neededObject, neededText } from './entry.ts';
import { object, refuse, rootEntry, text, texts } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { unrated } from './item.ts';
import type { AuditProblem, AuditSink } from './item.ts';
import { packageUrl, purlTypeOf } from './package-url.ts';
import { fixesOf, severityOf } from './osv-record.ts';

/** Dependency groups that are for development, as osv-scanner sees them. */
const developmentGroups = new Set(['dev', 'development', 'test', 'build-requires']);

/**
 * `osv-scanner --format json`. Advisories of one vulnerability are gathered in `groups`; each group is one finding. Items
 * are the packages that it lists: all with `--all-packages`, else those with findings.
 *
 * Without `--all-packages`, the report of a clean project is word for word that of a run that found no database, so a
 * report without any package is no evidence.
 */
export const osvScanner: JsonReader<AuditSink> = {
  format: 'osv-scanner',
  title: 'osv-scanner JSON',
  shape: 'json',
  sniff: (document) =>
    isRecord(document) &&
    Array.isArray(document.results) &&
    ('experimental_config' in document || isSource(document.results[0])),
  read: (document, sink, report) => {
    const root = rootEntry(document, report);
    const others = list(root, 'experimental_generic_findings').length;
    if (others > 0) {
      const message = `osv-scanner: ${others} generic findings, of a form that is not read`;
      sink({ kind: 'not-analysed', message });
    }
    let packages = 0;
    for (const result of neededList(root, 'results')) {
      const source = object(result, 'source');
      const raw = source === undefined ? undefined : text(source, 'path');
      const path = raw === undefined ? undefined : treePath(raw, report.roots);
      for (const entry of list(result, 'packages')) {
        readPackage(entry, path === undefined ? {} : { path }).forEach(sink);
        packages += 1;
      }
    }
    if (packages === 0) {
      const message =
        'osv-scanner lists no package, as it does also when it fails; run it with --all-packages';
      sink({ kind: 'not-analysed', message });
    }
    return packages;
  },
};

function isSource(value: unknown): boolean {
  return isRecord(value) && isRecord(value.source) && 'packages' in value;
}

function readPackage(entry: JsonEntry, place: { path?: string }): AuditProblem[] {
  const vulnerabilities = list(entry, 'vulnerabilities');
  const records = new Map(vulnerabilities.map((one) => [neededText(one, 'id'), one]));
  const groups = list(entry, 'groups');
  const grouped = new Set(groups.flatMap((group) => texts(group, 'ids')));
  if ([...records.keys()].some((id) => !grouped.has(id))) {
    refuse(entry, 'report-contradictory', 'a vulnerability that is in no group');
  }
  const found = groups.map((group) => readGroup(group, entry, records));
  const licences = texts(entry, 'license_violations').map((name) => readLicence(name, entry));
  return [...found, ...licences].map((item) => ({ ...item, ...place }));
}

function readGroup(
  group: JsonEntry,
  entry: JsonEntry,
  records: ReadonlyMap<string, JsonEntry>,
): AuditProblem {
  const ids = texts(group, 'ids').filter((id) => id !== '');
  if (ids.length === 0) refuse(group, 'report-malformed', 'a group without ids');
  const own = ids.flatMap((id) => records.get(id) ?? []);
  const id = preferredId(ids.map((one) => advisoryId(one)));
  const names = [
    ...ids,
    ...texts(group, 'aliases'),
    ...own.flatMap((one) => texts(one, 'aliases')),
  ];
  const summary =
    own.map((one) => text(one, 'summary')).find(Boolean) ??
    own.map((one) => text(one, 'details')).find(Boolean);
  const unreached = isUnreached(group) ? ' (osv-scanner: not called)' : '';
  return {
    kind: 'vulnerability',
    id,
    aliases: aliasesOf(id, names),
    package: { ...packageOf(entry), fixedIn: fixesOf(own, neededObject(entry, 'package')) },
    severity: severityOf(own, text(group, 'max_severity')),
    message: cleanText(summary ?? id, 300) + unreached,
  };
}

/** What was analysed and is not called is told and still counts: the analysis is experimental. */
function isUnreached(group: JsonEntry): boolean {
  const analysis = object(group, 'experimental_analysis') ?? object(group, 'experimentalAnalysis');
  if (analysis === undefined) return false;
  const analysed = members(analysis).map(([, info]) => info.fields.called);
  return analysed.length > 0 && analysed.every((called) => called === false);
}

/** Which licences are allowed was decided where osv-scanner was called; how grave it is, it does not say. */
function readLicence(name: string, entry: JsonEntry): AuditProblem {
  const licence = cleanText(name, 200);
  return {
    kind: 'licence',
    id: licence,
    aliases: [],
    package: packageOf(entry),
    severity: unrated,
    message: `licence ${licence} is not among the allowed ones`,
  };
}

function packageOf(entry: JsonEntry): FindingPackage {
  const info = neededObject(entry, 'package');
  const name = cleanText(text(info, 'name') || neededText(info, 'commit'), 200);
  const version = cleanText(text(info, 'version') ?? '', 100);
  const type = purlTypeOf(text(info, 'ecosystem') ?? '');
  const groups = texts(entry, 'dependency_groups');
  const development = groups.length > 0 && groups.every((group) => developmentGroups.has(group));
  return {
    name,
    ...(version === '' ? {} : { version }),
    ...(type === undefined ? {} : { purl: packageUrl(type, name, version) }),
    fixedIn: [],
    scope: development ? 'development' : 'unknown',
  };
}
