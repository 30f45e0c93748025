import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coverageOf, figures, readAll, refusal, sample } from './test-support.ts';

// Figures are those that the tools print themselves.
const reports: readonly [path: string, format: string, expected: string][] = [
  ['c8/lcov.info', 'lcov', 'line 9/13, branch 4/8, function 2/4'],
  ['c8/cobertura.xml', 'cobertura', 'line 9/13, branch 4/8, function 2/4'],
  ['c8/clover.xml', 'clover', 'line 9/13, branch 4/8, function 2/4'],
  ['c8/final.json', 'istanbul-final', 'line 9/13, branch 4/8, statement 9/13, function 2/4'],
  ['c8/summary.json', 'istanbul-summary', 'line 9/13, branch 4/8, statement 9/13, function 2/4'],
  ['nyc/lcov.info', 'lcov', 'line 6/8, branch 3/6, function 2/3'],
  ['nyc/cobertura.xml', 'cobertura', 'line 6/8, branch 3/6, function 2/3'],
  ['nyc/clover.xml', 'clover', 'line 6/8, branch 3/6, function 2/3'],
  ['nyc/final.json', 'istanbul-final', 'line 6/8, branch 3/6, statement 7/9, function 2/3'],
  ['nyc/summary.json', 'istanbul-summary', 'line 6/8, branch 3/6, statement 7/9, function 2/3'],
  ['coverage-py/line.info', 'lcov', 'line 8/14, function 1/3'],
  ['coverage-py/line.xml', 'cobertura', 'line 8/14'],
  ['coverage-py/line.json', 'coverage-py-json', 'line 8/14, statement 8/14, function 1/3'],
  ['coverage-py/branch.info', 'lcov', 'line 8/14, branch 4/6, function 1/3'],
  ['coverage-py/branch.xml', 'cobertura', 'line 8/14, branch 4/6'],
  [
    'coverage-py/branch.json',
    'coverage-py-json',
    'line 8/14, branch 4/6, statement 8/14, function 1/3',
  ],
  [
    'coverage-py/branch.contexts.json',
    'coverage-py-json',
    'line 8/14, branch 4/6, statement 8/14, function 1/3',
  ],
  ['coverage-py/pytest-cov.xml', 'cobertura', 'line 8/14, branch 4/6'],
  ['coverage-py/pytest-cov.info', 'lcov', 'line 8/14, branch 4/6, function 1/3'],
  ['node-test/coverage.info', 'lcov', 'line 13/17, branch 7/8, function 5/6'],
  ['node-test-24/coverage.info', 'lcov', 'line 5/9, branch 2/3, function 1/2'],
  ['gcovr/lcov.info', 'lcov', 'line 4/6, branch 1/4, function 2/3'],
  ['gcovr/cobertura.xml', 'cobertura', 'line 4/6, branch 1/4, function 2/3'],
  ['gcovr/clover.xml', 'clover', 'line 4/6'],
  ['gcovr/jacoco.xml', 'jacoco', 'line 4/6, branch 1/4, function 2/3'],
  ['maven/jacoco.xml', 'jacoco', 'line 3/7, branch 1/4, function 2/5'],
];

describe('reports of real tools', () => {
  it.each(reports)('%s is %s with %s', async (path, format, expected) => {
    const { coverage, evidence } = await readAll([await sample(path)]);
    expect(evidence.map((report) => report.format)).toEqual([format]);
    expect(figures(coverage)).toBe(expected);
    expect(coverage.reports[0]?.outside).toBe(0);
  });

  it.each(['c8', 'nyc'])('of %s are put together from different formats', async (tool) => {
    const alone = await coverageOf(await sample(`${tool}/final.json`));
    const together = await coverageOf(
      await sample(`${tool}/lcov.info`),
      await sample(`${tool}/cobertura.xml`),
      await sample(`${tool}/final.json`),
    );
    for (const metric of ['line', 'branch'] as const) {
      const { covered, total } = alone.tally(metric);
      expect(together.tally(metric)).toMatchObject({ covered, total, conflictCount: 0 });
    }
  });

  it.each(['c8', 'nyc'])('of %s over nothing are no coverage', async (tool) => {
    for (const name of ['nothing.cobertura.xml', 'nothing.clover.xml', 'nothing.summary.json']) {
      expect(figures(await coverageOf(await sample(`${tool}/${name}`)))).toBe('');
    }
    expect(await refusal(await sample(`${tool}/nothing.lcov.info`))).toContain('report-empty');
    expect(await refusal(await sample(`${tool}/nothing.final.json`))).toContain(
      'report-unrecognised',
    );
  });

  it.each(reports)('%s is refused when it is cut off anywhere', async (path) => {
    const text = (await sample(path)).trimEnd();
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        const part = text.slice(0, length);
        // What ends with a whole record of LCOV is a whole report.
        if (/end_of_record\n(?:TN:[^\n]*\n)?$/.test(part)) return;
        expect(await refusal(part)).not.toBe('not refused');
      }),
      { numRuns: 30 },
    );
  });
});
