import * as z from 'zod';
import { cleanText } from '../report/clean-text.ts';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import { treePath } from '../report/tree-path.ts';
import { shortened } from './junit/shortened.ts';
import type { TestCase, TestSink } from './test-case.ts';

const count = z.int().nonnegative();

const assertion = z.object({
  ancestorTitles: z.array(z.string()),
  title: z.string(),
  status: z.enum(['passed', 'failed', 'pending', 'skipped', 'todo', 'disabled', 'focused']),
  failureMessages: z.array(z.string()).nullish(),
  /** Above 1 when the test was tried again. */
  invocations: count.nullish(),
  location: z.object({ line: z.int().positive() }).nullish(),
});
type Assertion = z.infer<typeof assertion>;

const file = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string().nullish(),
  assertionResults: z.array(assertion),
});
type TestFile = z.infer<typeof file>;

const document = z.object({
  numTotalTests: count,
  numPassedTests: count,
  numFailedTests: count,
  numTotalTestSuites: count,
  success: z.boolean(),
  wasInterrupted: z.boolean().optional(),
  testResults: z.array(file),
});
type Document = z.infer<typeof document>;

/**
 * What `jest --json` writes. A file that could not be loaded, or in which something besides a test failed, is an errored
 * test of its own: Jest counts no test for it. A test that passed when tried again is flaky.
 */
export const jestJson: JsonReader<TestSink> = {
  shape: 'json',
  format: 'jest-json',
  title: 'Jest JSON',
  sniff: (value) =>
    typeof value === 'object' &&
    value !== null &&
    'numTotalTestSuites' in value &&
    'testResults' in value,
  read: (value, sink, report) => {
    const parsed = document.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const place = { key: cleanText(issue?.path.map(String).join('.') ?? '', 100) };
      return report.fail('report-malformed', 'not as Jest writes it', place);
    }
    const run = parsed.data;
    if (run.wasInterrupted === true) report.fail('tool-failed', 'Jest says it was interrupted');
    checkTotals(run, report);
    const cases = run.testResults.flatMap((one) => casesOf(one, report));
    if (run.success && cases.some(({ outcome }) => outcome === 'failed' || outcome === 'errored')) {
      report.fail('report-contradictory', 'it says "success", but holds a failure');
    }
    for (const testCase of cases) sink(testCase);
    return cases.length;
  },
};

function checkTotals(run: Document, report: ReportContext): void {
  const all = run.testResults.flatMap(({ assertionResults }) => assertionResults);
  const having = (status: Assertion['status']): number =>
    all.filter((one) => one.status === status).length;
  const claims = [
    ['numTotalTests', run.numTotalTests, all.length],
    ['numPassedTests', run.numPassedTests, having('passed')],
    ['numFailedTests', run.numFailedTests, having('failed')],
  ] as const;
  for (const [key, claimed, found] of claims) {
    if (claimed === found) continue;
    report.fail('report-contradictory', `says ${claimed}, but ${found} are in it`, { key });
  }
}

function casesOf(one: TestFile, report: ReportContext): TestCase[] {
  const path = treePath(one.name, report.roots);
  const cases = one.assertionResults.map((result) => caseOf(result, path));
  const failed = cases.some(({ outcome }) => outcome === 'failed');
  if (one.status === 'passed' || failed) return cases;
  // Some status that is neither, such as that of a file whose tests are all skipped, needs no failure.
  if (one.status !== 'failed') return cases;
  const name = '(file)';
  const message = cleanText(withoutStack(one.message ?? ''));
  const identity = `${path ?? ''}||${name}`;
  const place = path === undefined ? {} : { path };
  return [...cases, { identity, name, suite: '', ...place, outcome: 'errored', message }];
}

function caseOf(result: Assertion, path: string | undefined): TestCase {
  const name = shortened(result.title);
  const suite = shortened(result.ancestorTitles.join(' '));
  const outcome = outcomeOf(result);
  const testCase = { identity: `${path ?? ''}|${suite}|${name}`, name, suite, outcome };
  if (outcome === 'passed' || outcome === 'skipped') return testCase;
  const [message] = result.failureMessages ?? [];
  return {
    ...testCase,
    ...(path === undefined ? {} : { path }),
    ...(result.location ? { line: result.location.line } : {}),
    ...(message === undefined ? {} : { message: cleanText(withoutStack(message)) }),
  };
}

/** Where Jest itself was when it happened helps nobody. */
function withoutStack(message: string): string {
  return message.split(/\n\s+at /, 1)[0] ?? '';
}

function outcomeOf({ status, invocations }: Assertion): TestCase['outcome'] {
  if (status === 'failed') return 'failed';
  if (status !== 'passed') return 'skipped';
  return (invocations ?? 1) > 1 ? 'flaky' : 'passed';
}
