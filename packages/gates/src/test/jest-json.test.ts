import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readReport } from '../report/read-report.ts';
import { testReaders } from './readers.ts';
import type { TestCase } from './test-case.ts';

/** As Jest 30.5.2 writes it, without times and snapshots. */
const assertion = (title: string, status: string, more: object = {}) => ({
  ancestorTitles: ['basket'],
  duration: 1,
  failing: false,
  failureMessages: [],
  fullName: `basket ${title}`,
  invocations: 1,
  location: null,
  numPassingAsserts: 0,
  retryReasons: [],
  status,
  title,
  ...more,
});
const cases = {
  name: '/work/app/a/cases.test.js',
  status: 'failed',
  message: '  ● basket › is wrong',
  summary: '',
  assertionResults: [
    assertion('adds up', 'passed'),
    assertion('is wrong', 'failed', {
      failureMessages: [
        'Error: expected 3, got 4\n    at Object.<anonymous> (/work/app/a.js:3:32)',
      ],
      location: { column: 3, line: 7 },
    }),
    assertion('waits', 'pending'),
    assertion('is planned', 'todo'),
    assertion('works the third time', 'passed', { invocations: 3 }),
  ],
};
const unloadable = {
  name: '/work/app/c/unloadable.test.js',
  status: 'failed',
  message:
    '  ● Test suite failed to run\n\n    Cannot find module ./gone.js\n\n      at Resolver (x.js:1:1)',
  assertionResults: [],
};
const whole = {
  numFailedTestSuites: 2,
  numFailedTests: 1,
  numPassedTests: 2,
  numPendingTests: 1,
  numTodoTests: 1,
  numTotalTestSuites: 2,
  numTotalTests: 5,
  success: false,
  testResults: [cases, unloadable],
  wasInterrupted: false,
};

async function read(text: string): Promise<TestCase[]> {
  const found: TestCase[] = [];
  await readReport({
    source: {
      path: 'jest.json',
      async *open() {
        yield Buffer.from(text);
      },
    },
    readers: testReaders,
    foreign: [],
    sink: (testCase) => void found.push(testCase),
    roots: { root: '/work/app', base: '/work/app' },
  });
  return found;
}

describe('JSON of Jest', () => {
  it('has a file that cannot be loaded as an error of its own (F15)', async () => {
    const found = await read(JSON.stringify(whole));
    expect(found.map(({ identity, outcome }) => `${outcome} ${identity}`)).toEqual([
      'passed a/cases.test.js|basket|adds up',
      'failed a/cases.test.js|basket|is wrong',
      'skipped a/cases.test.js|basket|waits',
      'skipped a/cases.test.js|basket|is planned',
      'flaky a/cases.test.js|basket|works the third time',
      'errored c/unloadable.test.js||(file)',
    ]);
    expect(found[1]).toMatchObject({ line: 7, message: 'Error: expected 3, got 4' });
    expect(found[5]?.message).toContain('Cannot find module');
  });

  it.each([
    [{ numTotalTests: 6 }, 'report-contradictory'],
    [{ numPassedTests: 3 }, 'report-contradictory'],
    [{ numFailedTests: 0 }, 'report-contradictory'],
    [{ success: true }, 'report-contradictory'],
    [{ wasInterrupted: true }, 'tool-failed'],
    [{ testResults: [{}] }, 'report-malformed'],
  ])('is refused with %j', async (change, reasonCode) => {
    await expect(read(JSON.stringify({ ...whole, ...change }))).rejects.toMatchObject({
      reasonCode,
    });
  });

  it('that was cut off anywhere is no evidence', async () => {
    const text = JSON.stringify(whole);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        await expect(read(text.slice(0, length))).rejects.toMatchObject({
          reasonCode: expect.stringMatching(/^report-/),
        });
      }),
    );
  });
});
