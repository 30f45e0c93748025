import { describe, expect, it } from '@jest/globals';
import { coverageCounts, finding } from '@gatewright/verdict';
import type { CoveragePolicy } from '../policy.ts';
import { judgeCoverage } from './judge-coverage.ts';
import type { CoverageInput, CoverageJudgement } from './judge-coverage.ts';
import { baseWith, coverageOf, lcovRecord, readAll, sample } from './test-support.ts';
import type { Given } from './test-support.ts';

/** 8 of 13: 61.538… % */
const text = lcovRecord(
  'src/a.c',
  Array.from({ length: 13 }, (_, index) => `DA:${index + 1},${index < 8 ? 1 : 0}`),
);
const report: Given = { path: 'coverage/lcov.info', text };
const policy: CoveragePolicy = { metric: 'line', minimum: 50 };

async function judge(
  over: Partial<Omit<CoverageInput, 'coverage'>> = {},
  ...reports: readonly (Given | string)[]
): Promise<CoverageJudgement> {
  const coverage = await coverageOf(...(reports.length > 0 ? reports : [report]));
  return judgeCoverage({ coverage, policy, ...over });
}

describe('the minimum', () => {
  it('is met exactly', async () => {
    const { counts, breaches } = await judge({ policy: { ...policy, minimum: 61.53 } });
    expect(breaches).toEqual([]);
    expect(coverageCounts.parse(counts)).toEqual({
      metric: 'line',
      covered: 8,
      total: 13,
      percent: '61.53',
      minimum: 61.53,
    });
  });

  it('F5: of 62 % is not met by 61.54 %, however that rounds', async () => {
    const { breaches } = await judge({ policy: { ...policy, minimum: 62 } });
    expect(breaches).toMatchObject([
      {
        verdict: 'fail',
        reasonCode: 'coverage-below-minimum',
        explanation: '8 of 13 lines are covered (61.53 %); 1 more covered line is needed for 62 %.',
      },
    ]);
  });

  it('F5: is not met by the blend of lines and branches of coverage.py', async () => {
    // 12 of 20 lines and branches, 8 of 14 lines, 4 of 6 branches
    const given = { path: 'coverage.json', text: await sample('coverage-py/branch.json') };
    const at60 = await judge({ policy: { metric: 'line', minimum: 60 } }, given);
    expect(at60.breaches[0]?.explanation).toBe(
      '8 of 14 lines are covered (57.14 %); 1 more covered line is needed for 60 %.',
    );
    expect(at60.notes).toContain(
      'coverage.json says 60 % of itself, which is of lines and branches together and is not used.',
    );
    const byBranch = await judge({ policy: { metric: 'branch', minimum: 66.66 } }, given);
    expect(byBranch.counts).toMatchObject({ covered: 4, total: 6, percent: '66.66' });
    expect(byBranch.breaches).toEqual([]);
  });
});

