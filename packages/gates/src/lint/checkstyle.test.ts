import { describe, expect, it } from '@jest/globals';
import { refusal, refusalOf, inShort, readLint } from './test-support.ts';

const report = (body: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<checkstyle version="4.3">${body}</checkstyle>\n`;
const file = (body: string, name = '/work-tree/src/A.java'): string =>
  `<file name="${name}">${body}</file>`;
const error = (attributes: string): string => `<error ${attributes}/>`;

describe('Checkstyle XML', () => {
  it.each([
    ['error', 'R error src/A.java:3:5'],
    ['warning', 'R warning src/A.java:3:5'],
    ['info', 'R note src/A.java:3:5'],
    ['ignore', 'suppressed R note src/A.java:3:5'],
  ])('reads the severity %s', async (severity, expected) => {
    const body = error(`line="3" column="5" severity="${severity}" message="m" source="R"`);
    expect(inShort((await readLint(report(file(body)))).items)).toEqual([expected]);
  });

  it.each([
    [
      'line 0',
      error('line="0" column="0" message="m" source="R"'),
      undefined,
      'R error src/A.java',
    ],
    ['no line', error('message="m" source="R"'), undefined, 'R error src/A.java'],
    ['an empty name', error('line="3" message="m" source="R"'), '', 'R error '],
    ['a name outside', error('line="3" message="m" source="R"'), '../../x', 'R error '],
    ['a relative name', error('line="3" message="m" source="R"'), 'src/b.js', 'R error src/b.js:3'],
    ['no source', error('line="3" message="m"'), undefined, 'checkstyle error src/A.java:3'],
  ])('reads %s', async (_, body, name, expected) => {
    expect(inShort((await readLint(report(file(body, name)))).items)).toEqual([expected]);
  });

  it('decodes what XML encodes', async () => {
    const body = error('line="1" message="&lt;a&gt; &amp; &#39;b&#39;&#10;c" source="R"');
    const { items } = await readLint(report(file(body)));
    expect(items[0]?.message).toBe("<a> & 'b' c");
  });

  it('is clean without files or findings', async () => {
    expect((await readLint(report(''))).evidence).toMatchObject({ format: 'checkstyle', items: 0 });
    expect((await readLint(report(file('')))).items).toEqual([]);
  });

  it('does not take a crashed check or a syntax error for a finding', async () => {
    const { items } = await readLint(
      report(
        file('<exception><![CDATA[java.lang.NullPointerException\n at A]]></exception>') +
          file(error('line="2" severity="error" message="Parsing error: x" source=""')),
      ),
    );
    expect(inShort(items)).toEqual([
      'not-analysed exception error src/A.java',
      'not-analysed checkstyle error src/A.java:2',
    ]);
    expect(items[0]?.message).toBe('java.lang.NullPointerException at A');
  });

  it.each([
    ['a severity that is none', file(error('severity="fatal"')), /severity fatal is none of/],
    ['a line that is none', file(error('line="x"')), /x is no line/],
    ['an element that it does not know', file('<warning/>'), /<warning> does not belong/],
    ['a finding outside of a file', error('line="1"'), /<error> does not belong/],
    ['a report in a report', '<checkstyle/>', /<checkstyle> does not belong/],
  ])('refuses %s', async (_, body, message) => {
    expect(await refusalOf(readLint(report(body)))).toMatchObject(
      refusal('report-malformed', message),
    );
  });
});
