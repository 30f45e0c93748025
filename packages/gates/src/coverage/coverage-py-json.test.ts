import { describe, expect, it } from '@jest/globals';
import { coverageOf, figures, linesOf, refusal } from './test-support.ts';

const summary = {
  covered_lines: 3,
  num_statements: 5,
  missing_lines: 2,
  excluded_lines: 0,
  percent_covered: 57.1,
  num_branches: 2,
  covered_branches: 1,
  missing_branches: 1,
};
const file = {
  executed_lines: [1, 2, 5],
  missing_lines: [3, 6],
  excluded_lines: [],
  summary,
  executed_branches: [[2, 5]],
  missing_branches: [[2, 3]],
  functions: {
    f: { executed_lines: [2], missing_lines: [3], excluded_lines: [], start_line: 1 },
    g: { executed_lines: [], missing_lines: [6], excluded_lines: [] },
    only_doc: { executed_lines: [], missing_lines: [], excluded_lines: [] },
    '': { executed_lines: [1, 5], missing_lines: [], excluded_lines: [] },
  },
};
const document = (over: object = {}, files: object = { 'src/app/x.py': file }): string =>
  JSON.stringify({
    meta: { format: 3, version: '7.17.3', branch_coverage: true },
    files,
    totals: { ...summary, percent_covered_display: '57' },
    ...over,
  });

describe('coverage.py JSON', () => {
  it('counts each metric by itself, and never the blend of lines and branches', async () => {
    const coverage = await coverageOf(document());
    expect(figures(coverage)).toBe('line 3/5, branch 1/2, statement 3/5, function 1/2');
    expect(linesOf(coverage, 'src/app/x.py')).toEqual({ covered: [1, 2, 5], uncovered: [3, 6] });
    expect(coverage.reports[0]?.notes).toEqual([
      'report-1 says 57 % of itself, which is of lines and branches together and is not used.',
    ]);
  });

  it('reads format 2, without functions', async () => {
    const { functions: _, ...older } = file;
    const text = document({ meta: { format: 2, branch_coverage: true } }, { 'x.py': older });
    expect(figures(await coverageOf(text))).toBe('line 3/5, branch 1/2, statement 3/5');
  });

  it('does not take a file without statements for a covered one', async () => {
    const none = { covered_lines: 0, num_statements: 0, missing_lines: 0, percent_covered: 100 };
    const empty = { executed_lines: [], missing_lines: [], summary: none };
    const meta = { format: 3, branch_coverage: false };
    const coverage = await coverageOf(document({ meta, totals: none }, { 'a.py': empty }));
    expect(coverage.tally('line').total).toBe(0);
    expect(coverage.reports[0]?.empty).toBe(true);
  });

  it('leaves out lines that a comment excludes, also where older versions list them', async () => {
    const older = { ...file, executed_lines: [1, 2, 5, 9], excluded_lines: [9] };
    expect(figures(await coverageOf(document({}, { 'x.py': older })))).toContain('line 3/5');
  });

  it('takes the sums when a file lists more executed lines than it has statements', async () => {
    // Before 7.14, with a docstring
    const older = { ...file, executed_lines: [1, 2, 4, 5] };
    const coverage = await coverageOf(document({}, { 'x.py': older }));
    expect(figures(coverage)).toContain('line 3/5, branch 1/2, statement 3/5');
    expect(coverage.file('x.py')?.numbered).toBe(false);
    expect(coverage.reports[0]?.notes[0]).toContain('lists executed lines that are no statements');
  });

  it.each([
    ['covered lines', { summary: { ...summary, covered_lines: 4, num_statements: 6 } }],
    ['missing lines', { missing_lines: [3] }],
    ['statements', { summary: { ...summary, num_statements: 4 } }],
    ['covered branches', { executed_branches: [] }],
    ['missing branches', { missing_branches: [] }],
  ])('refuses a summary that contradicts the lists: %s', async (_, over) => {
    expect(await refusal(document({}, { 'x.py': { ...file, ...over } }))).toBe(
      'report-contradictory report-1: files.x.py.summary: the summary contradicts the lists of lines',
    );
  });

  it('refuses totals that contradict the files', async () => {
    expect(await refusal(document({ totals: { ...summary, covered_lines: 5 } }))).toBe(
      'report-contradictory report-1: totals.covered_lines: 5, but the files add up to 3',
    );
  });

  it.each([
    ['format 4', { meta: { format: 4, branch_coverage: true } }, 'report-unrecognised'],
    ['no format', { meta: { branch_coverage: true } }, 'report-unrecognised'],
    ['no totals', { totals: undefined }, 'report-malformed'],
  ])('refuses %s', async (_, over, code) => {
    expect(await refusal(document(over))).toContain(code);
  });

  it.each([
    ['line 0', { executed_lines: [0, 1, 2] }],
    ['a line that is no number', { executed_lines: ['1'] }],
    ['no summary', { summary: undefined }],
    ['a negative count', { summary: { ...summary, covered_lines: -1 } }],
  ])('refuses a file with %s', async (_, over) => {
    expect(await refusal(document({}, { 'x.py': { ...file, ...over } }))).toMatch(
      /^report-malformed report-1: files\.x\.py\./,
    );
  });
});
