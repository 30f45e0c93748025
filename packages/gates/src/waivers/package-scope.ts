import { PackageURL } from 'packageurl-js';

interface PackageParts {
  /** Type, namespace and name, as the type writes them. */
  readonly base: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
}

/**
 * Tells whether a package URL (purl-spec) is meant by another, which may leave out the version and qualifiers: what it
 * leaves out does not matter. What is no package URL means nothing, and is meant by nothing.
 */
export function packageScope(scope: string): (purl: string | undefined) => boolean {
  const wanted = partsOf(scope);
  return (purl) => {
    const found = purl === undefined ? undefined : partsOf(purl);
    if (wanted === undefined || found === undefined || wanted.base !== found.base) return false;
    if (wanted.version !== undefined && wanted.version !== found.version) return false;
    return [...wanted.qualifiers].every(([key, value]) => found.qualifiers.get(key) === value);
  };
}

/** The version stands after the last @ that begins no segment: a scope of npm begins with one. */
const versioned = /^(pkg:[^?#]*[^/?#])@([^@/?#]*)([?#].*)?$/s;

function partsOf(purl: string): PackageParts | undefined {
  // The version goes its own way: the library throws for Go's that are not semantic, such as those of its stdlib.
  const [, start, version, end = ''] = versioned.exec(purl) ?? [];
  try {
    const { type, namespace, name, qualifiers } = PackageURL.fromString(
      start === undefined ? purl : start + end,
    );
    const words = [type, namespace, type === 'pypi' ? pythonName(name) : name];
    return {
      base: words.filter((word) => typeof word === 'string' && word !== '').join('/'),
      ...(version !== undefined && version !== '' && { version: decodeURIComponent(version) }),
      qualifiers: new Map(Object.entries(qualifiers ?? {})),
    };
  } catch {
    return undefined;
  }
}

/** PEP 503; the library leaves the dots. */
function pythonName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
