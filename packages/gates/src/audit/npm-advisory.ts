import { cleanText } from '../report/clean-text.ts';
import { advisoryId, aliasesOf, ghsaOfUrl } from './advisory-ids.ts';
import { flag, list, neededText, number, object, text, texts } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { AuditProblem } from './item.ts';
import { packageUrl } from './package-url.ts';

/**
 * The name of an advisory from an npm registry. The registry's own numbers are not stable, so one without a GHSA id goes
 * by its address.
 */
export function npmAdvisoryId(url: string | undefined, source: number | undefined): string {
  const other = url === undefined || url === '' ? `npm:${source ?? 'unknown'}` : url;
  return ghsaOfUrl(url) ?? advisoryId(other);
}

/** The versions that end the parts of an affected range, as in `>=2.0.0 <2.3.1 || <1.2.6`: the first without the flaw. */
export function fixedVersions(range: string): string[] {
  return range.split('||').flatMap((part) => {
    const end = /(?:^|\s)<\s*([^\s<>=]+)\s*$/.exec(part)?.[1];
    return end === undefined || end === '0.0.0' ? [] : [cleanText(end, 100)];
  });
}

/**
 * One advisory of npm 6, pnpm and Yarn 1 to 3, as one item for each installed version, for each may be of another scope.
 */
export function advisoryItems(advisory: JsonEntry): AuditProblem[] {
  const name = cleanText(neededText(advisory, 'module_name'), 200);
  const url = text(advisory, 'url');
  const ghsa = text(advisory, 'github_advisory_id');
  const cves = texts(advisory, 'cves');
  const own = ghsa === undefined || ghsa === '' ? ghsaOfUrl(url) : advisoryId(ghsa);
  const id = own ?? cves[0] ?? npmAdvisoryId(url, number(advisory, 'id'));
  const cvss = object(advisory, 'cvss');
  const vector = cvss === undefined ? undefined : text(cvss, 'vectorString');
  const score = cvss === undefined ? undefined : number(cvss, 'score');
  const shared = {
    kind: 'vulnerability' as const,
    id: advisoryId(id),
    aliases: aliasesOf(advisoryId(id), cves),
    severity: {
      label: text(advisory, 'severity') ?? '',
      vectors: vector === undefined || vector === '' ? [] : [vector],
      scores: score === undefined ? [] : [{ value: score }],
    },
    message: cleanText(text(advisory, 'title') || name, 300),
  };
  const fixedIn = patchedVersions(advisory);
  const found = list(advisory, 'findings');
  if (found.length === 0) {
    const purl = packageUrl('npm', name);
    return [{ ...shared, package: { name, purl, fixedIn, scope: 'unknown' } }];
  }
  return found.map((finding) => {
    const version = cleanText(text(finding, 'version') ?? '', 100);
    const purl = packageUrl('npm', name, version);
    const scope = scopeOf(finding);
    return { ...shared, package: { name, version, purl, fixedIn, scope } };
  });
}

/** pnpm and the registry write `<0.0.0` for "none". */
function patchedVersions(advisory: JsonEntry): string[] {
  const patched = cleanText(text(advisory, 'patched_versions') ?? '', 200);
  return patched === '' || patched.replaceAll(' ', '') === '<0.0.0' ? [] : [patched];
}

function scopeOf(finding: JsonEntry): 'runtime' | 'development' | 'unknown' {
  const development = flag(finding, 'dev');
  if (development === undefined) return 'unknown';
  return development ? 'development' : 'runtime';
}
