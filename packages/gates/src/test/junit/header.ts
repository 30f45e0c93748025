import type { XmlElement } from '../../report/reader.ts';
import type { ReportContext } from '../../report/reader.ts';
import type { Dialect, Relation } from './dialect.ts';

/** What stands in a suite: every case, and how many have each kind of result. One case can have several. */
export interface SuiteCounts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

/** What the header of a suite says; absent is what it does not say. */
export type SuiteClaims = Readonly<Partial<SuiteCounts>>;

export function noCounts(): SuiteCounts {
  return { tests: 0, failures: 0, errors: 0, skipped: 0 };
}

/** Adds `more` to `counts`. */
export function addCounts(counts: SuiteCounts, more: SuiteCounts): void {
  counts.tests += more.tests;
  counts.failures += more.failures;
  counts.errors += more.errors;
  counts.skipped += more.skipped;
}

/** The header of a suite. Numbers that are none are refused. */
export function readClaims({ attributes }: XmlElement, report: ReportContext): SuiteClaims {
  const number = (key: string): number | undefined => {
    const text = attributes[key];
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    return report.fail('report-malformed', `${key} of a suite is not a number of tests`);
  };
  const claims: Partial<SuiteCounts> = {};
  const tests = number('tests');
  const failures = number('failures');
  const errors = number('errors');
  const skipped = number('skipped');
  // Disabled tests are skipped ones; GoogleTest counts them apart, and others write a constant zero.
  const disabled = number('disabled') ?? 0;
  if (tests !== undefined) claims.tests = tests;
  if (failures !== undefined) claims.failures = failures;
  if (errors !== undefined) claims.errors = errors;
  if (skipped !== undefined) claims.skipped = skipped + disabled;
  return claims;
}

/** How the header of a suite contradicts what stands in it; undefined when it does not. */
export function contradiction(
  claims: SuiteClaims,
  seen: SuiteCounts,
  dialect: Dialect,
): string | undefined {
  const claimed = dialect.failuresAreErrors === true ? { ...claims, ...bothKinds(claims) } : claims;
  const counted = dialect.failuresAreErrors === true ? { ...seen, ...bothKinds(seen) } : seen;
  // Without a case there is nothing that a tool could count in its own way.
  const tests = seen.tests === 0 && dialect.tests === 'any' ? 'equal' : dialect.tests;
  return (
    difference('tests', claimed.tests, counted.tests, tests) ??
    difference('failures', claimed.failures, counted.failures, dialect.results) ??
    difference('errors', claimed.errors, counted.errors, dialect.results) ??
    difference('skipped', claimed.skipped, counted.skipped, dialect.results)
  );
}

function bothKinds({ failures = 0, errors = 0 }: SuiteClaims): Partial<SuiteCounts> {
  return { failures: failures + errors, errors: 0 };
}

function difference(
  key: string,
  claimed: number | undefined,
  seen: number,
  relation: Relation,
): string | undefined {
  if (claimed === undefined || relation === 'any') return undefined;
  const holds = relation === 'equal' ? claimed === seen : claimed <= seen;
  return holds ? undefined : `the header says ${key}="${claimed}", but the cases come to ${seen}`;
}
