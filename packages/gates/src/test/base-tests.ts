import { testCounts } from '@gatewright/verdict';
import type { GateResult, TestOutcome } from '@gatewright/verdict';

/** An earlier result of the test gate. */
export interface BaseTests {
  readonly total: number;
  /** Absent when the base had too many tests to list. */
  readonly outcomes?: ReadonlyMap<string, TestOutcome>;
}

/** Reads a base result, or says why it cannot be compared with. */
export function readBaseTests(base: GateResult): BaseTests | string {
  if (base.gate !== 'test') return `the base is a result of the ${base.gate} gate`;
  // A base that failed is complete; only one that could not be told is not.
  if (base.verdict === 'error' || base.verdict === 'skipped') {
    return `the base ended in ${base.verdict}, so its tests are not complete`;
  }
  const counts = testCounts.safeParse(base.counts);
  if (!counts.success) return 'the base has no counts of tests';
  const outcomes = base.tests === undefined ? undefined : new Map(Object.entries(base.tests));
  return { total: counts.data.tests, ...(outcomes === undefined ? {} : { outcomes }) };
}
