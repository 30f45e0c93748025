import { describe, expect, it } from '@jest/globals';
import { casesOf, outcomesOf, read, source } from '../test-support.ts';

const suite = (content: string, header = ''): string =>
  `<?xml version="1.0"?>\n<testsuites><testsuite name="s" ${header}>${content}</testsuite></testsuites>`;

describe('where cases stand', () => {
  it('reads them in suites at any depth (F2)', async () => {
    const text = `<testsuites>
      <testsuite name="a"><testcase name="1"/>
        <testsuite name="b"><testcase name="2"/>
          <testsuite name="c"><testcase name="3"/><testcase name="4"><failure message="no"/></testcase></testsuite>
        </testsuite>
      <testcase name="5"/></testsuite></testsuites>`;
    const cases = await casesOf(text);
    expect(cases.map(({ suite: path, name }) => `${path}/${name}`)).toEqual([
      'a/1',
      'a.b/2',
      'a.b.c/3',
      'a.b.c/4',
      'a/5',
    ]);
    expect(cases[3]).toMatchObject({ outcome: 'failed', message: 'no' });
  });

  it('reads them directly under the root, beside suites (F2)', async () => {
    const text =
      '<testsuites><testcase name="1"/><testsuite><testcase name="2"/></testsuite></testsuites>';
    expect(await outcomesOf(text)).toEqual(['1: passed', '2: passed']);
  });

  it('reads a suite that is the root', async () => {
    expect(await outcomesOf('<testsuite tests="1"><testcase name="1"/></testsuite>')).toEqual([
      '1: passed',
    ]);
  });

  it('counts every case whatever is shown of it (F1)', async () => {
    const passes = Array.from({ length: 15 }, (_, index) => `<testcase name="p${index}"/>`).join(
      '',
    );
    const text = suite(
      `${passes}<testcase name="f"><failure/></testcase>`,
      'tests="16" failures="1"',
    );
    const outcomes = await outcomesOf(text);
    expect(outcomes).toHaveLength(16);
    expect(outcomes.at(-1)).toBe('f: failed');
  });

  it('takes a failure that stands directly in a suite for an errored test', async () => {
    const text = suite('<error message="cannot import ./gone.js"/>', 'tests="0" errors="1"');
    expect(await casesOf(text)).toEqual([
      {
        identity: '|s|(suite)',
        name: '(suite)',
        suite: 's',
        outcome: 'errored',
        message: 'cannot import ./gone.js',
      },
    ]);
  });

  it.each(['testcase', 'testsuite'])('refuses a <%s> inside a case', async (tag) => {
    await expect(
      casesOf(suite(`<testcase name="1"><${tag} name="2"/></testcase>`)),
    ).rejects.toThrow(`junit.xml:2:`);
  });
});

describe('what a case came to', () => {
  it.each([
    ['', 'passed'],
    [
      '<system-out>ok</system-out><properties><property name="failure" value="1"/></properties>',
      'passed',
    ],
    ['<failure/>', 'failed'],
    ['<error/>', 'errored'],
    ['<skipped/>', 'skipped'],
    ['<failure/><error/>', 'failed'],
    ['<failure/><failure/>', 'failed'],
    ['<skipped/><error/>', 'errored'],
    ['<skipped/><failure/>', 'failed'],
    ['<skipped type="todo"/><failure/>', 'skipped'],
    ['<flakyFailure/>', 'flaky'],
    ['<flakyError/>', 'flaky'],
    ['<flakyFailure/><failure/>', 'failed'],
    ['<failure/><rerunFailure/>', 'failed'],
    ['<error/><rerunError/>', 'errored'],
    ['<rerunFailure/>', 'failed'],
  ])('%s is %s', async (content, outcome) => {
    expect(await outcomesOf(suite(`<testcase name="t">${content}</testcase>`))).toEqual([
      `t: ${outcome}`,
    ]);
  });

  it.each([
    ['status="disabled"', 'skipped'],
    ['status="notrun" result="suppressed"', 'skipped'],
    ['status="ignored"', 'skipped'],
    ['status="run" result="completed"', 'passed'],
    ['status="fail"', 'failed'],
    ['status="error"', 'failed'],
  ])('with %s it is %s', async (attributes, outcome) => {
    expect(await outcomesOf(suite(`<testcase name="t" ${attributes}/>`))).toEqual([
      `t: ${outcome}`,
    ]);
  });

  it('takes the message from the attribute, else from the text, else from the type', async () => {
    const text = suite(`
      <testcase name="1"><failure message="attribute" type="E">text</failure></testcase>
      <testcase name="2"><failure type="E"><![CDATA[first
second]]></failure></testcase>
      <testcase name="3"><failure type="exit code 3"/></testcase>
      <testcase name="4"><failure/></testcase>`);
    const cases = await casesOf(text);
    expect(cases.map(({ message }) => message)).toEqual([
      'attribute',
      'first second',
      'exit code 3',
      undefined,
    ]);
  });
});

it('does not take output for what a failure says', async () => {
  const text = suite('<testcase name="t"><failure/><system-out>noise</system-out></testcase>');
  expect((await casesOf(text))[0]).not.toHaveProperty('message');
});

