import { describe, expect, it } from '@jest/globals';
import { coverageOf, figures, linesOf, readAll, refusal } from './test-support.ts';

const counter = (type: string, missed: number, covered: number): string =>
  `<counter type="${type}" missed="${missed}" covered="${covered}"/>`;
const line = (nr: number, ci: number, cb = 0, mb = 0): string =>
  `<line nr="${nr}" mi="2" ci="${ci}" mb="${mb}" cb="${cb}"/>`;
const source = (name: string, content: string): string =>
  `<sourcefile name="${name}">${content}</sourcefile>`;
const inPackage = (content: string): string => `<package name="com/example">${content}</package>`;
const report = (content: string): string =>
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
  '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">' +
  `<report name="sample"><sessioninfo id="x" start="1" dump="2"/>${content}</report>\n`;
const basket = source(
  'Basket.java',
  line(3, 3) + line(5, 1, 1, 3) + line(9, 0) + counter('LINE', 1, 2) + counter('METHOD', 1, 2),
);

describe('JaCoCo', () => {
  it('counts lines by their instructions, branches by line, methods by the sum of the file', async () => {
    const classes =
      '<class name="com/example/Basket" sourcefilename="Basket.java"><method name="total" desc="()I" line="5">' +
      `${counter('LINE', 9, 9)}</method></class>`;
    const coverage = await coverageOf(report(inPackage(classes + basket)));
    expect(figures(coverage)).toBe('line 2/3, branch 1/4, function 2/3');
    expect(linesOf(coverage, 'com/example/Basket.java')).toEqual({
      covered: [3, 5],
      uncovered: [9],
    });
  });

  it.each([
    ['jacoco.xml', 'src/main/java/com/example/Basket.java'],
    ['target/site/jacoco/jacoco.xml', 'src/main/java/com/example/Basket.java'],
    ['shop/build/reports/jacoco/test.xml', 'shop/src/main/kotlin/com/example/Basket.java'],
    ['reports/jacoco.xml', 'shop/src/main/java/com/example/Basket.java'],
    ['reports/jacoco.xml', 'shop/com/example/Basket.java'],
  ])('finds the sources of %s at %s', async (path, expected) => {
    const text = report(
      `<group name="all"><group name="shop">${inPackage(basket)}</group></group>`,
    );
    const exists = (candidate: string): boolean => candidate === expected;
    const { coverage } = await readAll([{ path, text }], { exists });
    expect(coverage.file(expected)).toBeDefined();
  });

  it('keeps modules apart that have a file of one name', async () => {
    const text = report(
      `<group name="a">${inPackage(basket)}</group><group name="b">${inPackage(basket)}</group>`,
    );
    expect(figures(await coverageOf(text))).toBe('line 4/6, branch 2/8, function 4/6');
  });

  it('takes the sum of lines when lines have no instructions', async () => {
    // gcovr
    const text = report(
      inPackage(
        source('a.cpp', `<line nr="3" mb="1" cb="1"/><line nr="4"/>${counter('LINE', 1, 1)}`),
      ),
    );
    const coverage = await coverageOf(text);
    expect(figures(coverage)).toBe('line 1/2, branch 1/2');
    expect(coverage.file('com/example/a.cpp')?.numbered).toBe(false);
  });

  it('refuses a counter that contradicts the lines', async () => {
    const text = report(inPackage(source('A.java', line(3, 1) + counter('LINE', 0, 5))));
    expect(await refusal(text)).toContain('A.java: 5 of 5 lines, but 1 of 1 are listed');
  });

  it.each([
    ['a line without number', '<line mi="0" ci="1"/>'],
    ['instructions that are no number', '<line nr="1" mi="0" ci="x"/>'],
    ['branches that are no number', '<line nr="1" mi="0" ci="1" mb="-1" cb="0"/>'],
    ['a counter without numbers', '<counter type="LINE"/>'],
  ])('refuses %s', async (_, content) => {
    expect(await refusal(report(inPackage(source('A.java', content))))).toContain(
      'report-malformed',
    );
  });

  it('refuses a source file without a name', async () => {
    expect(await refusal(report(inPackage(source('', ''))))).toContain('report-malformed');
  });
});
