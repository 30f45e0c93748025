import type { Finding } from '@gatewright/verdict';
import { packageOf, rankOf } from './account.ts';

/** Findings of one file or package. */
export interface FindingGroup {
  /** Package or path; undefined when the findings have neither. */
  readonly name: string | undefined;
  /** Gravest first, then by place. */
  readonly findings: readonly Finding[];
}

/** Groups by package or else by file, the group with the gravest finding first. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string | undefined, Finding[]>();
  for (const finding of findings.toSorted(gravestFirst)) {
    const name = packageOf(finding) ?? finding.path;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [finding]);
    else group.push(finding);
  }
  // A map keeps the order in which its keys came, so the gravest group is the first already.
  return [...groups].map(([name, members]) => ({ name, findings: members }));
}

/** Those that count before those that do not, then by level, then by place; stable. */
export function gravestFirst(a: Finding, b: Finding): number {
  return (
    Number(b.blocking) - Number(a.blocking) ||
    rankOf(a) - rankOf(b) ||
    compare(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  );
}

/** By code units, so that the order is the same in every locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
