import { describe, expect, it } from '@jest/globals';
import { refusal, refusalOf, inShort, readLines } from './test-support.ts';

describe('tsc text', () => {
  const error = "src/a.ts(4,9): error TS6133: 'x' is declared but its value is never read.";

  it('reads errors, warnings and messages that go on in indented lines', async () => {
    const { items, evidence } = await readLines(
      error,
      "src/(group)/[id].tsx(6,3): error TS2322: Type 'A' is not assignable to type 'B'.",
      "  Types of property 'x' are incompatible.",
      "    Type 'number' is not assignable to type 'string'.",
      'C:\\work-tree\\src\\b.ts(1,2): warning TS7000: careful',
    );
    expect(inShort(items)).toEqual([
      'TS6133 error src/a.ts:4:9',
      'TS2322 error src/(group)/[id].tsx:6:3',
      'TS7000 warning src/b.ts:1:2',
    ]);
    expect(items[1]?.message).toBe(
      "Type 'A' is not assignable to type 'B'. Types of property 'x' are incompatible. Type 'number' is not " +
        "assignable to type 'string'.",
    );
    expect(evidence).toMatchObject({ format: 'tsc', items: 3 });
  });

  it('does not take errors of the project or of the parser for findings', async () => {
    const { items } = await readLines(
      "error TS18003: No inputs were found in config file 'tsconfig.json'.",
      "tsconfig.json(1,51): error TS5025: Unknown compiler option 'strct'.",
      "src/a.ts(2,10): error TS1005: ':' expected.",
    );
    expect(inShort(items)).toEqual([
      'not-analysed TS18003 error ',
      'not-analysed TS5025 error tsconfig.json:1:51',
      'not-analysed TS1005 error src/a.ts:2:10',
    ]);
  });

  it('reads --pretty with its colours, excerpts and table of files', async () => {
    const { items } = await readLines(
      '\u001b[96msrc/a.ts\u001b[0m:\u001b[93m5\u001b[0m:\u001b[93m9\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mBad.',
      '  Because of this.',
      '',
      '\u001b[7m5\u001b[0m let c = 1;',
      '\u001b[7m \u001b[0m \u001b[91m    ~\u001b[0m',
      '',
      '  \u001b[96msrc/b.ts\u001b[0m:\u001b[93m11\u001b[0m:\u001b[93m21\u001b[0m',
      '    \u001b[7m11\u001b[0m const shape = 1;',
      '    The expected type comes from here',
      '',
      'src/b.ts:1:1 - error TS2304: Cannot find name.',
      '',
      '',
      'Found 2 errors in 2 files.',
      '',
      'Errors  Files',
      '     1  src/a.ts:5',
      '     1  src/b.ts:1',
    );
    expect(inShort(items)).toEqual(['TS2322 error src/a.ts:5:9', 'TS2304 error src/b.ts:1:1']);
    expect(items[0]?.message).toBe('Bad. Because of this.');
  });

  it.each(['Found 1 error.', 'Found 1 error in src/a.ts:4'])('agrees with "%s"', async (line) => {
    expect((await readLines(error, '', line)).items).toHaveLength(1);
  });

  it.each([
    [
      'a sum that the lines do not make',
      'Found 2 errors.',
      'report-contradictory',
      'report:2: says 2',
    ],
    ['a line that it does not know', 'npm ERR! code 2', 'report-malformed', 'report:2: no line'],
    ['the clock of watch mode', '11:12:02 AM - Starting', 'report-malformed', 'report:2'],
  ])('refuses %s', async (_, line, reasonCode, message) => {
    expect(await refusalOf(readLines(error, line))).toMatchObject(refusal(reasonCode, message));
  });
});