describe('names', () => {
  it('gives a case without a name one by its class and number', async () => {
    const text = suite('<testcase classname="C"/><testcase classname="C" name=""/><testcase/>');
    expect((await casesOf(text)).map(({ identity }) => identity)).toEqual([
      '|C|(unnamed)',
      '|C|(unnamed 2)',
      '|s|(unnamed 3)',
    ]);
  });

  it('makes names and messages safe to show', async () => {
    const text = suite(
      '<testcase name="a&#10;::error::b \u001b[31mred\u001b[0m \u202eabc" classname="&#x85;C"><failure message="x&#13;&#10;::set-output name=y::z"/></testcase>',
    );
    const [testCase] = await casesOf(text);
    expect(testCase).toMatchObject({
      name: 'a ::error::b red abc',
      suite: 'C',
      message: 'x ::set-output name=y::z',
    });
  });

  it('keeps long names apart that differ at the end only', async () => {
    const long = 'x'.repeat(5000);
    const cases = await casesOf(suite(`<testcase name="${long}1"/><testcase name="${long}2"/>`));
    expect(new Set(cases.map(({ identity }) => identity)).size).toBe(2);
    expect(Math.max(...cases.map(({ identity }) => identity.length))).toBeLessThan(400);
  });

  it('keeps the file of a case or of its suite if it is in the tree', async () => {
    const text = `<testsuite name="s" file="/work-tree/src/s.ts">
      <testcase name="1" classname="C"/>
      <testcase name="2" classname="C" file="./src/b.ts" line="7"><failure/></testcase>
      <testcase name="3" classname="C" file="../../etc/passwd" line="7"><failure/></testcase>
    </testsuite>`;
    const cases = await casesOf(text);
    expect(cases.map(({ identity }) => identity)).toEqual(['src/s.ts|C|1', 'src/b.ts|C|2', '|C|3']);
    expect(cases[1]).toMatchObject({ path: 'src/b.ts', line: 7 });
    expect(cases[2]).not.toHaveProperty('path');
    expect(cases[2]).not.toHaveProperty('line');
  });
});

describe('a header that contradicts the cases', () => {
  it.each([
    ['tests="2"', 'tests="2", but the cases come to 1'],
    ['tests="0"', 'tests="0", but the cases come to 1'],
    ['failures="1"', 'failures="1", but the cases come to 0'],
    ['errors="3"', 'errors="3", but the cases come to 0'],
    ['skipped="1"', 'skipped="1", but the cases come to 0'],
    ['skipped="0" disabled="1"', 'skipped="1", but the cases come to 0'],
  ])('is refused: %s', async (header, problem) => {
    const reading = casesOf(suite('<testcase name="1"/>', header));
    await expect(reading).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
    await expect(reading).rejects.toThrow(`junit.xml:2:`);
    await expect(reading).rejects.toThrow(problem);
  });

  it('is refused when it has failures and no case at all (F3)', async () => {
    const text = '<testsuites><testsuite name="s" tests="1" failures="1"></testsuite></testsuites>';
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });

  it('is refused when a failing case is not in it', async () => {
    const text = suite('<testcase name="1"><failure/></testcase>', 'tests="1" failures="0"');
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-contradictory' });
  });

  it('is checked at the root against all suites', async () => {
    const two = '<testsuite tests="1"><testcase name="1"/></testsuite>'.repeat(2);
    await expect(casesOf(`<testsuites tests="2">${two}</testsuites>`)).resolves.toHaveLength(2);
    await expect(casesOf(`<testsuites tests="3">${two}</testsuites>`)).rejects.toThrow('tests="3"');
  });

  it.each(['many', '-1', '1.0', ''])('with the number "%s" is malformed', async (number) => {
    await expect(casesOf(suite('', `tests="${number}"`))).rejects.toMatchObject({
      reasonCode: 'report-malformed',
    });
  });
});

describe('a report that is no evidence', () => {
  it('is refused when it was cut off after whole cases (F4)', async () => {
    const text = '<testsuites><testsuite name="pytest"><testcase name="1"/><testcase name="2"/>';
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-malformed' });
  });

  it('is refused when an attribute has a name that the parser stumbles over', async () => {
    const text = suite('<testcase hasOwnProperty="1" name="2"/>');
    await expect(casesOf(text)).rejects.toMatchObject({ reasonCode: 'report-malformed' });
  });

  it('is refused when it is XML of something else', async () => {
    await expect(casesOf('<coverage/>')).rejects.toMatchObject({
      reasonCode: 'report-unrecognised',
    });
  });

  it('does not keep what a hostile nesting of names makes long', async () => {
    const name = 'n'.repeat(5000);
    const depth = 200;
    const text = `${`<testsuite name="${name}">`.repeat(depth)}<testcase name="t"/>${'</testsuite>'.repeat(depth)}`;
    const [testCase] = await casesOf(text);
    expect(testCase?.identity.length).toBeLessThan(1000);
  });
});

it('says how many cases it gave out', async () => {
  const text = suite('<testcase name="1"/><testcase name="2"/>');
  const evidence = await read(source(text, 'a/b.xml'), () => {});
  expect(evidence).toMatchObject({ path: 'a/b.xml', format: 'junit', items: 2 });
});
