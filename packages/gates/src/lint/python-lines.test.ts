import { describe, expect, it } from '@jest/globals';
import { refusal, refusalOf, inShort, readLines, readLint } from './test-support.ts';

describe('flake8 text', () => {
  it('reads findings, all of them errors, because flake8 fails for each', async () => {
    const { items, evidence } = await readLines(
      "./app/a.py:2:1: F401 'os' imported but unused",
      'C:\\work-tree\\app\\b.py:13:80: W291 trailing: whitespace',
      '../outside.py:1:1: ABC123 of a plugin',
    );
    expect(inShort(items)).toEqual([
      'F401 error app/a.py:2:1',
      'W291 error app/b.py:13:80',
      'ABC123 error ',
    ]);
    expect(evidence).toMatchObject({ format: 'flake8', items: 3 });
    expect(items[1]?.message).toBe('trailing: whitespace');
  });

  it('does not take a syntax error or an unreadable file for a finding', async () => {
    const { items } = await readLines(
      'app/bad.py:1:13: E999 SyntaxError: invalid syntax',
      'app/gone.py:0:1: E902 FileNotFoundError: [Errno 2] No such file',
    );
    expect(inShort(items)).toEqual([
      'not-analysed E999 error app/bad.py:1:13',
      'not-analysed E902 error app/gone.py::1',
    ]);
  });

  it('reads sources, statistics and the count', async () => {
    const { items } = await readLines(
      'a.py:1:1: F401 unused',
      'import os',
      '^',
      'a.py:9:5: F401 unused',
      '    """text: a.py of',
      '    two lines"""',
      '    ^',
      '2     F401 unused',
      '2',
    );
    expect(items).toHaveLength(2);
  });

  it('reads two runs, one after the other', async () => {
    const { items } = await readLines(
      'a.py:1:1: E999 x',
      '1',
      'a.py:1:1: F401 x',
      'a.py:2:1: F401 x',
      '2',
    );
    expect(items).toHaveLength(3);
  });

  it.each([
    [
      'statistics that the lines do not make',
      '3     F401 unused',
      'report-contradictory',
      ':2: says 3',
    ],
    ['a count that the lines do not make', '7', 'report-contradictory', ':2: says 7'],
    ['a line of another tool', 'Found 1 error.', 'report-malformed', 'report:2: no line'],
  ])('refuses %s', async (_, line, reasonCode, message) => {
    expect(await refusalOf(readLines('a.py:1:1: F401 unused', line))).toMatchObject(
      refusal(reasonCode, message),
    );
  });

  it('refuses a strange line between findings', async () => {
    const reading = readLines('a.py:1:1: F401 x', 'what?', 'a.py:2:1: F401 x');
    expect(await refusalOf(reading)).toMatchObject(refusal('report-malformed', 'report:2'));
  });
});

describe('pylint text', () => {
  const header = '************* Module app.a';
  const rating = [
    '',
    '-----------------------------------',
    'Your code has been rated at 2.14/10',
    '',
  ];

  it('reads every category, by the symbol of the rule', async () => {
    const { items, evidence } = await readLines(
      header,
      'app/a.py:13:12: C0303: Trailing whitespace (trailing-whitespace)',
      'app/a.py:6:0: W0102: Dangerous default [] (dangerous-default-value)',
      'app/a.py:6:0: R0913: Too many arguments (6/5) (too-many-arguments)',
      "app/a.py:12:15: E0602: Undefined variable 'x' (undefined-variable)",
      'app/a.py:1:0: I0011: Locally disabling (locally-disabled)',
      "app/a.py:1:0: I0020: Suppressed 'unused-import' (suppressed-message)",
      ...rating,
    );
    expect(inShort(items)).toEqual([
      'trailing-whitespace note app/a.py:13:13',
      'dangerous-default-value warning app/a.py:6:1',
      'too-many-arguments note app/a.py:6:1',
      'undefined-variable error app/a.py:12:16',
      'locally-disabled note app/a.py:1:1',
      'suppressed suppressed-message note app/a.py:1:1',
    ]);
    expect(items[2]?.message).toBe('Too many arguments (6/5)');
    expect(evidence).toMatchObject({ format: 'pylint', items: 6 });
  });

  it('does not take a syntax error or a fatal message for a finding', async () => {
    const { items } = await readLines(
      header,
      "app/a.py:1:12: E0001: Parsing failed: 'invalid syntax' (syntax-error)",
      'app/b.py:1:0: F0001: No module named app/b.py (fatal)',
    );
    expect(items.map(({ kind }) => kind)).toEqual(['not-analysed', 'not-analysed']);
  });

  it('is clean with a rating and nothing else', async () => {
    const previous = 'Your code has been rated at 10.00/10 (previous run: 9.50/10, +0.50)';
    const { evidence } = await readLines('', '-----', previous, '');
    expect(evidence).toMatchObject({ format: 'pylint', items: 0 });
  });

  it('reads messages of several lines', async () => {
    const { items } = await readLines(
      header,
      'app/a.py:1:0: R0801: Similar lines in 2 files',
      '==app.b:[1:3]',
      '==app.c:[7:9]',
      'return (value)',
      'call(x) (duplicate-code)',
      'app/a.py:2:0: W0611: Unused import os (unused-import)',
      ...rating,
    );
    expect(items.map(({ ruleId }) => ruleId)).toEqual(['duplicate-code', 'unused-import']);
  });

  it.each([
    ['a line that it does not know', [header, 'Report', ...rating], 'report:2: no line'],
    [
      'a message without its symbol',
      [header, 'app/a.py:1:0: W0611: Unused imp'],
      'report:2: cut off',
    ],
    ['what follows the rating', [header, ...rating, header], 'report:6: goes on after the rating'],
  ])('refuses %s', async (_, lines, message) => {
    expect(await refusalOf(readLines(...lines))).toMatchObject(
      refusal('report-malformed', message),
    );
  });
});

