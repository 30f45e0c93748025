import { posix } from 'node:path';
import type { JsonReader } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { isRecord, list, number, refuse, rootEntry, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { AuditProblem, AuditSink } from './item.ts';
import { readLicence, readMisconfiguration, readSecret } from './trivy-finding.ts';
import { developmentPackages, readVulnerability } from './trivy-vulnerability.ts';

/**
 * `trivy --format json`, schema version 2: vulnerabilities, secrets, misconfigurations and licences of all results. Items
 * are the packages that it lists, or the findings when it lists none.
 *
 * A report without any result is what Trivy writes both when it recognised nothing to examine and when it searched for
 * secrets alone and found none; it cannot be told which, so it is no evidence.
 */
export const trivy: JsonReader<AuditSink> = {
  format: 'trivy',
  title: 'Trivy JSON',
  shape: 'json',
  sniff: (document) =>
    isRecord(document) &&
    'SchemaVersion' in document &&
    ('ArtifactName' in document || 'Results' in document),
  read: (document, sink, report) => {
    const root = rootEntry(document, report);
    if (number(root, 'SchemaVersion') !== 2) {
      refuse(root, 'report-malformed', 'expected SchemaVersion 2');
    }
    const results = list(root, 'Results');
    if (results.length === 0) {
      const message =
        'Trivy lists no result: it recognised nothing to examine, or searched for secrets alone; add the scanner vuln';
      sink({ kind: 'not-analysed', message });
    }
    const base = artifactBase(root);
    const tally = { packages: 0, found: 0 };
    for (const result of results) {
      tally.packages += list(result, 'Packages').length;
      tally.found += readResult(result, base, sink);
      noteModified(result, sink);
    }
    return tally.packages > 0 ? tally.packages : tally.found;
  },
};

/** @returns how many findings the result holds */
function readResult(result: JsonEntry, base: string | undefined, sink: AuditSink): number {
  const target = pathOf(result, targetOf(result), base);
  let found = 0;
  /** @param file - of the finding, where that is another than the target */
  const give = (item: AuditProblem, file?: string): void => {
    const path = file === undefined || file === '' ? target : pathOf(result, file, base);
    sink(path === undefined ? item : { ...item, path });
    found += 1;
  };
  const development = developmentPackages(result);
  for (const entry of list(result, 'Vulnerabilities')) {
    give(readVulnerability(entry, development), text(entry, 'PkgPath'));
  }
  for (const entry of list(result, 'Secrets')) give(readSecret(entry, result));
  for (const entry of list(result, 'Licenses')) give(readLicence(entry), text(entry, 'FilePath'));
  for (const entry of list(result, 'Misconfigurations')) {
    const item = readMisconfiguration(entry);
    if (item !== undefined) give(item);
  }
  return found;
}

/** What .trivyignore, VEX and policies of Trivy took out is told, whatever it was. */
function noteModified(result: JsonEntry, sink: AuditSink): void {
  const exceptions = list(result, 'Misconfigurations').filter(
    (entry) => text(entry, 'Status') === 'EXCEPTION',
  );
  const hidden = list(result, 'ExperimentalModifiedFindings').length + exceptions.length;
  if (hidden > 0)
    sink({ kind: 'note', message: `Trivy: ${hidden} findings ignored by its rules or VEX` });
}

/** Directory or file that was scanned; undefined for images, whose paths are not those of the tree. */
function artifactBase(root: JsonEntry): string | undefined {
  const type = text(root, 'ArtifactType') ?? '';
  const name = text(root, 'ArtifactName') ?? '';
  if (type !== 'filesystem' && type !== 'repository') return undefined;
  return /^[a-z]+:\/\//i.test(name) ? '.' : name;
}

/** Targets that are headings: packages found by their metadata, wherever it lies. */
const headings = new Set(['Python', 'Conda', 'Ruby', 'Node.js', 'Java', 'Kubernetes']);
const fileClasses = new Set(['lang-pkgs', 'config', 'secret', 'license']);

/** The file that a result is about; undefined for packages of the system and for headings. */
function targetOf(result: JsonEntry): string | undefined {
  const target = text(result, 'Target') ?? '';
  const ofFile = fileClasses.has(text(result, 'Class') ?? 'lang-pkgs');
  return ofFile && target !== 'OS Packages' && !headings.has(target) ? target : undefined;
}

function pathOf(
  result: JsonEntry,
  file: string | undefined,
  base: string | undefined,
): string | undefined {
  if (base === undefined || file === undefined || file === '') return undefined;
  const isBase = base === file || base.endsWith(`/${file}`);
  return treePath(isBase ? base : posix.join(base, file), result.place.report.roots);
}
