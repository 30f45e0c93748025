import type { FindingPackage } from '@gatewright/verdict';

/** Package URL types of the ecosystems of OSV; a distribution is also the namespace. */
const osvTypes: Readonly<Record<string, string>> = {
  npm: 'npm',
  pypi: 'pypi',
  go: 'golang',
  'crates.io': 'cargo',
  maven: 'maven',
  rubygems: 'gem',
  nuget: 'nuget',
  packagist: 'composer',
  hex: 'hex',
  pub: 'pub',
  swifturl: 'swift',
  debian: 'deb/debian',
  ubuntu: 'deb/ubuntu',
  alpine: 'apk/alpine',
  'red hat': 'rpm/redhat',
  'rocky linux': 'rpm/rocky-linux',
  almalinux: 'rpm/almalinux',
};

/** The package URL type of an OSV ecosystem, which may carry a release, as in `Debian:12`. */
export function purlTypeOf(ecosystem: string): string | undefined {
  const key = ecosystem.split(':')[0]?.toLowerCase() ?? '';
  return Object.hasOwn(osvTypes, key) ? osvTypes[key] : undefined;
}

/** A package URL (purl-spec) without qualifiers. */
export function packageUrl(type: string, name: string, version?: string): string {
  const full = type === 'pypi' ? pythonName(name) : name.replaceAll(':', '/');
  const path = full.split('/').filter(Boolean).map(encodeURIComponent).join('/');
  const suffix = version === undefined || version === '' ? '' : `@${encodeURIComponent(version)}`;
  return `pkg:${type}/${path}${suffix}`;
}

/** A package URL as a tool gives it, without qualifiers and subpath, which tools fill differently. */
export function plainPackageUrl(purl: string | undefined): string | undefined {
  if (purl?.startsWith('pkg:') !== true) return undefined;
  const end = purl.search(/[?#]/);
  return end < 0 ? purl : purl.slice(0, end);
}

/** What two reports share of a package, whatever the version: the package URL if there is one, else the name. */
export function packageKey({ name, purl }: Pick<FindingPackage, 'name' | 'purl'>): string {
  if (purl === undefined) return `?/${name.toLowerCase()}`;
  const at = purl.lastIndexOf('@');
  const isVersion = at >= 0 && !purl.includes('/', at);
  const base = (isVersion ? purl.slice(0, at) : purl).toLowerCase();
  return base.startsWith('pkg:pypi/') ? base.replaceAll(/[-_.]+/g, '-') : base;
}

/** PEP 503. */
function pythonName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
