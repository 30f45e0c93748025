import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { refusal, refusalOf, inShort, readLint, sample } from './test-support.ts';

const noUnused = 'no-unused-vars error src/findings.js:1:10';

describe('reports that the real tools wrote', () => {
  it.each([
    ['eslint/findings.json', 'eslint-json', 5, noUnused],
    ['eslint/findings.sarif', 'sarif', 5, noUnused],
    ['eslint/findings.xml', 'checkstyle', 5, `eslint.rules.${noUnused}`],
    [
      'eslint/suppressed.json',
      'eslint-json',
      1,
      'suppressed eqeqeq warning src/suppressed.js:3:16',
    ],
    ['eslint/suppressed.sarif', 'sarif', 1, 'suppressed eqeqeq warning src/suppressed.js:3:16'],
    ['eslint/broken.json', 'eslint-json', 5, 'not-analysed fatal error src/broken.js:2:3'],
    ['eslint/broken.xml', 'checkstyle', 5, 'not-analysed checkstyle error src/broken.js:2:3'],
    ['ruff/findings.json', 'ruff-json', 9, 'F401 error app/findings.py:2:8'],
    ['ruff/findings.sarif', 'sarif', 9, 'F401 error app/findings.py:2:8'],
    ['ruff/broken.json', 'ruff-json', 11, 'not-analysed invalid-syntax error app/broken.py:1:12'],
    ['ruff/broken.sarif', 'sarif', 11, 'not-analysed invalid-syntax error app/broken.py:1:12'],
    ['ruff/notebook.json', 'ruff-json', 1, 'F401 error app/book.ipynb'],
    ['ruff/bad-bytes.json', 'ruff-json', 1, 'not-analysed E902 error app/badbytes.py:1:1'],
    ['biome/findings.sarif', 'sarif', 4, 'lint/style/useTemplate note src/lib/deep/Grüße.js:2:14'],
    ['biome/broken.checkstyle.xml', 'checkstyle', 3, 'not-analysed parse error src/broken.js:2:10'],
    ['flake8/findings.txt', 'flake8', 7, 'F401 error app/findings.py:2:1'],
    ['flake8/dotted.txt', 'flake8', 7, 'F401 error app/findings.py:2:1'],
    ['flake8/show-source.txt', 'flake8', 7, 'F401 error app/findings.py:2:1'],
    ['flake8/statistics.txt', 'flake8', 7, 'F401 error app/findings.py:2:1'],
    ['flake8/broken.txt', 'flake8', 8, 'not-analysed E999 error app/broken.py:1:13'],
    ['pylint/findings.txt', 'pylint', 7, 'trailing-whitespace note app/findings.py:13:13'],
    ['pylint/broken.txt', 'pylint', 8, 'not-analysed syntax-error error app/broken.py:1:13'],
    ['mypy/findings.txt', 'mypy', 2, 'assignment error app/findings.py:18'],
    ['mypy/findings.pretty.txt', 'mypy', 2, 'assignment error app/findings.py:18'],
    ['mypy/broken.txt', 'mypy', 3, 'not-analysed syntax error app/broken.py:1'],
    ['mypy/bad-bytes.txt', 'mypy', 1, 'not-analysed mypy error '],
    ['tsc/findings.txt', 'tsc', 6, 'TS6133 error src/findings.ts:4:9'],
    ['tsc/findings.pretty.txt', 'tsc', 6, 'TS6133 error src/findings.ts:4:9'],
    ['tsc/bad-config.txt', 'tsc', 3, 'not-analysed TS18003 error '],
    ['tsc-native/findings.pretty.txt', 'tsc', 6, 'TS6133 error src/findings.ts:4:9'],
    ['gcc/findings.txt', 'gcc', 4, '-Wunused-variable warning include/shape.h:3:37'],
    ['gcc/findings.colour.txt', 'gcc', 4, '-Wunused-variable warning include/shape.h:3:37'],
    ['gcc/findings.no-caret.txt', 'gcc', 4, '-Wunused-variable warning include/shape.h:3'],
    ['gcc/missing-file.txt', 'gcc', 1, 'not-analysed fatal-error error '],
  ])('%s', async (path, format, items, first) => {
    const { evidence, items: all } = await readLint(sample(path), { path });
    expect({ format: evidence.format, items: evidence.items, first: inShort(all)[0] }).toEqual({
      format,
      items,
      first,
    });
  });

  it.each([
    'biome/clean.sarif',
    'biome/clean.checkstyle.xml',
    'eslint/clean.json',
    'eslint/clean.sarif',
    'eslint/clean.xml',
    'mypy/clean.txt',
    'pylint/clean.txt',
    'ruff/clean.sarif',
  ])('%s is clean', async (path) => {
    expect((await readLint(sample(path))).items).toEqual([]);
  });

  it('ruff/clean.json is clean, once somebody says that ruff wrote it', async () => {
    const text = sample('ruff/clean.json');
    expect(await refusalOf(readLint(text))).toMatchObject(
      refusal('report-unrecognised', 'does not say which tool wrote it'),
    );
    expect((await readLint(text, { declared: 'ruff-json' })).items).toEqual([]);
  });

  it('says why ESLint failed', async () => {
    const reading = readLint(sample('eslint/broken.sarif'));
    expect(await refusalOf(reading)).toMatchObject(
      refusal('tool-failed', 'src/broken.js:2: Parsing error'),
    );
  });

  it.each(['eslint/missing-file.json', 'flake8/bad-bytes.txt'])('%s is empty', async (path) => {
    expect(await refusalOf(readLint(sample(path)))).toMatchObject(
      refusal('report-empty', '0 bytes'),
    );
  });

  const refused = ['broken', 'missing-file', 'bad-bytes', 'bad-config'];
  const troubled = [
    'biome',
    'eslint',
    'flake8',
    'gcc',
    'mypy',
    'pylint',
    'ruff',
    'tsc',
    'tsc-native',
  ]
    .flatMap((folder) => {
      const url = new URL(`../../samples/${folder}`, import.meta.url);
      return readdirSync(fileURLToPath(url)).map((name) => `${folder}/${name}`);
    })
    .filter((path) => refused.some((name) => path.includes(`/${name}`)));

  it.each(troubled)('%s never looks clean', async (path) => {
    // gcc goes on after a syntax error, and says so by an error.
    const outcome = await readLint(sample(path)).then(
      ({ items }) => items.some(({ kind, level }) => kind === 'not-analysed' || level === 'error'),
      () => true,
    );
    expect(outcome).toBe(true);
  });
});
