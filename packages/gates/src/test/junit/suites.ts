import type { ReportContext, XmlElement } from '../../report/reader.ts';
import { dialectOf, otherDialect } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { shortened } from './shortened.ts';
import { addCounts, contradiction, noCounts, readClaims } from './header.ts';
import type { SuiteClaims, SuiteCounts } from './header.ts';

/** A suite that is open. */
export interface Suite {
  /** The element `<testsuites>`, which holds the whole run. */
  readonly isRun: boolean;
  readonly name: string;
  /** Names of the suites from the outermost to this, joined by dots. */
  readonly path: string;
  /** The file that this or an outer suite names. */
  readonly file: string | undefined;
  readonly claims: SuiteClaims;
  /** `<testsuites>` has no signature; its dialect is that of its first suite, when that has ended. */
  dialect: Dialect | undefined;
  /** Cases in it at any depth. */
  readonly seen: SuiteCounts;
  /** Its children, be they cases or suites. */
  readonly children: SuiteCounts;
  /** Cases without a name so far. */
  unnamed: number;
}

/** The suite that begins with this element. */
export function openSuite(
  element: XmlElement,
  outer: Suite | undefined,
  report: ReportContext,
): Suite {
  const { attributes, name: tag } = element;
  const isRun = tag === 'testsuites';
  const name = shortened(attributes.name ?? '');
  return {
    isRun,
    name,
    // The name of the whole run says nothing of where a test is.
    path: isRun ? '' : shortened([outer?.path, name].filter(Boolean).join('.')),
    file: attributes.file ?? attributes.filepath ?? outer?.file,
    claims: readClaims(element, report),
    dialect: isRun ? undefined : dialectOf(element),
    seen: noCounts(),
    children: noCounts(),
    unnamed: 0,
  };
}

/** Checks the header of a suite against what was in it, and counts it in the outer one. */
export function closeSuite(suite: Suite, outer: Suite | undefined, report: ReportContext): void {
  const { dialect = otherDialect, seen, children } = suite;
  const claims = suite.isRun && dialect.omitsSkipped === true ? runClaims(suite) : suite.claims;
  const problem = contradiction(claims, dialect.countsChildren === true ? children : seen, dialect);
  if (problem !== undefined) {
    report.fail('report-contradictory', `suite "${suite.name}": ${problem}`);
  }
  if (outer === undefined) return;
  addCounts(outer.seen, seen);
  addCounts(outer.children, {
    tests: 1,
    failures: Math.min(1, children.failures),
    errors: Math.min(1, children.errors),
    skipped: Math.min(1, children.skipped),
  });
  outer.dialect ??= dialect;
}

/** Where a run says nothing of skipped tests, it had none. */
function runClaims({ claims }: Suite): SuiteClaims {
  return { skipped: 0, ...claims };
}
