import { describe, expect, it } from '@jest/globals';
import { coverageOf, figures, lcovRecord, linesOf, readAll, refusal } from './test-support.ts';

describe('LCOV', () => {
  it('counts lines, branches and functions of version 1', async () => {
    const coverage = await coverageOf(
      `TN:\n${lcovRecord('src/a.js', [
        'FN:2,add',
        'FN:8,never',
        'FNF:2',
        'FNH:1',
        'FNDA:1,add',
        'FNDA:0,never',
        'DA:2,1',
        'DA:3,7',
        'DA:9,0',
        'LF:3',
        'LH:2',
        'BRDA:3,0,0,1',
        'BRDA:3,0,1,0',
        'BRF:2',
        'BRH:1',
      ])}`,
    );
    expect(figures(coverage)).toBe('line 2/3, branch 1/2, function 1/2');
    expect(linesOf(coverage, 'src/a.js')).toEqual({ covered: [2, 3], uncovered: [9] });
  });

  it('counts functions of version 2 once, whatever their aliases', async () => {
    const coverage = await coverageOf(
      lcovRecord('a.cpp', [
        'FNL:0,3,3',
        'FNA:0,0,_Z4maxiIdET_S0_S0_',
        'FNA:0,3,int maxi<int>(int, int)',
        'FNL:1,6',
        'FNA:1,0,main',
        'FNF:2',
        'FNH:1',
      ]),
    );
    expect(figures(coverage)).toBe('function 1/2');
  });

  it('tells functions of one name apart by the order of their counts', async () => {
    const record = lcovRecord('a.js', [
      'FN:3,run',
      'FN:9,12,run',
      'FNDA:1,run',
      'FNDA:0,run',
      'FNF:2',
      'FNH:1',
    ]);
    expect(figures(await coverageOf(record))).toBe('function 1/2');
  });

  it('takes branches with text, exceptions, and those that were never reached', async () => {
    const coverage = await coverageOf(
      lcovRecord('app/x.py', [
        'BRDA:2,0,jump to line 3,0',
        'BRDA:2,0,jump to line 4,1',
        'BRDA:5,e1,3,-',
        'BRDA:5,f0,a > 1, b,2',
        'BRDA:5,U0,0,0',
        'BRF:4',
        'BRH:2',
      ]),
    );
    expect(figures(coverage)).toBe('branch 2/4');
  });

  it('reads checksums, CRLF, comments, versions and counts that are no plain numbers', async () => {
    const text = `# made by a tool\nTN:x\n${lcovRecord('a.c', [
      'VER:1',
      'DA:1,3,cuE+wnSWCyNJ4PAX5UHiPg',
      'DA:2,1e+20',
      'DA:3,0.0',
      'DA:4,99999999999999999999',
      'MCDC:2,2,t,1,0,a',
      'MCF:1',
      'LF:4',
      'LH:3',
    ])}`;
    expect(figures(await coverageOf(text))).toBe('line 3/4');
    expect(figures(await coverageOf(text.replaceAll('\n', '\r\n')))).toBe('line 3/4');
  });

  it('unites records of one file', async () => {
    const { coverage, evidence } = await readAll([
      `TN:one\n${lcovRecord('a.c', ['DA:1,1', 'DA:2,0', 'BRDA:1,0,0,1', 'BRDA:1,0,1,0'])}` +
        `TN:two\n${lcovRecord('a.c', ['DA:1,0', 'DA:2,4', 'BRDA:1,0,0,0', 'BRDA:1,0,1,0'])}`,
    ]);
    expect(figures(coverage)).toBe('line 2/2, branch 1/2');
    expect(evidence[0]?.items).toBe(2);
  });

  it('takes a record without lines, and one whose lines are in no order', async () => {
    const text =
      lcovRecord('app/__init__.py', []) + lcovRecord('b.py', ['DA:40,1', 'DA:3,0', 'DA:40,0']);
    expect(figures(await coverageOf(text))).toBe('line 1/2');
  });

  it('takes sums of each item, and of each line once', async () => {
    const items = ['DA:1,1', 'DA:1,0', 'DA:2,0'];
    expect(await refusal(lcovRecord('a', [...items, 'LF:2', 'LH:1']))).toBe('not refused');
    expect(await refusal(lcovRecord('a', [...items, 'LF:3', 'LH:1']))).toBe('not refused');
    expect(await refusal(lcovRecord('a', [...items, 'LF:4', 'LH:1']))).toContain(
      'report-contradictory report-1:7: LF 4 and LH 1, but the record has 3 items',
    );
  });

  it('takes the sums of llvm-cov and gcovr, which count each instantiation of a function', async () => {
    const llvm = lcovRecord('m.rs', [
      'FN:2,_RNa',
      'FN:2,_RNb',
      'FNDA:1,_RNa',
      'FNDA:1,_RNb',
      'FNF:1',
      'FNH:1',
      'DA:2,2',
      'BRF:0',
      'BRH:0',
      'LF:3',
      'LH:2',
    ]);
    const gcovr = `TN:GCOVR_report\n${lcovRecord('m.cpp', ['DA:3,4', 'LH:2', 'LF:2'])}`;
    expect(figures(await coverageOf(llvm))).toBe('line 1/1, function 2/2');
    expect(figures(await coverageOf(gcovr))).toBe('line 1/1');
    expect(await refusal(`TN:\n${llvm}`)).toContain('report-contradictory');
  });

  it.each([
    ['hit lines', ['DA:1,0', 'LF:1', 'LH:1']],
    ['a number of lines without lines', ['LF:10', 'LH:9']],
    ['branches', ['BRDA:1,0,0,1', 'BRF:2', 'BRH:1']],
    ['hit branches', ['BRDA:1,0,0,-', 'BRF:1', 'BRH:1']],
    ['functions', ['FN:1,a', 'FNDA:1,a', 'FNF:2', 'FNH:1']],
    ['hit functions', ['FN:1,a', 'FNDA:0,a', 'FNF:1', 'FNH:1']],
    ['calls of a function that is not there', ['FN:1,a', 'FNDA:1,b']],
  ])('refuses sums that contradict: %s', async (_, items) => {
    expect(await refusal(lcovRecord('a.c', items))).toContain('report-contradictory');
  });

  it.each([
    ['DA:0,1'],
    ['DA:x,1'],
    ['DA:1'],
    ['DA:1,'],
    ['DA:1,-1'],
    ['DA:1,='],
    ['DA:20000000,1'],
    ['BRDA:0,0,0,1'],
    ['BRDA:1,0,1'],
    ['BRDA:1,0,0,'],
    ['FN:a'],
    ['FN:1,'],
    ['FNDA:-1,a'],
    ['FNL:0,0'],
    ['FNA:7,1,a'],
    ['LF:-1'],
    ['LF:1.5'],
    ['XX:1'],
    ['constructor:1'],
    ['something else'],
  ])('refuses %s with its line', async (item) => {
    expect(await refusal(lcovRecord('a.c', ['DA:1,1', item]))).toMatch(
      /^report-malformed report-1:3: /,
    );
  });

  it('refuses what is not closed, and what stands outside', async () => {
    expect(await refusal('SF:a\nDA:1,1\n')).toContain('the record of a has no end_of_record');
    expect(await refusal('SF:a\nDA:1,1\nSF:b\nend_of_record\n')).toContain('report-1:3');
    expect(await refusal('TN:x\nDA:1,1\nend_of_record\n')).toContain('outside of a record: DA');
    expect(await refusal('SF:\nend_of_record\n')).toContain('SF without a path');
    expect(await refusal('TN:\n')).toBe('report-empty report-1:1: no record');
    expect(await refusal('SF:a\nDA:1,1\nend_of_record')).toContain('cut off');
  });
});
