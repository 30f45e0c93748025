import type { Finding, TestOutcome } from '@gatewright/verdict';
import { regressionFinding } from './findings.ts';

/** Tests that the base had running, and that are skipped or gone now. */
export function lostTests(
  before: ReadonlyMap<string, TestOutcome>,
  now: ReadonlyMap<string, TestOutcome>,
): Finding[] {
  return [...before]
    .filter(([, was]) => was !== 'skipped')
    .flatMap(([identity, was]) => {
      const is = now.get(identity);
      if (is === undefined) return [regressionFinding(identity, was, 'gone')];
      return is === 'skipped' ? [regressionFinding(identity, was, 'skipped')] : [];
    });
}
