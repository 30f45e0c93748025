import type { TestOutcome } from '@gatewright/verdict';
import type { TestCase, TestSink } from './test-case.ts';

/** Failing tests that are kept with their messages, and flaky ones; more are counted only. */
export const keptLimit = 10_000;
/** Tests that are kept by identity for the comparison with other runs. */
export const identityLimit = 50_000;

/** A test that did not simply pass, from all reports. */
export interface KeptTest {
  readonly testCase: TestCase;
  /** Paths of the reports that have it, in the order of the alphabet. */
  readonly seenIn: readonly string[];
  /** Cases of this identity that failed, errored or were flaky. */
  readonly cases: number;
}

/** What all reports together say. */
export interface TestTally {
  readonly counts: Readonly<Record<'tests' | TestOutcome, number>>;
  /** Reports with at least one case. */
  readonly reports: number;
  /** Failed and errored tests, by identity. */
  readonly failing: readonly KeptTest[];
  /** Failed and errored cases of tests that are not in the list. */
  readonly failingOmitted: number;
  readonly flaky: readonly KeptTest[];
  readonly flakyOmitted: number;
  /** The gravest outcome of each test. Absent when there are more than {@link identityLimit}. */
  readonly outcomes?: ReadonlyMap<string, TestOutcome>;
}

/** Gathers the cases of all reports in bounded memory, whatever their number. */
export interface TestTallyGatherer {
  /** @param seenIn - path of the report */
  sink(seenIn: string): TestSink;
  tally(): TestTally;
}

/** Gravest first. A failure stays one when the same test has another result as well: no report says why it has two. */
const gravity: readonly TestOutcome[] = ['failed', 'errored', 'flaky', 'skipped', 'passed'];

export function createTestTally(): TestTallyGatherer {
  const counts = { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0 };
  const failing = createKept();
  const flaky = createKept();
  const outcomes = createOutcomes();
  let reports = 0;
  return {
    sink: (seenIn) => {
      let isFirst = true;
      return (testCase) => {
        if (isFirst) reports += 1;
        isFirst = false;
        const { outcome } = testCase;
        counts.tests += 1;
        counts[outcome] += 1;
        outcomes.add(testCase.identity, outcome);
        if (outcome === 'failed' || outcome === 'errored') failing.add(testCase, seenIn);
        else if (outcome === 'flaky') flaky.add(testCase, seenIn);
      };
    },
    tally: () => {
      const known = outcomes.known();
      return {
        counts: { ...counts },
        reports,
        failing: failing.list(),
        failingOmitted: failing.omitted(),
        flaky: flaky.list(),
        flakyOmitted: flaky.omitted(),
        ...(known === undefined ? {} : { outcomes: known }),
      };
    },
  };
}

interface Outcomes {
  add(identity: string, outcome: TestOutcome): void;
  known(): ReadonlyMap<string, TestOutcome> | undefined;
}

function createOutcomes(): Outcomes {
  const outcomes = new Map<string, TestOutcome>();
  let isFull = false;
  return {
    add: (identity, outcome) => {
      if (isFull) return;
      const known = outcomes.get(identity);
      if (known !== undefined) {
        if (isGraver(outcome, known)) outcomes.set(identity, outcome);
      } else if (outcomes.size < identityLimit) outcomes.set(own(identity), outcome);
      else {
        isFull = true;
        outcomes.clear();
      }
    },
    known: () => (isFull ? undefined : outcomes),
  };
}

interface Kept {
  add(testCase: TestCase, seenIn: string): void;
  list(): KeptTest[];
  omitted(): number;
}

function createKept(): Kept {
  const tests = new Map<string, { testCase: TestCase; seenIn: Set<string>; cases: number }>();
  let omitted = 0;
  return {
    add: (testCase, seenIn) => {
      const known = tests.get(testCase.identity);
      if (known !== undefined) {
        known.seenIn.add(seenIn);
        known.cases += 1;
        if (comesFirst(testCase, known.testCase)) known.testCase = ownTexts(testCase);
      } else if (tests.size < keptLimit) {
        const kept = ownTexts(testCase);
        tests.set(kept.identity, { testCase: kept, seenIn: new Set([seenIn]), cases: 1 });
      } else omitted += 1;
    },
    list: () =>
      Array.from(tests.values(), ({ testCase, seenIn, cases }) => {
        return { testCase, seenIn: [...seenIn].toSorted(), cases };
      }),
    omitted: () => omitted,
  };
}

/** Which of two results of one test is told; independent of the order in which they came. */
function comesFirst(a: TestCase, b: TestCase): boolean {
  if (a.outcome !== b.outcome) return isGraver(a.outcome, b.outcome);
  return placeAndMessage(a) < placeAndMessage(b);
}

function placeAndMessage({ path = '', line = 0, message = '' }: TestCase): string {
  return `${path}\n${line}\n${message}`;
}

function isGraver(a: TestOutcome, b: TestOutcome): boolean {
  return gravity.indexOf(a) < gravity.indexOf(b);
}

/** A part of a text keeps the whole of it in memory, here a piece of the report. */
function own(text: string): string {
  return Buffer.from(text).toString();
}

function ownTexts(testCase: TestCase): TestCase {
  const { message, path } = testCase;
  return {
    ...testCase,
    identity: own(testCase.identity),
    name: own(testCase.name),
    suite: own(testCase.suite),
    ...(message === undefined ? {} : { message: own(message) }),
    ...(path === undefined ? {} : { path: own(path) }),
  };
}
