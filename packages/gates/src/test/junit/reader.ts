import type { ReportContext, XmlHandler, XmlReader } from '../../report/reader.ts';
import type { TestCase, TestSink } from '../test-case.ts';
import { createCaseGatherer } from './case.ts';
import { createNodeTotals } from './node-totals.ts';
import { createReruns } from './reruns.ts';
import { closeSuite, openSuite } from './suites.ts';
import type { Suite } from './suites.ts';

/** More skipped tests than any run has; a number above it is not believed. */
const omittedLimit = 1_000_000;

/**
 * JUnit XML in all its dialects. Cases count wherever they stand: at the root, in suites at any depth, beside suites.
 * A failure directly in a suite is an errored test. What each tool means is told in the `README.md` of this folder.
 */
export const junit: XmlReader<TestSink> = {
  shape: 'xml',
  format: 'junit',
  title: 'JUnit XML',
  sniff: ({ name }) => isSuite(name),
  read: followSuites,
};

function isSuite(name: string): boolean {
  return name === 'testsuite' || name === 'testsuites';
}

function followSuites(sink: TestSink, report: ReportContext): XmlHandler {
  const suites: Suite[] = [];
  const gatherer = createCaseGatherer(report);
  const totals = createNodeTotals(report);
  let items = 0;
  let failing = 0;
  const give: TestSink = (testCase) => {
    items += 1;
    if (testCase.outcome === 'failed' || testCase.outcome === 'errored') failing += 1;
    sink(testCase);
  };
  const reruns = createReruns(give);
  const endCase = (suite: Suite | undefined): void => {
    if (suite !== undefined) gatherer.count(suite);
    const take = suite?.dialect?.repeatsReruns === true ? reruns.take : give;
    take(gatherer.end(suite));
  };
  const endSuite = (): void => {
    const suite = suites.pop();
    if (suite === undefined) return;
    reruns.end();
    const outer = suites.at(-1);
    if (outer !== undefined) for (const testCase of omittedCases(suite, report)) give(testCase);
    closeSuite(suite, outer, report);
  };
  // The element of a failure that stands in no case.
  let suiteFailure = '';
  return {
    open: (element) => {
      const { name, attributes } = element;
      if (isSuite(name) || name === 'testcase') {
        if (gatherer.isOpen()) report.fail('report-malformed', `a <${name}> where no test can be`);
        if (name === 'testcase') gatherer.begin(attributes);
        else suites.push(openSuite(element, suites.at(-1), report));
        return;
      }
      if (!gatherer.isOpen()) {
        if (name !== 'error' && name !== 'failure') return;
        suiteFailure = name;
        gatherer.begin({ name: '(suite)' });
      }
      gatherer.open(name, attributes);
    },
    text: (text) => gatherer.text(text),
    comment: (text) => {
      if (suites.length === 1 && !gatherer.isOpen()) totals.comment(text);
    },
    close: (name) => {
      if (name === 'testcase') endCase(suites.at(-1));
      else if (name === suiteFailure) {
        suiteFailure = '';
        give(suiteError(gatherer.end(suites.at(-1)), suites.at(-1)));
      } else if (gatherer.isOpen()) gatherer.close(name);
      else if (isSuite(name)) endSuite();
    },
    end: () => {
      totals.check(failing);
      return items;
    },
  };
}

/** A suite that could not run. It is no case, so no header counts it as one, but it counts as an error. */
function suiteError(failure: TestCase, suite: Suite | undefined): TestCase {
  for (const counts of suite === undefined ? [] : [suite.seen, suite.children]) counts.errors += 1;
  return { ...failure, outcome: 'errored' };
}

/** Skipped tests that stand in the header only. They have no names. */
function* omittedCases(suite: Suite, report: ReportContext): Generator<TestCase> {
  const omitted = (suite.claims.tests ?? 0) - suite.seen.tests;
  if (suite.isRun || suite.dialect?.omitsSkipped !== true || omitted <= 0) return;
  if (omitted > omittedLimit) {
    report.fail('report-contradictory', `suite "${suite.name}" has ${omitted} tests without cases`);
  }
  for (const counts of [suite.seen, suite.children]) {
    counts.tests += omitted;
    counts.skipped += omitted;
  }
  for (let number = 1; number <= omitted; number += 1) {
    const name = `(skipped ${number})`;
    yield { identity: `|${suite.path}|${name}`, name, suite: suite.path, outcome: 'skipped' };
  }
}
