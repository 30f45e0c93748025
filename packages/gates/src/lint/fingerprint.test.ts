import { describe, expect, it } from '@jest/globals';
import type { LineText } from './fingerprint.ts';
import type { SeenLintItem } from './lint-item.ts';
import { itemAt, judge } from './test-support.ts';

const linesOf =
  (...lines: readonly string[]): LineText =>
  (_path, line) =>
    lines[line - 1];
const fingerprints = (items: readonly SeenLintItem[], lineText: LineText): string[] =>
  judge(items, { lineText })
    .findings.map(({ fingerprint }) => fingerprint)
    .toSorted();

const nothing: LineText = () => undefined;

describe('the fingerprint of a lint finding', () => {
  const before = linesOf('let a;', 'let b;');

  it('stays when the line moves or is indented', () => {
    const after = linesOf('', '// new', '\t let  a;', 'let b;');
    expect(fingerprints([itemAt(1)], before)).toEqual(fingerprints([itemAt(3)], after));
  });

  it.each([
    ['rule', { ruleId: 'other' }],
    ['path', { path: 'src/b.ts' }],
  ])('changes with the %s', (_, more) => {
    expect(fingerprints([itemAt(1)], before)).not.toEqual(fingerprints([itemAt(1, more)], before));
  });

  it('changes with the text of the line, not with the message', () => {
    const text = fingerprints([itemAt(1)], before);
    expect(fingerprints([itemAt(2)], before)).not.toEqual(text);
    expect(fingerprints([itemAt(1, { message: 'said otherwise' })], before)).toEqual(text);
  });

  it('tells equal lines apart by their order', () => {
    const twice = linesOf('let a;', 'let a;');
    const two = fingerprints([itemAt(1), itemAt(2)], twice);
    expect(new Set(two).size).toBe(2);
    expect(fingerprints([itemAt(2), itemAt(1)], twice)).toEqual(two);
    expect(two).toContain(fingerprints([itemAt(1)], twice)[0]);
  });

  it('takes what the report quotes, what the tool gives, or the message where no text is known', () => {
    const quoted = itemAt(7, { lineText: '  let a;' });
    expect(fingerprints([quoted], nothing)).toEqual(fingerprints([itemAt(1)], before));
    const given = (line: number, fingerprint: string): string[] =>
      fingerprints([itemAt(line, { fingerprint })], nothing);
    expect(given(1, 'x')).toEqual(given(9, 'x'));
    expect(given(1, 'x')).not.toEqual(given(1, 'y'));
    expect(fingerprints([itemAt(1)], nothing)).toEqual(fingerprints([itemAt(5)], nothing));
  });
});

describe('one root cause in two reports', () => {
  const other = { seenIn: 'b.sarif', tool: 'other' };

  it('is one finding that both have', () => {
    const judgement = judge([itemAt(1), itemAt(1, { ...other, column: 9 })]);
    expect(judgement.findings).toMatchObject([{ seenIn: ['b.sarif', 'report.json'] }]);
    expect(judgement.counts).toMatchObject({ error: 1 });
  });

  it('has the gravest of the levels', () => {
    const judgement = judge([
      itemAt(1, { level: 'note' }),
      itemAt(1, { ...other, level: 'warning' }),
    ]);
    expect(judgement.findings).toMatchObject([{ level: 'warning' }]);
  });

  it('is open when one of them shows it as open', () => {
    const judgement = judge([itemAt(1), itemAt(1, { ...other, kind: 'suppressed' })]);
    expect(judgement.counts).toMatchObject({ error: 1, suppressed: 0 });
    const graver = judge([
      itemAt(1, { level: 'note' }),
      itemAt(1, { ...other, kind: 'suppressed', level: 'error' }),
    ]);
    expect(graver.counts).toMatchObject({ note: 1, suppressed: 0 });
  });

  it('does not hide behind what was not analysed', () => {
    const judgement = judge([itemAt(1), itemAt(1, { ...other, kind: 'not-analysed' })]);
    expect(judgement.counts).toMatchObject({ error: 1, notAnalysed: 1 });
  });

  it('does not make two findings of one report one', () => {
    expect(judge([itemAt(1), itemAt(1)]).findings).toHaveLength(2);
  });
});
