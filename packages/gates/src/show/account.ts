import type { Finding, GateResult } from '@gatewright/verdict';
import { orderBreaches } from '../judgement.ts';
import type { Breach } from '../judgement.ts';
import type { WaiverReport } from '../waivers/waivers.ts';

/** Everything that there is to tell of one gate. What shows it decides nothing. */
export interface GateAccount {
  readonly result: GateResult;
  /** Empty when the gate passes. */
  readonly breaches: readonly Breach[];
  /** Facts to show besides, one sentence each. */
  readonly notes: readonly string[];
  readonly waivers?: WaiverReport;
  /** Paths that the change touches, as in findings; absent when they are not known. */
  readonly changed?: ReadonlySet<string>;
  /** Whether there is such a file in the repository; without it every path below its root is taken for one. */
  readonly inTree?: (path: string) => boolean;
}

/** The breaches with what is certain first, whatever order the account has them in. */
export function breachesOf(account: GateAccount): readonly Breach[] {
  return orderBreaches(account.breaches);
}

const ranks = new Map<string, number>(
  ['critical', 'error', 'high', 'unknown', 'moderate', 'warning', 'low', 'note'].map(
    (level, index) => [level, index],
  ),
);

/** 0 for the gravest. A severity that nobody knows stands right after those that fail by default. */
export function rankOf({ level }: Pick<Finding, 'level'>): number {
  return ranks.get(level) ?? ranks.size;
}

// From the root, with a drive, not in normal form, or with characters that hide or break a line.
const noTreePath = /(?:^|[/\\])\.{0,2}(?:[/\\]|$)|^[A-Za-z]:|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The path of a finding if it is one of the repository: nothing outside of it may be pointed at. */
export function pathInTree(account: GateAccount, finding: Finding): string | undefined {
  const { path } = finding;
  if (path === undefined || noTreePath.test(path)) return undefined;
  return account.inTree === undefined || account.inTree(path) ? path : undefined;
}

/** What a finding says. A secret's own words are never shown, not even those that its reader let through. */
export function messageOf(finding: Finding): string {
  if (finding.kind !== 'secret') return finding.message;
  return `A secret by the rule ${finding.id}; its fingerprint is ${finding.fingerprint}.`;
}

/** The package of a finding with its version. */
export function packageOf({ package: found }: Finding): string | undefined {
  if (found === undefined) return undefined;
  return found.version === undefined ? found.name : `${found.name}@${found.version}`;
}

/** Which versions are without the problem; empty outside of audits. */
export function fixOf({ package: found }: Finding): string {
  if (found === undefined) return '';
  return found.fixedIn.length === 0
    ? 'No fixed version yet.'
    : `Fixed in ${found.fixedIn.join(', ')}.`;
}
