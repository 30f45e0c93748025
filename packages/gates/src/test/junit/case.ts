import type { ReportContext } from '../../report/reader.ts';
import type { TestCase } from '../test-case.ts';
import { detailOf } from './case-detail.ts';
import { addFailureText, noFailureText } from './failure-text.ts';
import type { SuiteCounts } from './header.ts';
import { createNaming } from './identity.ts';
import { markByStatus, markOf, noMarks, outcomeOf } from './outcome.ts';
import type { CaseMarks } from './outcome.ts';
import type { Suite } from './suites.ts';

type Attributes = Readonly<Record<string, string>>;

/** Gathers one case after the other. */
export interface CaseGatherer {
  isOpen(): boolean;
  begin(attributes: Attributes): void;
  /** An element inside the case. */
  open(element: string, attributes: Attributes): void;
  text(text: string): void;
  close(element: string): void;
  /** Counts the case in its suite. */
  count(suite: Suite): void;
  /** The case is complete. */
  end(suite: Suite | undefined): TestCase;
}

export function createCaseGatherer(report: ReportContext): CaseGatherer {
  const namesOf = createNaming(report);
  let attributes: Attributes | undefined;
  let marks = noMarks();
  let failure = noFailureText();
  let hasFailure = false;
  // The failure whose text is being read.
  let reading = '';
  return {
    isOpen: () => attributes !== undefined,
    begin: (given) => {
      attributes = given;
      marks = noMarks();
      hasFailure = false;
    },
    open: (element, given) => {
      const mark = markOf(element);
      if (mark === undefined) return;
      marks[mark] = true;
      if (mark === 'skipped') marks.todo ||= given.type === 'todo';
      else if (!hasFailure) {
        hasFailure = true;
        reading = element;
        failure = noFailureText();
        failure.message = given.message ?? '';
        failure.type = given.type ?? '';
      }
    },
    text: (text) => {
      if (reading !== '') addFailureText(failure, text);
    },
    close: (element) => {
      if (element === reading) reading = '';
    },
    count: (suite) => {
      markByStatus(marks, attributes ?? {});
      countCase(suite, marks, attributes ?? {});
    },
    end: (suite) => {
      const given = attributes ?? {};
      attributes = undefined;
      reading = '';
      const names = namesOf(given, suite);
      const { identity, name, classname } = names;
      const outcome = outcomeOf(marks);
      const testCase = { identity, name, suite: classname, outcome };
      if (outcome === 'passed' || outcome === 'skipped') return testCase;
      const told = hasFailure ? failure : noFailureText();
      return { ...testCase, ...detailOf(names, given, told, { suite, report }) };
    },
  };
}

function countCase(suite: Suite, marks: CaseMarks, { classname }: Attributes): void {
  // gotestsum counts a package that did not build as an error as well, though it writes a failure.
  const isPackage = suite.dialect?.repeatsReruns === true && classname === '';
  const add = (counts: SuiteCounts): void => {
    counts.tests += 1;
    if (marks.failure) counts.failures += 1;
    if (marks.error || (isPackage && marks.failure)) counts.errors += 1;
    if (marks.skipped) counts.skipped += 1;
  };
  add(suite.seen);
  add(suite.children);
}
