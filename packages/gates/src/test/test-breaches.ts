import type { Finding } from '@gatewright/verdict';
import type { Breach } from '../judgement.ts';
import type { TestPolicy } from '../policy.ts';
import type { BaseTests } from './base-tests.ts';
import type { TestTally } from './tally.ts';

/** The tests after the waivers. */
export interface JudgedTests {
  readonly tally: TestTally;
  readonly policy: TestPolicy;
  readonly open: readonly Finding[];
  /** Failed and errored cases that are not waived. */
  readonly failing: number;
  /** Flaky cases that are not waived. */
  readonly flaky: number;
}

/** Too few tests to say anything. */
export function evidenceBreaches({ tally, policy }: JudgedTests): Breach[] {
  const { counts, reports } = tally;
  const ran = counts.tests - counts.skipped;
  const breaches: Breach[] = [];
  if (counts.tests > 0 && reports < policy.minimumReports) {
    const explanation = `${some(reports, 'report')} with tests; at least ${policy.minimumReports} demanded`;
    breaches.push(tooSmall(explanation, 'Make sure that every test run wrote its report.'));
  }
  // No test at all is too few whatever the policy says.
  const minimum = Math.max(1, policy.minimumTests);
  if (ran < minimum) {
    const skipped = counts.skipped === 0 ? '' : ` (${counts.skipped} more skipped)`;
    const explanation = `${some(ran, 'test')} ran${skipped}; ${minimum - ran} more needed for the minimum of ${minimum}`;
    breaches.push(tooSmall(explanation, 'Make sure that the runner found the tests.'));
  }
  return breaches;
}

function tooSmall(explanation: string, remedy: string): Breach {
  return { verdict: 'error', reasonCode: 'evidence-too-small', explanation, remedy };
}

export function failureBreaches({ tally: { counts }, failing, open }: JudgedTests): Breach[] {
  if (failing === 0) return [];
  const fresh = open.filter(({ kind, baseline }) => kind === 'test' && baseline === 'new').length;
  const isNew = fresh === 0 ? '' : `; ${some(fresh, 'test')} not failing in the base`;
  const explanation = `${failing} of ${some(counts.tests, 'test')} failed${isNew}`;
  return [{ verdict: 'fail', reasonCode: 'tests-failed', explanation }];
}

/** Skipped and flaky tests. */
export function limitBreaches({ tally: { counts }, policy, flaky }: JudgedTests): Breach[] {
  const { maximumSkipped = Infinity, maximumFlaky = Infinity } = policy;
  const breaches: Breach[] = [];
  if (counts.skipped > maximumSkipped) {
    const over = counts.skipped - maximumSkipped;
    breaches.push({
      verdict: 'fail',
      reasonCode: 'tests-skipped',
      explanation: `${some(counts.skipped, 'test')} skipped, ${over} more than the ${maximumSkipped} allowed`,
    });
  }
  if (flaky > maximumFlaky) {
    breaches.push({
      verdict: 'fail',
      reasonCode: 'tests-flaky',
      explanation: `${some(flaky, 'test')} flaky, ${flaky - maximumFlaky} more than the ${maximumFlaky} allowed`,
    });
  }
  return breaches;
}

/** A comparison that the policy demands and that cannot be made. */
export function baseBreaches(
  { regressions, mayLoseTests }: TestPolicy,
  tally: TestTally,
  base: BaseTests | string | undefined,
): Breach[] {
  if (!regressions && mayLoseTests === undefined) return [];
  if (base === undefined) return [unusable('no base result was given')];
  if (typeof base === 'string') return [unusable(base)];
  if (!regressions) return [];
  if (base.outcomes === undefined) return [unusable('the base does not list its tests')];
  if (tally.outcomes === undefined) return [unusable('there are too many tests to compare each')];
  return [];
}

function unusable(problem: string): Breach {
  return {
    verdict: 'error',
    reasonCode: 'base-unusable',
    explanation: `The tests cannot be compared with the base: ${problem}`,
    remedy: 'Give the result file of the test gate of the base commit.',
  };
}

/** What the base had and this run has not. */
export function lossBreaches(judged: JudgedTests, base: BaseTests | undefined): Breach[] {
  const { policy, tally, open } = judged;
  if (base === undefined) return [];
  const breaches: Breach[] = [];
  const lost = open.filter(({ kind }) => kind === 'test-regression');
  const failing = open.filter(({ kind, baseline }) => kind === 'test' && baseline === 'new');
  if (policy.regressions && lost.length + failing.length > 0) {
    const gone = lost.filter(({ id }) => tally.outcomes?.has(id) === false).length;
    const figures = [
      figure(failing.length, 'newly failing'),
      figure(lost.length - gone, 'newly skipped'),
      figure(gone, 'removed'),
    ];
    breaches.push(regressed(`Against the base: ${figures.filter(Boolean).join(', ')}`));
  }
  const fewer = base.total - tally.counts.tests;
  if (policy.mayLoseTests !== undefined && fewer > policy.mayLoseTests) {
    breaches.push(
      regressed(
        `${some(tally.counts.tests, 'test')}, ${fewer} fewer than the ${base.total} of the base; at most ${policy.mayLoseTests} may go`,
      ),
    );
  }
  return breaches;
}

function figure(count: number, what: string): string {
  return count === 0 ? '' : `${some(count, 'test')} ${what}`;
}

function regressed(explanation: string): Breach {
  return { verdict: 'fail', reasonCode: 'tests-regressed', explanation };
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
