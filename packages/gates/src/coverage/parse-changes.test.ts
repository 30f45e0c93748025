import { describe, expect, it } from '@jest/globals';
import { parseChanges } from './parse-changes.ts';

const file = (path: string, ...hunks: readonly string[]): string =>
  [
    `diff --git a/${path} b/${path}`,
    'index 1..2 100644',
    `--- a/${path}`,
    `+++ b/${path}`,
    ...hunks,
    '',
  ].join('\n');
const plain = (diff: string): [string, readonly number[]][] => [...parseChanges(diff)];

describe('parseChanges', () => {
  it('gives added and altered lines, and no deleted ones', () => {
    const diff =
      file('src/a.py', '@@ -2,2 +2,3 @@ def f():', '-old', '-old', '+new', '+new', '+new') +
      file('src/b.py', '@@ -7 +6,0 @@', '-gone') +
      file('src/c.py', '@@ -1,0 +2 @@', '+one', '@@ -9 +11 @@', '-x', '+y');
    expect(plain(diff)).toEqual([
      ['src/a.py', [2, 3, 4]],
      ['src/c.py', [2, 11]],
    ]);
  });

  it('is not confused by lines that look like headers, or by a missing end of line', () => {
    const diff = file(
      'a.py',
      '@@ -2,2 +2,4 @@ one',
      '--- a/foo',
      '-three',
      '+++ b/bar',
      '+@@ -1 +1 @@',
      '+diff --git a/z b/z',
      '+three',
      '\\ No newline at end of file',
    );
    expect(plain(diff)).toEqual([['a.py', [2, 3, 4, 5]]]);
  });

  it('takes new files, and neither deleted, renamed nor binary ones', () => {
    const diff = [
      'diff --git a/new.py b/new.py',
      'new file mode 100644',
      'index 0..1',
      '--- /dev/null',
      '+++ b/new.py',
      '@@ -0,0 +1,2 @@',
      '+n1',
      '+n2',
      'diff --git a/gone.py b/gone.py',
      'deleted file mode 100644',
      'index 1..0',
      '--- a/gone.py',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
      'diff --git a/ren.py b/ren2.py',
      'similarity index 100%',
      'rename from ren.py',
      'rename to ren2.py',
      'diff --git a/b.bin b/b.bin',
      'index 8352675..eaf36c1 100644',
      'Binary files a/b.bin and b/b.bin differ',
      '',
    ].join('\n');
    expect(plain(diff)).toEqual([['new.py', [1, 2]]]);
  });

  it('decodes names that git quotes', () => {
    const quoted = [
      String.raw`diff --git "a/we\"i\\rd \t\001é.py" "b/we\"i\\rd \t\001é.py"`,
      'index 1..2 100644',
      String.raw`--- "a/we\"i\\rd \t\001é.py"`,
      String.raw`+++ "b/we\"i\\rd \t\001é.py"`,
      '@@ -1,0 +2 @@ x',
      '+y',
      '',
    ].join('\n');
    expect(plain(quoted)).toEqual([['we"i\\rd \t\u0001é.py', [2]]]);
    expect(
      plain(file('sp ace.py', '@@ -1,0 +2 @@ x', '+y').replaceAll('.py\n', '.py\t\n')),
    ).toEqual([['sp ace.py', [2]]]);
  });

  it('gives nothing for no change', () => {
    expect(plain('')).toEqual([]);
    expect(plain('\n')).toEqual([]);
  });

  it.each([
    ['another text', 'fatal: bad revision'],
    ['a diff that is cut off', file('a.py', '@@ -1,0 +2,3 @@', '+one')],
    ['a diff that is cut off at its head', '+one\n+two\n'],
  ])('refuses %s', (_, diff) => {
    expect(() => parseChanges(diff)).toThrow('The diff cannot be read');
    expect(() => parseChanges(diff)).toThrow(
      expect.objectContaining({ reasonCode: 'changes-unknown' }),
    );
  });
});
