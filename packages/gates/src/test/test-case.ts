import type { TestOutcome } from '@gatewright/verdict';

/** One test case of a report. All texts are safe to show. */
export interface TestCase {
  /** The same test in every run: `file|classname|name`, with what the report does not say left empty. */
  readonly identity: string;
  readonly name: string;
  /** Class or suites that hold it, as the report calls them; empty at the top. */
  readonly suite: string;
  /** Relative to the root of the repository; known of those that did not pass, where the report says it. */
  readonly path?: string;
  /** Counts from 1. */
  readonly line?: number;
  readonly outcome: TestOutcome;
  /** What the failure says, in one line. */
  readonly message?: string;
}

/** Takes the cases of one report, in its order. */
export type TestSink = (testCase: TestCase) => void;