describe('evidence', () => {
  it('of nothing is no coverage of 100 %', async () => {
    const nothing = await judge({}, lcovRecord('a.py', []));
    expect(nothing.breaches).toMatchObject([{ verdict: 'error', reasonCode: 'coverage-missing' }]);
    expect(nothing.counts).toBeUndefined();
    const none = judgeCoverage({ coverage: (await readAll([])).coverage, policy });
    expect(none.breaches[0]?.explanation).toBe('There is no coverage report.');
  });

  it('must have the metric in each report', async () => {
    const branch: CoveragePolicy = { metric: 'branch', minimum: 0 };
    const withBranches = lcovRecord('b.c', ['DA:1,1', 'BRDA:1,0,0,1', 'BRDA:1,0,1,1']);
    const { breaches, counts } = await judge({ policy: branch }, withBranches, report);
    expect(breaches).toMatchObject([
      {
        verdict: 'error',
        reasonCode: 'coverage-missing',
        explanation: 'coverage/lcov.info has no branch coverage; it has: line.',
      },
    ]);
    expect(counts).toBeUndefined();
  });

  it('may be of a part without any code', async () => {
    const { breaches, notes } = await judge({}, report, lcovRecord('b/__init__.py', []));
    expect(breaches).toEqual([]);
    expect(notes).toEqual(['report-2 has no line of code.']);
  });

  it('whose branches cannot be counted is an error', async () => {
    const given =
      '<coverage line-rate="1"><class filename="a"><lines><line number="1" hits="1" branch="true"/>' +
      '</lines></class></coverage>\n';
    expect((await judge({}, given)).breaches).toEqual([]);
    const { breaches } = await judge({ policy: { metric: 'branch', minimum: 0 } }, given);
    expect(breaches[0]?.explanation).toBe(
      'report-1 cannot be counted by branch: a branch of line 1 has no condition-coverage.',
    );
  });

  it('mostly about files of others is none', async () => {
    const foreign = lcovRecord('/usr/include/x.h', ['DA:1,1']);
    const half = await judge({}, text + foreign);
    expect(half.breaches).toEqual([]);
    expect(half.notes).toEqual([
      '1 of 2 files of report-1 are not in the repository and do not count, such as /usr/include/x.h.',
    ]);
    const most = await judge({}, text + foreign + foreign);
    expect(most.breaches).toMatchObject([{ verdict: 'error', reasonCode: 'coverage-missing' }]);
    expect(most.breaches[0]?.explanation).toContain('2 of 3 files of report-1');
  });

  it('that contradicts itself between reports is an error', async () => {
    const one = { path: 'one.info', text: lcovRecord('a.c', ['DA:3,1', 'BRDA:3,0,0,1']) };
    const two = {
      path: 'two.info',
      text: lcovRecord('a.c', ['DA:3,1', 'BRDA:3,0,0,1', 'BRDA:3,0,1,1']),
    };
    expect((await judge({}, one, two)).breaches).toEqual([]);
    const { breaches } = await judge({ policy: { metric: 'branch', minimum: 0 } }, one, two);
    expect(breaches).toMatchObject([
      {
        verdict: 'error',
        reasonCode: 'coverage-unmergeable',
        explanation:
          'one.info and two.info cannot be put together for a.c:3: the number of its branch items differs.',
      },
    ]);
  });

  it('with a sum and lines for one file is an error', async () => {
    const names = ['c8/summary.json', 'c8/final.json'];
    const given = await Promise.all(
      names.map(async (path) => ({ path, text: await sample(path) })),
    );
    const { breaches } = await judge({}, ...given);
    expect(breaches).toMatchObject([{ verdict: 'error', reasonCode: 'coverage-unmergeable' }]);
    expect(breaches[0]?.explanation).toContain('c8/summary.json and c8/final.json');
  });

  it('from several reports says where the number is a lower bound', async () => {
    const given = lcovRecord('a.c', ['DA:3,1', 'BRDA:3,0,0,1', 'BRDA:3,0,1,0']);
    const { notes } = await judge({ policy: { metric: 'branch', minimum: 0 } }, given, given);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('the true number may be higher');
  });

  it('is shown without what could steer a terminal', async () => {
    const { breaches, notes } = await judge(
      {},
      { path: 'r\u001B[31m.info', text: lcovRecord('/etc/\u001B]0;x\u0007a', ['DA:1,1']) },
    );
    const shown = [...breaches.map(({ explanation }) => explanation), ...notes].join('');
    expect(shown).not.toMatch(/\p{Cc}/u);
  });
});

