import type { CoverageCounts, Finding, GateResult } from '@gatewright/verdict';
import type { ApplyWaivers, Breach, Judgement, WaiverOutcome } from '../judgement.ts';
import type { TestPolicy } from '../policy.ts';
import { readBaseTests } from './base-tests.ts';
import type { BaseTests } from './base-tests.ts';
import { failingFinding, flakyFinding } from './findings.ts';
import { lostTests } from './regressions.ts';
import { keptLimit } from './tally.ts';
import type { KeptTest, TestTally } from './tally.ts';
import {
  baseBreaches,
  evidenceBreaches,
  failureBreaches,
  limitBreaches,
  lossBreaches,
} from './test-breaches.ts';

/** What the coverage of the same run came to; its findings have been waived already. */
export interface CoverageJudgement {
  readonly counts?: CoverageCounts;
  readonly findings: readonly Finding[];
  readonly waived?: GateResult['waived'];
  readonly breaches: readonly Breach[];
  readonly notes: readonly string[];
}

export interface TestInput {
  readonly tally: TestTally;
  /** An earlier result of the gate, to compare with. */
  readonly base?: GateResult;
  readonly policy: TestPolicy;
  /** Quarantine: a waiver for a test by its identity or fingerprint. */
  readonly waive: ApplyWaivers;
  /** Absent when coverage is not judged. */
  readonly coverage?: CoverageJudgement;
}

/**
 * Judges the tests of all reports. A failing test fails the gate unless it is waived; one beyond the list of those that
 * are kept cannot be waived.
 */
export function judgeTests({ tally, base, policy, waive, coverage }: TestInput): Judgement {
  const read = base === undefined ? undefined : readBaseTests(base);
  const known = typeof read === 'string' ? undefined : read;
  const failing = sorted(tally.failing).map((test) => failingFinding(test, known));
  const flaky = sorted(tally.flaky).map((test) => flakyFinding(test, known));
  const lost = policy.regressions ? lostOf(tally, known) : [];
  const { open, waived } = waive([...failing, ...flaky, ...lost]);
  const waivedCases = casesOf(tally.failing, waived, 'test');
  const judged = {
    tally,
    policy,
    open,
    failing: tally.counts.failed + tally.counts.errored - waivedCases,
    flaky: tally.counts.flaky - casesOf(tally.flaky, waived, 'flaky-test'),
  };
  const tooManyFlaky = judged.flaky > (policy.maximumFlaky ?? Infinity);
  const findings = open.map((finding) =>
    finding.kind === 'flaky-test' ? { ...finding, blocking: tooManyFlaky } : finding,
  );
  return {
    counts: { ...tally.counts, waived: waivedCases, ...coverageCounts(coverage) },
    findings: [...findings, ...(coverage?.findings ?? [])],
    waived: [...waived, ...(coverage?.waived ?? [])],
    ...(tally.outcomes === undefined ? {} : { tests: Object.fromEntries(tally.outcomes) }),
    breaches: [
      ...evidenceBreaches(judged),
      ...failureBreaches(judged),
      ...limitBreaches(judged),
      ...baseBreaches(policy, tally, read),
      ...lossBreaches(judged, known),
      ...(coverage?.breaches ?? []),
    ],
    notes: [...notesOf(tally), ...(coverage?.notes ?? [])],
  };
}

function coverageCounts(coverage: CoverageJudgement | undefined): { coverage?: CoverageCounts } {
  return coverage?.counts === undefined ? {} : { coverage: coverage.counts };
}

function lostOf({ outcomes }: TestTally, base: BaseTests | undefined): Finding[] {
  if (outcomes === undefined || base?.outcomes === undefined) return [];
  return sortedById(lostTests(base.outcomes, outcomes));
}

/** Cases of the tests whose findings of this kind are waived. */
function casesOf(
  tests: readonly KeptTest[],
  waived: WaiverOutcome['waived'],
  kind: Finding['kind'],
): number {
  const ids = new Set(waived.flatMap(({ finding }) => (finding.kind === kind ? [finding.id] : [])));
  return tests
    .filter(({ testCase }) => ids.has(testCase.identity))
    .reduce((sum, { cases }) => sum + cases, 0);
}

/** The order of files and suites shall not show. */
function sorted(tests: readonly KeptTest[]): KeptTest[] {
  return tests.toSorted((a, b) => compare(a.testCase.identity, b.testCase.identity));
}

function sortedById(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function notesOf({ outcomes, counts, failingOmitted, flakyOmitted }: TestTally): string[] {
  const notes: string[] = [];
  if (outcomes === undefined) {
    notes.push(
      `${counts.tests} tests are too many to list them for the comparison with other runs`,
    );
  }
  if (failingOmitted + flakyOmitted > 0) {
    const omitted = `${failingOmitted} more failing and ${flakyOmitted} more flaky cases`;
    notes.push(`${omitted} are counted but not listed; the list ends at ${keptLimit} tests`);
  }
  return notes;
}
