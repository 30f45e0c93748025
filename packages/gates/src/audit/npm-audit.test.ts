import { describe, expect, it } from '@jest/globals';
import { problemsOf, read, remarksOf } from './test-support.ts';

const ghsa = 'GHSA-jf85-cpcp-j695';
const url = `https://github.com/advisories/${ghsa}`;
const none = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };

function npmReport(vulnerabilities: object, counts: object = {}): object {
  return {
    auditReportVersion: 2,
    vulnerabilities,
    metadata: { vulnerabilities: { ...none, ...counts }, dependencies: { prod: 7, total: 9 } },
  };
}

function via(over: object = {}): object {
  const range = '<4.17.12';
  return {
    source: 1106913,
    name: 'lodash',
    title: 'Pollution',
    url,
    severity: 'high',
    range,
    ...over,
  };
}

function entry(causes: readonly unknown[], over: object = {}): object {
  return { severity: 'high', via: causes, fixAvailable: false, ...over };
}

describe('npm audit', () => {
  it('counts advisories, not the packages through which they come', async () => {
    const report = await read(
      npmReport(
        {
          lodash: entry([via()]),
          grunt: entry(['lodash']),
          alias: entry([via({ source: 99 }), 'grunt']),
        },
        { high: 3 },
      ),
    );
    expect(problemsOf(report)).toEqual([
      expect.objectContaining({
        id: ghsa,
        package: {
          name: 'lodash',
          purl: 'pkg:npm/lodash',
          fixedIn: ['4.17.12'],
          scope: 'unknown',
        },
      }),
    ]);
    expect(report.evidence).toMatchObject({ format: 'npm-audit', items: 9 });
    expect(remarksOf(report, 'note')).toEqual([]);
  });

  it('tells when its own counts differ, and goes by the entries', async () => {
    const report = await read(
      npmReport(
        { lodash: entry([via({ severity: 'moderate' })], { severity: 'moderate' }) },
        { high: 1 },
      ),
    );
    expect(problemsOf(report)).toMatchObject([{ severity: { label: 'moderate' } }]);
    expect(remarksOf(report, 'note')).toEqual([
      "the report's own counts differ: 0 moderate counted, 1 listed; 1 high counted, 0 listed",
    ]);
  });

  it.each([
    ['the registry failed', { message: '405', error: { summary: '', detail: '' } }, 'tool-failed'],
    ['there is no lock file', { error: { code: 'ENOLOCK', summary: 'no lock' } }, 'tool-failed'],
    ['no vulnerabilities key (F8)', { auditReportVersion: 2, metadata: {} }, 'tool-failed'],
    [
      'an error beside everything else',
      { ...npmReport({}), error: { summary: 'timed out' } },
      'tool-failed',
    ],
    ['another report version', { auditReportVersion: 3, vulnerabilities: {} }, 'report-malformed'],
    ['counts without entries', npmReport({}, { high: 2 }), 'report-contradictory'],
    [
      'packages without any advisory',
      npmReport({ a: entry(['b']), b: entry(['a']) }),
      'report-contradictory',
    ],
    ['a package that is missing', npmReport({ a: entry(['b', via()]) }), 'report-contradictory'],
    [
      'via that is no list',
      npmReport({ a: { severity: 'high', via: 'lodash' } }),
      'report-malformed',
    ],
    ['an advisory that is no object', npmReport({ a: entry([7]) }), 'report-malformed'],
  ])('is refused: %s', async (_, document, reasonCode) => {
    const { error, evidence } = await read(document);
    expect(evidence).toBeUndefined();
    expect(error?.reasonCode).toBe(reasonCode);
  });

  it.each([
    [
      'the end of the range',
      { fixAvailable: false },
      '>=1.0.0 <1.2.6 || >=2 <2.3.1',
      ['1.2.6', '2.3.1'],
    ],
    [
      'an upgrade of a parent',
      { fixAvailable: { name: 'mocha', version: '10.0.0' } },
      '*',
      ['mocha@10.0.0'],
    ],
    [
      'an upgrade of itself',
      { fixAvailable: { name: 'lodash', version: '5.0.0' } },
      '*',
      ['5.0.0'],
    ],
    ['npm audit fix', { fixAvailable: true }, '<=4.17.11', ['npm audit fix']],
    ['nothing', { fixAvailable: false }, '<=4.17.11', []],
  ])('is fixed by %s', async (_, over, range, fixedIn) => {
    const report = await read(npmReport({ lodash: entry([via({ range })], over) }, { high: 1 }));
    expect(problemsOf(report)[0]?.package?.fixedIn).toEqual(fixedIn);
  });

  it('names an advisory without a GHSA id by its address, for the numbers are not stable', async () => {
    const other = 'https://npmjs.com/advisories/1523';
    const report = await read(
      npmReport({ lodash: entry([via({ url: other }), via({ url: undefined })]) }, { high: 1 }),
    );
    expect(problemsOf(report).map(({ id }) => id)).toEqual([other, 'npm:1106913']);
  });

  it('takes a score of 0 without a vector as it is, for the label decides', async () => {
    const cvss = { score: 0, vectorString: null };
    const report = await read(
      npmReport(
        { lodash: entry([via({ severity: 'critical', cvss })], { severity: 'critical' }) },
        { critical: 1 },
      ),
    );
    expect(problemsOf(report)).toMatchObject([{ severity: { label: 'critical', vectors: [] } }]);
  });

  it('encodes scopes of packages', async () => {
    const report = await read(npmReport({ '@a/b': entry([via({ name: '@a/b' })]) }, { high: 1 }));
    expect(problemsOf(report)[0]?.package?.purl).toBe('pkg:npm/%40a/b');
  });
});