describe('the ratchet', () => {
  const ratchet: CoveragePolicy = { ...policy, ratchetLines: 2 };

  it('lets as many lines be lost as the policy says', async () => {
    const within = await judge({ policy: ratchet, base: baseWith('line', 10, 13) });
    expect(within.breaches).toEqual([]);
    const beyond = await judge({ policy: ratchet, base: baseWith('line', 11, 13) });
    expect(beyond.breaches).toMatchObject([
      {
        verdict: 'fail',
        reasonCode: 'coverage-decreased',
        explanation: '8 lines are covered, 11 were in the base: 3 lost, 2 may be.',
      },
    ]);
  });

  it.each([
    ['no base', undefined],
    ['a base by another metric', baseWith('branch', 10, 13)],
    ['a base that is an error', { ...baseWith('line', 8, 13), verdict: 'error' as const }],
    [
      'a base of another gate',
      {
        ...baseWith('line', 8, 13),
        counts: { error: 0, warning: 0, note: 0, notAnalysed: 0, suppressed: 0, waived: 0 },
      },
    ],
  ])('cannot be told with %s', async (_, base) => {
    const { breaches } = await judge({ policy: ratchet, base });
    expect(breaches).toMatchObject([{ verdict: 'error', reasonCode: 'base-unusable' }]);
  });
});

describe('changed lines', () => {
  const changed: CoveragePolicy = { ...policy, changedMinimum: 80 };

  it('must be covered', async () => {
    const changedLines = new Map([['src/a.c', [7, 8, 9, 10, 12, 99]]]);
    const { counts, breaches, findings } = await judge({ policy: changed, changedLines });
    expect(counts?.changed).toEqual({ covered: 2, total: 5, percent: '40.00', minimum: 80 });
    expect(breaches).toMatchObject([
      {
        verdict: 'fail',
        reasonCode: 'coverage-below-minimum',
        explanation:
          '2 of 5 changed lines are covered (40.00 %); 2 more covered lines are needed for 80 %.',
      },
    ]);
    expect(findings.map((one) => finding.parse(one))).toMatchObject([
      {
        kind: 'coverage',
        path: 'src/a.c',
        line: 9,
        level: 'error',
        blocking: true,
        message: '3 changed lines are not covered: 9-10, 12',
        seenIn: ['coverage/lcov.info'],
      },
    ]);
  });

  it('are shown, but do not block, when the policy does not ask', async () => {
    const { counts, breaches, findings } = await judge({
      changedLines: new Map([['src/a.c', [8, 9]]]),
    });
    expect(counts?.changed).toEqual({ covered: 1, total: 2, percent: '50.00' });
    expect(breaches).toEqual([]);
    expect(findings).toMatchObject([{ level: 'note', blocking: false }]);
  });

  it('F11: that are not known are an error', async () => {
    const { breaches } = await judge({ policy: changed });
    expect(breaches).toMatchObject([{ verdict: 'error', reasonCode: 'changes-unknown' }]);
  });

  it('without code are no pass by a ratio, but a note', async () => {
    const changedLines = new Map([
      ['README.md', [1]],
      ['src/a.c', [99]],
    ]);
    const { counts, breaches, notes } = await judge({ policy: changed, changedLines });
    expect(breaches).toEqual([]);
    expect(counts?.changed).toBeUndefined();
    expect(notes).toEqual([
      'The change touches no line that the coverage reports know, so it was not judged.',
      '1 changed file is in no coverage report: README.md.',
    ]);
  });

  it('cannot be told of a file that has sums only', async () => {
    const given = { path: 'summary.json', text: await sample('c8/summary.json') };
    const first = /"\/work-tree\/([^"]+)"/.exec(given.text)?.[1] ?? '';
    const { breaches } = await judge(
      { policy: { ...changed, minimum: 0 }, changedLines: new Map([[first, [1]]]) },
      given,
    );
    expect(breaches).toMatchObject([{ verdict: 'error', reasonCode: 'coverage-missing' }]);
    expect(breaches[0]?.explanation).toContain('only sums');
  });

  it('become a bounded number of findings', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `f${index}.c`);
    const given = names.map((name) => lcovRecord(name, ['DA:1,0'])).join('');
    const changedLines = new Map(names.map((name) => [name, [1]]));
    const { findings, notes } = await judge({ policy: changed, changedLines }, given);
    expect(findings).toHaveLength(500);
    expect(notes).toEqual(['100 more files have changed lines that are not covered.']);
  });
});
