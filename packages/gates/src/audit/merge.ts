import type { Finding, FindingPackage } from '@gatewright/verdict';
import { aliasClosure, isMalware, linkingNames, preferredId } from './advisory-ids.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { SeenAuditProblem } from './item.ts';
import { packageKey } from './package-url.ts';
import { gravest, resolveSeverity } from './severity.ts';
import type { ResolvedSeverity } from './severity.ts';
import type { SeveritySnapshot } from './snapshot.ts';

/** Findings of all reports, each once, and what could not be used of their severities. */
export interface MergedProblems {
  /** Not compared with a base, and not blocking. */
  readonly findings: readonly Finding[];
  /** One sentence for each kind of ignored evidence, with how often. */
  readonly ignored: readonly string[];
}

/**
 * Makes one finding of everything that is the same: vulnerabilities of one package whose names lead to each other, and the
 * same secret, misconfiguration or licence in two reports. What its reports do not agree on (version, place) is left out
 * of the finding and told in the message, so that a waiver for one place never holds for another. The order of the
 * problems makes no difference.
 */
export function mergeProblems(
  problems: readonly SeenAuditProblem[],
  snapshot?: SeveritySnapshot,
): MergedProblems {
  const ignored = new Map<string, number>();
  const findings = [...vulnerabilities(problems), ...others(problems)].map((group) => {
    const severity = severityOf(group, snapshot);
    for (const sentence of new Set(severity.ignored)) {
      ignored.set(sentence, (ignored.get(sentence) ?? 0) + 1);
    }
    return findingOf(group, severity);
  });
  const told = [...ignored].map(([sentence, times]) => `${times} times ignored: ${sentence}`);
  return { findings, ignored: told.toSorted() };
}

/** Members of one finding, sorted. */
interface Group {
  readonly members: readonly SeenAuditProblem[];
  readonly id: string;
  readonly fingerprint: string;
}

function vulnerabilities(problems: readonly SeenAuditProblem[]): Group[] {
  const own = problems.filter(({ kind }) => kind === 'vulnerability');
  const closure = aliasClosure(own.map(namesOf));
  const groups = groupBy(own, (problem) =>
    JSON.stringify([closure(namesOf(problem)), keyOf(problem)]),
  );
  return groups.map((group) => {
    const id = preferredId(group.flatMap((problem) => linkingNames(namesOf(problem))));
    const [first] = group;
    const key = first === undefined ? '' : keyOf(first);
    return { members: group, id, fingerprint: fingerprintOf(['vulnerability', id, key]) };
  });
}

/**
 * What is equal within one report stands at several places, and is counted from above; what is equal in two reports is
 * one.
 */
function others(problems: readonly SeenAuditProblem[]): Group[] {
  const own = problems.filter(({ kind }) => kind !== 'vulnerability');
  const numbered = groupBy(own, (problem) => problem.seenIn).flatMap((report) =>
    groupBy(report, identityOf).flatMap((equal) =>
      equal
        .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
        .map((problem, ordinal) => ({ problem, fingerprint: ordinalOf(problem, ordinal) })),
    ),
  );
  const byFingerprint = grouped(numbered, ({ fingerprint }) => fingerprint);
  return [...byFingerprint].map(([fingerprint, group]) => {
    const members = group.map(({ problem }) => problem).toSorted(byReport);
    return { members, id: members[0]?.id ?? '', fingerprint };
  });
}

function ordinalOf(problem: SeenAuditProblem, ordinal: number): string {
  const identity = identityOf(problem);
  return ordinal === 0 ? identity : fingerprintOf([identity, ordinal]);
}

function identityOf(problem: SeenAuditProblem): string {
  const { mark, kind, id, path, message } = problem;
  return mark ?? fingerprintOf([kind, id, path ?? '', keyOf(problem), message]);
}

function keyOf(problem: SeenAuditProblem): string {
  return problem.package === undefined ? '' : packageKey(problem.package);
}

function namesOf({ id, aliases }: SeenAuditProblem): string[] {
  return [id, ...aliases];
}

function groupBy(
  problems: readonly SeenAuditProblem[],
  key: (problem: SeenAuditProblem) => string,
): SeenAuditProblem[][] {
  return [...grouped(problems, key).values()].map((group) =>
    group.length === 1 ? group : group.toSorted(byReport),
  );
}

// Node 20 has no Map.groupBy.
function grouped<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const name = key(value);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}

