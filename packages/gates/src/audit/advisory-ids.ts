import { cleanText } from '../report/clean-text.ts';

/** An advisory's name as its database writes it, so that names from different tools compare. */
export function advisoryId(raw: string): string {
  if (/^CVE-[\d-]+$/.test(raw)) return raw;
  const id = cleanText(raw, 200);
  const prefix = /^(ghsa|cve)-/i.exec(id)?.[1]?.toUpperCase();
  if (prefix === undefined) return id;
  const rest = id.slice(prefix.length);
  return prefix + (prefix === 'GHSA' ? rest.toLowerCase() : rest.toUpperCase());
}

/** The GHSA id in the address of an advisory. */
export function ghsaOfUrl(url: string | undefined): string | undefined {
  const found = /\bGHSA(?:-[0-9a-z]{4}){3}\b/i.exec(url ?? '')?.[0];
  return found === undefined ? undefined : advisoryId(found);
}

/**
 * Announcements of distributors, which fix many vulnerabilities at once. As an alias, one of them would tie all of these
 * together, and a waiver for one would hold for all.
 */
const batches =
  /^(?:DSA|DLA|DTSA|RHSA|RHBA|RHEA|ELSA|ELBA|ALAS|ALSA|ALBA|RLSA|RXSA|USN|LSN|SUSE|OPENSUSE|FEDORA|GLSA|ASA|MGASA|CESA|TEMP)[-\d]/i;

/** Whether an id names an announcement of several vulnerabilities. */
export function isBatchId(id: string): boolean {
  return batches.test(id);
}

/** Whether an id names malicious code rather than a flaw. */
export function isMalware(id: string): boolean {
  return id.startsWith('MAL-');
}

/**
 * The other names of an advisory that name nothing else: without announcements, and without CVEs when there is more than
 * one, because then each of them is a vulnerability of its own.
 *
 * @param names - as the report gives them; the id itself may be among them
 */
export function aliasesOf(id: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return names;
  const all = new Set(names.filter((name) => name !== '').map((name) => advisoryId(name)));
  all.delete(id);
  const single = [...all, id].filter((name) => name.startsWith('CVE-')).length === 1;
  return [...all]
    .filter((name) => !isBatchId(name) && (single || !name.startsWith('CVE-')))
    .toSorted();
}

/** The name under which an advisory is shown: of malware first, then CVE, GHSA and the others. */
export function preferredId(names: readonly string[]): string {
  return names.toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))[0] ?? '';
}

const ranked = ['MAL-', 'CVE-', 'GHSA-'];

function rankOf(id: string): number {
  const rank = ranked.findIndex((prefix) => id.startsWith(prefix));
  return rank < 0 ? ranked.length : rank;
}

/**
 * Follows aliases to their end: two advisories are one if a chain of names leads from one to the other.
 * @returns by any name of an advisory, one name that all of it share
 */
export function aliasClosure(
  advisories: Iterable<readonly string[]>,
): (names: readonly string[]) => string {
  const parents = new Map<string, string>();
  const find = (name: string): string => {
    let root = name;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    // Flattened as it goes, or a long chain of aliases would be walked again and again.
    for (let at = name; at !== root;) {
      const up = parents.get(at) ?? root;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  for (const names of advisories) {
    const [first, ...others] = linkingNames(names);
    for (const other of others) {
      const [one, two] = [find(first ?? other), find(other)];
      if (one !== two) parents.set(one < two ? two : one, one < two ? one : two);
    }
  }
  return (names) => find(linkingNames(names)[0] ?? '');
}

/** The names by which an advisory may be joined with others: an announcement only with itself. */
export function linkingNames(names: readonly string[]): readonly string[] {
  const own = names.filter((name) => !isBatchId(name));
  return own.length > 0 ? own : names.slice(0, 1);
}
