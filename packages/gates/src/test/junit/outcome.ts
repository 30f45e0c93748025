import type { TestOutcome } from '@gatewright/verdict';

/** What the elements and attributes of a case say. */
export interface CaseMarks {
  failure: boolean;
  error: boolean;
  skipped: boolean;
  /** node:test: skipped because it is yet to be done; it may stand beside a failure. */
  todo: boolean;
  /** It failed at first, and passed when it was run again. */
  flaky: boolean;
  /** It failed again when it was run again. */
  rerun: boolean;
}

export function noMarks(): CaseMarks {
  return {
    failure: false,
    error: false,
    skipped: false,
    todo: false,
    flaky: false,
    rerun: false,
  };
}

const elementMarks: Readonly<Record<string, keyof CaseMarks>> = {
  failure: 'failure',
  error: 'error',
  skipped: 'skipped',
  ignored: 'skipped',
  disabled: 'skipped',
  flakyFailure: 'flaky',
  flakyError: 'flaky',
  rerunFailure: 'rerun',
  rerunError: 'rerun',
};

/** The mark that an element inside a case stands for; undefined when it is no result. */
export function markOf(element: string): keyof CaseMarks | undefined {
  return Object.hasOwn(elementMarks, element) ? elementMarks[element] : undefined;
}

const skippedWords = /^(?:disabled|ignored|notrun|pending|skipped|suppressed|todo)$/i;
const failedWords = /^(?:broken|err|error|errored|fail|failed|failure)$/i;

/** Marks that stand in the attributes `status` and `result`, as GoogleTest and CTest write them. */
export function markByStatus(marks: CaseMarks, attributes: Readonly<Record<string, string>>): void {
  for (const word of [attributes.status, attributes.result]) {
    if (word === undefined) continue;
    if (skippedWords.test(word)) marks.skipped = true;
    // Where an element says what kind of failure it is, the word adds nothing.
    if (failedWords.test(word) && !marks.error) marks.failure = true;
  }
}

/** The gravest of what is said counts, but for the failure of a test that node:test itself does not hold against it. */
export function outcomeOf(marks: CaseMarks): TestOutcome {
  if (marks.todo) return 'skipped';
  if (marks.failure) return 'failed';
  if (marks.error) return 'errored';
  if (marks.flaky) return 'flaky';
  // It was run again and failed, and nothing says that it passed in the end.
  if (marks.rerun) return 'failed';
  return marks.skipped ? 'skipped' : 'passed';
}
