import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lintCounts } from '@gatewright/verdict';
import type { LintItem, SeenLintItem } from './lint-item.ts';
import { isRefused, judge, sample } from './test-support.ts';

const reports = ['a.json', 'b.sarif', 'c.txt'];
const item: fc.Arbitrary<SeenLintItem> = fc.record({
  kind: fc.constantFrom<LintItem['kind'][]>('lint', 'lint', 'lint', 'suppressed', 'not-analysed'),
  ruleId: fc.constantFrom('r1', 'r2', '__proto__'),
  level: fc.constantFrom<LintItem['level'][]>('error', 'warning', 'note'),
  message: fc.constantFrom('bad', 'worse'),
  path: fc.constantFrom('src/a.ts', 'src/b.ts', undefined),
  line: fc.constantFrom(1, 2, 3, undefined),
  column: fc.constantFrom(1, 2, undefined),
  tool: fc.constant('linter'),
  seenIn: fc.constantFrom(...reports),
});
const items = fc.array(item, { maxLength: 12 });
const policy = fc.record({
  failOn: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
  newOnly: fc.boolean(),
  ratchet: fc.dictionary(fc.constantFrom('r1', 'r2'), fc.integer({ min: 0, max: 4 })),
  minimumReports: fc.constant(1),
});
/** Lines 1 and 3 are alike, so that ordinals matter. */
const lineText = (path: string, line: number): string => `${path} ${line % 2}`;

describe('whatever linters find', () => {
  it('is judged the same in every order of items and reports', () => {
    const shuffled = items.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, policy, ([list, other], limits) => {
        expect(judge(other, { policy: limits, lineText })).toEqual(
          judge(list, { policy: limits, lineText }),
        );
      }),
    );
  });

  it('is counted as it is listed', () => {
    fc.assert(
      fc.property(items, policy, (list, limits) => {
        const { counts, findings } = judge(list, { policy: limits, lineText });
        const known = lintCounts.parse(counts);
        const listed = known.error + known.warning + known.note + known.notAnalysed;
        expect(findings).toHaveLength(listed);
        expect(
          new Set(findings.map(({ fingerprint, levelSource }) => `${fingerprint}${levelSource}`))
            .size,
        ).toBe(findings.length);
      }),
    );
  });

  it('is counted item by item when it is in one report', () => {
    fc.assert(
      fc.property(items, (list) => {
        const { counts } = judge(
          list.map((one) => ({ ...one, seenIn: 'one' })),
          { lineText },
        );
        const sum = Object.values(counts).reduce<number>(
          (total, count) => total + Number(count),
          0,
        );
        expect(sum).toBe(list.length);
      }),
    );
  });

  it('never passes with something blocking or not analysed', () => {
    fc.assert(
      fc.property(items, policy, (list, limits) => {
        const { breaches, findings } = judge(list, { policy: limits, lineText });
        const isBad =
          findings.some(({ blocking }) => blocking) ||
          list.some(({ kind }) => kind === 'not-analysed');
        expect(isBad && breaches.length === 0).toBe(false);
      }),
    );
  });
});

describe('what is not the whole of a report', () => {
  const whole = [
    'eslint/broken.json',
    'eslint/suppressed.sarif',
    'ruff/notebook.json',
    'ruff/clean.sarif',
    'biome/findings.sarif',
    'biome/findings.checkstyle.xml',
    'eslint/findings.xml',
  ];

  it.each(whole)('is refused: any proper prefix of %s', async (path) => {
    const text = sample(path).trimEnd();
    expect(await isRefused(text)).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length - 1 }), async (end) => {
        expect(await isRefused(text.slice(0, end))).toBe(true);
      }),
    );
  });

  it.each([
    'flake8/statistics.txt',
    'flake8/show-source.txt',
    'gcc/broken.colour.txt',
    'mypy/notes.pretty.txt',
    'pylint/broken.txt',
    'tsc/findings.pretty.txt',
  ])('is refused: %s cut inside a line', async (path) => {
    const text = sample(path);
    const ends = Array.from(text, (_, index) => index).filter(
      (end) => end > 0 && text[end - 1] !== '\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ends), async (end) => {
        expect(await isRefused(text.slice(0, end))).toBe(true);
      }),
    );
  });

  it('is refused: mypy cut between two lines', async () => {
    const lines = sample('mypy/notes.txt').split('\n');
    for (let count = 1; count < lines.length - 1; count += 1) {
      const text = `${lines.slice(0, count).join('\n')}\n`;
      expect(await isRefused(text)).toBe(true);
    }
  });
});

describe('any JSON', () => {
  it('is read or refused as evidence, and never breaks the reader', async () => {
    const part = fc.jsonValue({ maxDepth: 2 });
    const result = fc.dictionary(
      fc.constantFrom(
        'ruleId',
        'ruleIndex',
        'rule',
        'level',
        'kind',
        'message',
        'locations',
        'suppressions',
      ),
      fc.oneof(part, fc.constant({ text: 'x' })),
    );
    const run = fc.record({
      tool: fc.oneof(part, fc.constant({ driver: { name: 'x', rules: [{ id: 'a' }] } })),
      results: fc.oneof(fc.array(result), part),
      invocations: fc.oneof(part, fc.constant([])),
    });
    const sarif = fc.record({ version: fc.constant('2.1.0'), runs: fc.array(run) });
    const entry = fc.record({
      filePath: part,
      messages: fc.array(part),
      filename: part,
      code: part,
      location: part,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(sarif, fc.array(entry)), async (document) => {
        expect(typeof (await isRefused(JSON.stringify(document)))).toBe('boolean');
      }),
    );
  });
});

describe('a hostile line', () => {
  const long = 300_000;
  it.each([
    ['many places', 'a:1:1:'],
    ['many contexts', ': In '],
    ['many carets', '^'],
    ['much space', ' '],
    ['many rules', ' [-Wx'],
    ['many symbols', ' (ab'],
    ['many events', ' : event 1 '],
    ['many digits', '1'],
    ['many gutters', '1 | '],
  ])('of %s is refused in time', async (_, part) => {
    const line = part.repeat(long / part.length);
    const heads = [
      'a.py:1:1: F401 x',
      'a.c:1:1: error: x',
      'a.py:1: error: x',
      'a.ts(1,1): error TS1: x',
    ];
    for (const head of [...heads, '************* Module a']) {
      expect(await isRefused(`${head}\n${line}x\nend\n`)).toBe(true);
    }
  });
});