function byReport(a: SeenAuditProblem, b: SeenAuditProblem): number {
  return compare(a.seenIn, b.seenIn) || compare(a.message, b.message);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The gravest that any report gives, so that no report can lower what another one says. */
function severityOf(
  { members, id }: Group,
  snapshot: SeveritySnapshot | undefined,
): ResolvedSeverity {
  if (isMalware(id)) return { severity: 'critical', source: 'malware', ignored: [] };
  const [first] = members;
  if (first !== undefined && members.length === 1 && first.kind !== 'secret') {
    return resolveSeverity(first, snapshot);
  }
  const all = members.map((member) => resolveSeverity(member, snapshot));
  const ignored = all.flatMap((resolved) => resolved.ignored);
  const severity = gravest(all.map((resolved) => resolved.severity)) ?? 'unknown';
  if (severity === 'unknown' && first?.kind === 'secret') {
    // A secret in the code is open to whoever reads it; the tools that find nothing else do not rate it.
    return { severity: 'high', source: 'kind', ignored };
  }
  const sources = all.filter((one) => one.severity === severity).map(({ source }) => source ?? '');
  const source = sources.toSorted().at(0) ?? '';
  return { severity, ignored, ...(source === '' ? {} : { source }) };
}

function findingOf(group: Group, { severity, source }: ResolvedSeverity): Finding {
  const { members, id, fingerprint } = group;
  const path = agreed(members.map((member) => member.path));
  const line = path === undefined ? undefined : agreed(members.map((member) => member.line));
  const merged = packageOf(members);
  const finding: Finding = {
    kind: members[0]?.kind ?? 'vulnerability',
    id,
    aliases: sorted(members.flatMap(namesOf)).filter((name) => name !== id),
    fingerprint,
    level: severity,
    message: messageOf(members, id),
    seenIn: sorted(members.map(({ seenIn }) => seenIn)),
    baseline: 'not-compared',
    blocking: false,
  };
  // Filled in rather than spread: there can be tens of thousands.
  if (source !== undefined) finding.levelSource = source;
  if (path !== undefined) finding.path = path;
  if (line !== undefined) finding.line = line;
  if (merged !== undefined) finding.package = merged;
  if (members.some(({ knownExploited }) => knownExploited === true)) finding.knownExploited = true;
  return finding;
}

function packageOf(members: readonly SeenAuditProblem[]): FindingPackage | undefined {
  const packages = members.flatMap((member) => member.package ?? []);
  if (packages.length < 2) return packages[0];
  const [first] = packages.toSorted((a, b) => compare(a.name, b.name));
  if (first === undefined) return undefined;
  const version = agreed(packages.map((one) => one.version));
  const purl =
    agreed(packages.map((one) => one.purl)) ?? first.purl?.replace(/@[^@/]*$/, '') ?? undefined;
  const fixedIn = sorted(packages.flatMap((one) => one.fixedIn));
  return {
    name: first.name,
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    fixedIn,
    scope: scopeOf(packages),
  };
}

/** Only what every report calls development is. */
function scopeOf(packages: readonly FindingPackage[]): FindingPackage['scope'] {
  const scopes = new Set(packages.map(({ scope }) => scope));
  if (scopes.has('runtime')) return 'runtime';
  return scopes.has('unknown') ? 'unknown' : 'development';
}

const placesShown = 3;

function messageOf(members: readonly SeenAuditProblem[], id: string): string {
  const message = members.find((member) => member.message !== id)?.message ?? id;
  if (members.length === 1) return message;
  const versions = different(members.map((member) => member.package?.version));
  const paths = different(members.map((member) => member.path));
  const told = [
    ...(versions === '' ? [] : [`versions ${versions}`]),
    ...(paths === '' ? [] : [`in ${paths}`]),
  ];
  return told.length === 0 ? message : `${message} (${told.join('; ')})`;
}

/** Values that are not all the same, as a text. */
function different(values: readonly (string | undefined)[]): string {
  if (new Set(values).size < 2) return '';
  const known = sorted(values.filter((value) => value !== undefined));
  const rest = known.length - placesShown;
  return known.slice(0, placesShown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function agreed<T>(values: readonly T[]): T | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** Without those that come again. */
function sorted(values: readonly string[]): string[] {
  return values.length < 2 ? [...values] : [...new Set(values)].toSorted();
}
