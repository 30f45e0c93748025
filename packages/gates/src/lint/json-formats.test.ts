import { describe, expect, it } from '@jest/globals';
import { refusal, refusalOf, inShort, readJson, readLint } from './test-support.ts';

type Json = Readonly<Record<string, unknown>>;

const message = (more: Json = {}): Json => ({
  ruleId: 'eqeqeq',
  severity: 2,
  message: 'Expected ===',
  line: 4,
  column: 7,
  ...more,
});
const fatal = message({ ruleId: null, fatal: true, message: 'Parsing error: Unexpected token' });
const file = (messages: readonly Json[], more: Json = {}): Json => ({
  filePath: '/work-tree/src/a.js',
  messages,
  ...more,
});

describe('ESLint JSON', () => {
  it('gives every message its level and place', async () => {
    const { items, evidence } = await readJson([
      file([message(), message({ severity: 1, line: 0, column: undefined })]),
      file([], { filePath: '/work-tree/src/clean.js' }),
    ]);
    expect(inShort(items)).toEqual(['eqeqeq error src/a.js:4:7', 'eqeqeq warning src/a.js']);
    expect(evidence).toMatchObject({ format: 'eslint-json', items: 2 });
  });

  it('does not take a syntax error for a finding', async () => {
    const { items } = await readJson([file([fatal])]);
    expect(inShort(items)).toEqual(['not-analysed fatal error src/a.js:4:7']);
  });

  it('counts what was suppressed', async () => {
    const { items } = await readJson([file([], { suppressedMessages: [message()] })]);
    expect(inShort(items)).toEqual(['suppressed eqeqeq error src/a.js:4:7']);
  });

  it('gives messages of ESLint itself a rule', async () => {
    const { items } = await readJson([file([message({ ruleId: null, severity: 1 })])]);
    expect(inShort(items)).toEqual(['eslint warning src/a.js:4:7']);
  });

  it('quotes the line from the source in the report', async () => {
    const { items } = await readJson([file([message()], { source: 'a\r\nb\r\nc\r\nif (a == b)' })]);
    expect(items[0]?.lineText).toBe('if (a == b)');
  });

  it.each([
    ['errorCount', { errorCount: 0 }],
    ['warningCount', { errorCount: 2, warningCount: 1 }],
    ['fatalErrorCount', { errorCount: 2, warningCount: 0, fatalErrorCount: 0 }],
  ])('refuses an %s that its messages do not make', async (name, counts) => {
    const reading = readJson([file([]), file([message(), fatal], counts)]);
    expect(await refusalOf(reading)).toMatchObject(refusal('report-contradictory', `[1].${name}`));
  });

  it.each([
    [
      'a severity that is none',
      [file([message({ severity: 3 })])],
      /\[0\]\.messages\[0\]\.severity/,
    ],
    ['a message without text', [file([message({ message: 3 })])], /\.messages\[0\]\.message/],
    ['a file without messages', [{ filePath: 'a.js' }], /\[0\]\.messages/],
    ['a file that is none', [file([]), null], /\[1\]/],
  ])('refuses %s', async (_, document, place) => {
    expect(await refusalOf(readJson(document))).toMatchObject(refusal('report-malformed', place));
  });

  it('refuses a list without files when it is said to be of ESLint', async () => {
    const reading = readLint('[]', { declared: 'eslint-json' });
    expect(await refusalOf(reading)).toMatchObject(refusal('not-analysed', /no file/));
  });
});

const entry = (more: Json = {}): Json => ({
  cell: null,
  code: 'F401',
  filename: '/work-tree/app/a.py',
  location: { row: 1, column: 8 },
  message: '`os` imported but unused',
  ...more,
});

describe('ruff JSON', () => {
  it('takes an empty list for a clean run', async () => {
    expect((await readLint('[]\n', { declared: 'ruff-json' })).evidence).toMatchObject({
      format: 'ruff-json',
      items: 0,
    });
  });

  it.each([
    ['no severity, in old versions', {}, 'F401 error app/a.py:1:8'],
    ['severity error', { severity: 'error' }, 'F401 error app/a.py:1:8'],
    ['severity warning', { severity: 'warning' }, 'F401 warning app/a.py:1:8'],
    ['severity info', { severity: 'info' }, 'F401 note app/a.py:1:8'],
    ['no code, in old versions', { code: null }, 'not-analysed invalid-syntax error app/a.py:1:8'],
    [
      'a syntax error',
      { code: 'invalid-syntax' },
      'not-analysed invalid-syntax error app/a.py:1:8',
    ],
    ['a file that it could not read', { code: 'E902' }, 'not-analysed E902 error app/a.py:1:8'],
    ['a file outside of the tree', { filename: '/etc/passwd' }, 'F401 error '],
  ])('reads an entry with %s', async (_, more, expected) => {
    expect(inShort((await readJson([entry(more)])).items)).toEqual([expected]);
  });

  it('tells the cell of a notebook in the message', async () => {
    const { items } = await readJson([entry({ cell: 2, filename: 'app/nb.ipynb' })]);
    expect(inShort(items)).toEqual(['F401 error app/nb.ipynb']);
    expect(items[0]?.message).toBe('cell 2, line 1: `os` imported but unused');
  });

  it.each([
    ['a severity that is none', { severity: 'odd' }, /\[1\]\.severity/],
    ['no location', { location: null }, /\[1\]\.location/],
    ['no file', { filename: undefined }, /\[1\]\.filename/],
  ])('refuses %s', async (_, more, place) => {
    expect(await refusalOf(readJson([entry(), entry(more)]))).toMatchObject(
      refusal('report-malformed', place),
    );
  });
});
