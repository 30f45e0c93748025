import { describe, expect, it } from '@jest/globals';
import { coverageOf, figures, linesOf, refusal } from './test-support.ts';

const metrics = (statements: string, conditionals = '0/0', methods = '0/0'): string => {
  const attributes = Object.entries({ statements, conditionals, methods }).map(([name, text]) => {
    const [covered, total] = text.split('/');
    return `${name}="${total}" covered${name}="${covered}"`;
  });
  return `<metrics ${attributes.join(' ')}/>`;
};
const report = (project: string): string =>
  `<?xml version="1.0"?>\n<coverage generated="1" clover="3.2.0"><project timestamp="1">${project}</project></coverage>\n`;
const istanbul = report(
  `${metrics('2/3', '1/4', '1/2')}<file name="a.js" path="/work-tree/src/a.js">` +
    `${metrics('2/3', '1/4', '1/2')}<line num="3" count="1" type="cond" truecount="1" falsecount="3"/>` +
    '<line num="4" count="7" type="stmt"/><line num="9" count="0" type="stmt"/></file>',
);

describe('Clover', () => {
  it('counts lines by themselves, branches and functions by the sums of the file', async () => {
    const coverage = await coverageOf(istanbul);
    expect(figures(coverage)).toBe('line 2/3, branch 1/4, function 1/2');
    expect(linesOf(coverage, 'src/a.js')).toEqual({ covered: [3, 4], uncovered: [9] });
  });

  it('does not offer statements, which are lines for some tools', async () => {
    expect((await coverageOf(istanbul)).reports[0]?.gives.has('statement')).toBe(false);
  });

  it('reads files in packages, without a path, with classes and first lines of methods', async () => {
    // PHPUnit
    const text = report(
      '<package name="App"><file name="/work-tree/src/A.php"><class name="App\\A">' +
        `${metrics('9/9')}</class><line num="3" type="method" name="run" count="2"/>` +
        `<line num="5" type="stmt" count="2"/>${metrics('1/1', '0/0', '1/1')}</file></package>` +
        metrics('1/1', '0/0', '1/1'),
    );
    const coverage = await coverageOf(text);
    expect(figures(coverage)).toBe('line 1/1, function 1/1');
    expect(linesOf(coverage, 'src/A.php').covered).toEqual([5]);
  });

  it('takes the first line of a method for code when a statement stands there', async () => {
    const text = report(
      `<file name="src/A.php"><line num="3" type="method" count="0"/>${metrics('0/1', '0/0', '0/1')}</file>`,
    );
    expect(figures(await coverageOf(text))).toBe('line 0/1, function 0/1');
  });

  it('leaves out conditions without a count, and the coverage of the tests', async () => {
    // OpenClover, gcovr
    const text =
      `<coverage clover="4"><project timestamp="1"><file name="A.java" path="/work-tree/A.java">` +
      '<line num="3" type="stmt" count="1"/><line num="3" type="cond" truecount="1" falsecount="0"/>' +
      `</file></project><testproject timestamp="1">${metrics('0/5')}<file name="T.java" path="T.java">` +
      '<line num="1" type="stmt" count="1"/></file></testproject></coverage>\n';
    const coverage = await coverageOf(text);
    expect(figures(coverage)).toBe('line 1/1');
    expect(coverage.file('T.java')).toBeUndefined();
  });

  it.each([
    ['a project that contradicts its files', istanbul.replace('statements="3"', 'statements="4"')],
    ['more covered than there is', istanbul.replaceAll('coveredmethods="1"', 'coveredmethods="3"')],
    [
      'fewer lines than statements',
      report(`<file name="a"><line num="1" type="stmt" count="1"/>${metrics('5/5')}</file>`),
    ],
  ])('refuses %s', async (_, text) => {
    expect(await refusal(text)).toContain('report-contradictory');
  });

  it.each([
    ['no line number', '<line count="1" type="stmt"/>'],
    ['no count', '<line num="1" type="stmt"/>'],
    ['an unknown type', '<line num="1" count="1" type="other"/>'],
    ['metrics that are no numbers', '<metrics statements="x"/>'],
  ])('refuses %s', async (_, content) => {
    expect(await refusal(report(`<file name="a">${content}</file>`))).toContain('report-malformed');
  });

  it('refuses a file without a name', async () => {
    expect(await refusal(report('<file path=""/>'))).toContain('a file without a name');
  });
});