describe('mypy text', () => {
  const error = 'app/a.py:18: error: Incompatible types  [assignment]';
  const found = 'Found 1 error in 1 file (checked 2 source files)';

  it('reads lines with and without columns and codes', async () => {
    const { items, evidence } = await readLines(
      error,
      'app/a.py:19:12: error: Bad return',
      'app/b.py:3:1:3:9: error: Too many arguments  [call-arg]',
      'Found 3 errors in 2 files (checked 2 source files)',
    );
    expect(inShort(items)).toEqual([
      'assignment error app/a.py:18',
      'mypy error app/a.py:19:12',
      'call-arg error app/b.py:3:1',
    ]);
    expect(evidence).toMatchObject({ format: 'mypy', items: 3 });
  });

  it('attaches notes to the error at their place, and keeps others', async () => {
    const { items } = await readLines(
      'app/a.py:4: note: Revealed type is "int"',
      'app/a.py: note: In function "f":',
      error,
      'app/a.py:18: note: See the documentation',
      found,
    );
    expect(inShort(items)).toEqual(['note note app/a.py:4', 'assignment error app/a.py:18']);
  });

  it('is clean with its summary alone', async () => {
    const { evidence } = await readLines('Success: no issues found in 1 source file');
    expect(evidence).toMatchObject({ format: 'mypy', items: 0 });
  });

  it('does not take syntax errors, or a run that stopped, for findings', async () => {
    const stopped = 'Found 1 error in 1 file (errors prevented further checking)';
    const { items } = await readLines('app/a.py:1: error: Expected `)`  [syntax]', stopped);
    expect(inShort(items)).toEqual([
      'not-analysed syntax error app/a.py:1',
      'not-analysed mypy error ',
    ]);
    // mypy writes what stops it to the other stream.
    expect((await readLines(stopped)).items).toMatchObject([{ kind: 'not-analysed' }]);
  });

  it('reads --pretty, where messages go on in further lines', async () => {
    const { items } = await readLines(
      'app/a.py:18: error: Incompatible types in assignment (expression has',
      'type "int", variable has type "str")  [assignment]',
      '        value: str = number',
      '                     ^~~~~~',
      'app/a.py:20: error: Expected a parameter or the end of the list ',
      '[misc]',
      '    def broken(:',
      '                ^',
      'Found 2 errors in 1 file (checked 2 source files)',
    );
    expect(items.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([
      'assignment: Incompatible types in assignment (expression has type "int", variable has type "str")',
      'misc: Expected a parameter or the end of the list',
    ]);
  });

  it.each([
    ['no summary', [error], 'report-malformed', /report:1: cut off/],
    [
      'more errors than the summary says',
      [error, error, found],
      'report-contradictory',
      /2 errors in 1/,
    ],
    ['fewer errors than the summary says', [found], 'report-contradictory', /0 errors in 0/],
    [
      'more files than the summary says',
      [error, 'app/b.py:1: error: x', 'Found 2 errors in 1 file (checked 2 source files)'],
      'report-contradictory',
      /2 errors in 2 files/,
    ],
    [
      'errors in spite of success',
      [error, 'Success: no issues found in 1 source file'],
      'report-contradictory',
      /1 errors/,
    ],
    ['no file', ['Success: no issues found in 0 source files'], 'not-analysed', /no file/],
    [
      'a line that it does not know',
      [error, 'what?', found],
      'report-malformed',
      /report:2: no line/,
    ],
    ['more after its summary', [error, found, error], 'report-malformed', /report:3: goes on/],
  ])('refuses %s', async (_, lines, reasonCode, message) => {
    expect(await refusalOf(readLines(...lines))).toMatchObject(refusal(reasonCode, message));
  });

  it('reads Windows line ends', async () => {
    const { items } = await readLint(`${error}\r\n${found}\r\n`);
    expect(inShort(items)).toEqual(['assignment error app/a.py:18']);
  });
});