describe('GCC style text', () => {
  it('reads levels and rules, with and without a column', async () => {
    const { items, evidence } = await readLines(
      'src/a.c:3:37: warning: unused variable [-Wunused-variable]',
      "src/a.c:4: error: 'x' undeclared",
      'src/b.c:1:1: error: unused [-Werror=unused-variable]',
      'src/b.c:2:1: error: unused [-Werror,-Wunused-variable]',
      'C:\\work-tree\\src\\c.c:7:2: remark: looks odd',
      '/usr/include/stdio.h:1:1: warning: odd header',
    );
    expect(inShort(items)).toEqual([
      '-Wunused-variable warning src/a.c:3:37',
      'error error src/a.c:4',
      '-Wunused-variable error src/b.c:1:1',
      '-Wunused-variable error src/b.c:2:1',
      'remark note src/c.c:7:2',
      'warning warning ',
    ]);
    expect(evidence).toMatchObject({ format: 'gcc', items: 6 });
  });

  it('attaches notes to the item before', async () => {
    const { items } = await readLines(
      'm.c:4:5: error: conflicting types',
      'm.c:3:5: note: previous declaration',
      'm.c:9:1: warning: next [-Wx]',
    );
    expect(items.map(({ message }) => message)).toEqual([
      'conflicting types; note: previous declaration',
      'next',
    ]);
  });

  it('keeps notes that stand by themselves or name a rule, as those of shellcheck', async () => {
    const { items } = await readLines(
      'run.sh:1:1: note: first',
      'run.sh:2:1: warning: x is unused [SC2034]',
      'run.sh:3:6: note: Double quote to prevent globbing [SC2086]',
    );
    expect(inShort(items)).toEqual([
      'note note run.sh:1:1',
      'SC2034 warning run.sh:2:1',
      'SC2086 note run.sh:3:6',
    ]);
  });

  it('skips where files were included, functions, templates and excerpts', async () => {
    const { items } = await readLines(
      'In file included from mid.h:1,',
      '                 from m.c:1:',
      "h.h: In function 'helper':",
      'h.h:1:56: warning: makes integer [-Wint-conversion]',
      '    1 | static int helper(void) { return "x"; }',
      '      |                                  ^~~',
      '  +++ |+#include <stdio.h>',
      "t.cc: In instantiation of 'void S<T>::f() [with T = int]':",
      't.cc:5:26:   required from here',
      "t.cc:3:48: error: request for member 'nope'",
      't.cc:9:5: note:   template argument deduction failed:',
      '',
      'm.c: At top level:',
      'm.c:8:1: warning: old [-Wold]',
      'int main() {',
      '~~~~^',
    );
    expect(inShort(items)).toEqual([
      '-Wint-conversion warning h.h:1:56',
      'error error t.cc:3:48',
      '-Wold warning m.c:8:1',
    ]);
  });

  it('does not mind colours', async () => {
    const { items } = await readLines(
      '\u001b[01m\u001b[Km.c:7:8:\u001b[m\u001b[K \u001b[01;35m\u001b[Kwarning: \u001b[m\u001b[Kunused [\u001b[01;35m\u001b[K-Wunused\u001b[m\u001b[K]',
      '    7 |   int *\u001b[01;35m\u001b[Kp\u001b[m\u001b[K = 5;',
      '      |        \u001b[01;35m\u001b[K^\u001b[m\u001b[K',
    );
    expect(inShort(items)).toEqual(['-Wunused warning m.c:7:8']);
  });

  it('does not take a compilation that ended for one with findings', async () => {
    const { items } = await readLines(
      'f.c:1:10: fatal error: missing.h: No such file or directory',
      'compilation terminated.',
      'cc1: fatal error: gone.c: No such file or directory',
      'x86_64-linux-gnu-gcc-12: error: unrecognized option',
      'm.c:1:1: error: x',
      'compilation terminated due to -fmax-errors=1.',
    );
    expect(inShort(items)).toEqual([
      'not-analysed fatal-error error f.c:1:10',
      'not-analysed fatal-error error ',
      'not-analysed error error ',
      'error error m.c:1:1',
      'not-analysed fatal-error error ',
    ]);
  });

  it('agrees with the sums of clang', async () => {
    const { items } = await readLines(
      'a.c:1:1: warning: x [-Wx]',
      '1 warning generated.',
      'b.c:1:1: warning: x [-Wx]',
      'b.c:2:1: error: y',
      '1 warning and 1 error generated.',
    );
    expect(items).toHaveLength(3);
    // What the driver of clang says of itself is not in the sum.
    const driver = ['a.c:1:1: error: x', 'clang: error: linker failed', '1 error generated.'];
    expect((await readLines(...driver)).items).toHaveLength(2);
    const reading = readLines('a.c:1:1: warning: x [-Wx]', '2 warnings generated.');
    expect(await refusalOf(reading)).toMatchObject(
      refusal('report-contradictory', 'report:2: says 2 warnings and 0 errors'),
    );
  });

  it.each([
    [
      'a line between others',
      ['a.c:1:1: error: x', 'make: *** [all] Error 1', 'a.c:2:1: error: y'],
    ],
    ['a line at the end', ['a.c:1:1: error: x', 'make: *** [all] Error 1']],
  ])('refuses %s that is none of the style', async (_, lines) => {
    expect(await refusalOf(readLines(...lines))).toMatchObject(
      refusal('report-malformed', 'report:2: no line of GCC style'),
    );
  });

  it('is not recognised by a warning of any other program', async () => {
    const reading = readLines('warning: No Python files found under the given path(s)');
    expect(await refusalOf(reading)).toMatchObject(
      refusal('report-unrecognised', 'no known format'),
    );
  });
});
