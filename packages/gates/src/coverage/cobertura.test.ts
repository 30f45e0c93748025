import { describe, expect, it } from '@jest/globals';
import { coverageOf, figures, linesOf, readAll, refusal } from './test-support.ts';

const line = (number: number | string, hits: number | string, more = ''): string =>
  `<line number="${number}" hits="${hits}" ${more}/>`;
const branch = (condition: string): string => `branch="true" condition-coverage="${condition}"`;
const cls = (filename: string, lines: string, methods = '', name = filename): string =>
  `<class name="${name}" filename="${filename}" line-rate="1" branch-rate="1">` +
  `<methods>${methods}</methods><lines>${lines}</lines></class>`;
const method = (name: string, lines: string): string =>
  `<method name="${name}" signature="()V"><lines>${lines}</lines></method>`;
const report = (classes: string, sources: readonly string[] = [], attributes = ''): string =>
  `<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n` +
  `<coverage line-rate="1" branch-rate="1" ${attributes}>` +
  `<sources>${sources.map((source) => `<source>${source}</source>`).join('')}</sources>` +
  `<packages><package name="p"><classes>${classes}</classes></package></packages></coverage>\n`;

describe('Cobertura', () => {
  it('counts from the lines, whatever the rates say', async () => {
    const text = report(cls('a.py', line(1, 1) + line(2, 0, branch('100% (1/2)')) + line(3, 0)));
    const coverage = await coverageOf(text);
    expect(figures(coverage)).toBe('line 1/3, branch 1/2');
    expect(linesOf(coverage, 'a.py')).toEqual({ covered: [1], uncovered: [2, 3] });
  });

  it('counts lines of methods once, and functions by their lines', async () => {
    const body = line(2, 1, branch('50% (1/2)'));
    const text = report(
      cls('a.py', line(1, 1) + body + line(5, 0), method('f', body) + method('g', line(5, 0))),
    );
    expect(figures(await coverageOf(text))).toBe('line 2/3, branch 1/2, function 1/2');
  });

  it('takes the lines of methods when a class has none itself', async () => {
    const text = report(cls('A.cs', '', method('f', line(2, 1, branch('50% (1/2)')) + line(3, 0))));
    expect(figures(await coverageOf(text))).toBe('line 1/2, branch 1/2, function 1/1');
  });

  it('puts classes of one file together', async () => {
    const text = report(
      cls('A.cs', line(1, 1) + line(4, 0, branch('100% (2/2)')), '', 'A') +
        cls('A.cs', line(4, 1, branch('0% (0/4)')) + line(5, 0), '', 'A/Closure'),
    );
    const { coverage, evidence } = await readAll([text]);
    expect(figures(coverage)).toBe('line 2/3, branch 2/6');
    expect(evidence[0]?.items).toBe(2);
    // The same report once more is the same code, and not more of it.
    expect(figures(await coverageOf(text, text))).toBe('line 2/3, branch 2/6');
  });

  it('reads counts with fractions and beyond 64 bits', async () => {
    const lines = line(1, '1.0') + line(2, '0.0') + line(3, '18446744073709551616');
    expect(figures(await coverageOf(report(cls('a.py', lines))))).toBe('line 2/3');
  });

  it('says that branches cannot be counted when their condition is missing', async () => {
    const coverage = await coverageOf(report(cls('a.py', line(1, 1, 'branch="true"'))));
    expect(coverage.reports[0]?.lacks.get('branch')).toBe(
      'a branch of line 1 has no condition-coverage',
    );
  });

  it('ignores a branch that has no conditions', async () => {
    const text = report(
      cls('a.py', line(1, 1, branch('100% (0/0)')) + line(2, 1, 'branch="false"')),
    );
    expect(figures(await coverageOf(text))).toBe('line 2/2');
  });

  it.each([
    ['/work-tree/src', 'app/x.py', 'src/app/x.py'],
    ['/work-tree/src/', 'app/x.py', 'src/app/x.py'],
    ['src', 'app/x.py', 'src/app/x.py'],
    ['C:\\work-tree\\src', 'app\\x.cs', 'src/app/x.cs'],
    ['/elsewhere', '/work-tree/x.py', 'x.py'],
    ['', 'x.py', 'x.py'],
    ['/', 'work-tree/x.py', 'x.py'],
  ])('finds below the source %s the file %s', async (source, filename, expected) => {
    const coverage = await coverageOf(report(cls(filename, line(1, 1)), [source]));
    expect(coverage.file(expected)).toBeDefined();
  });

  it('takes the source below which the file exists', async () => {
    const text = report(cls('x.py', line(1, 1)) + cls('y.py', line(1, 1)), [
      '/work-tree/one',
      '/work-tree/two',
    ]);
    const existing = new Set(['one/y.py', 'two/x.py']);
    const { coverage } = await readAll([text], { exists: (path) => existing.has(path) });
    expect(coverage.file('two/x.py')).toBeDefined();
    expect(coverage.file('one/y.py')).toBeDefined();
    expect(coverage.file('one/x.py')).toBeUndefined();
  });

  it('takes a file outside of all sources only if it exists', async () => {
    const text = report(cls('src/x.py', line(1, 1)), ['/container']);
    expect((await coverageOf(text)).reports[0]?.outside).toBe(1);
    const { coverage } = await readAll([text], { exists: (path) => path === 'src/x.py' });
    expect(coverage.file('src/x.py')).toBeDefined();
  });

  it.each([
    ['a number that is none', line('undefined', 1)],
    ['line 0', line(0, 1)],
    ['a negative count', line(1, -1)],
    ['a count that is none', line(1, 'NaN')],
    ['a count that is missing', '<line number="1"/>'],
    ['a condition that is none', line(1, 1, branch('50%'))],
  ])('refuses %s', async (_, lines) => {
    expect(await refusal(report(cls('a.py', lines)))).toMatch(/^report-malformed report-1:3:\d+: /);
  });

  it('refuses a class without a file, and more conditions covered than there are', async () => {
    expect(await refusal(report('<class name="a"><lines/></class>'))).toContain('report-malformed');
    expect(await refusal(report(cls('a.py', line(1, 1, branch('150% (3/2)')))))).toContain(
      'report-contradictory',
    );
  });

  it('refuses a header with lines over a body without', async () => {
    expect(await refusal(report('', [], 'lines-valid="100" lines-covered="90"'))).toContain(
      'report-contradictory',
    );
  });
});
