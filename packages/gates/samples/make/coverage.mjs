// Coverage of one small project by the tools of JavaScript, Python and C.
import { pinned } from './python-packages.mjs';

const javascript = {
  'package.json': '{ "type": "commonjs" }',
  'src/sum.js': `exports.sum = function sum(a, b) {
  if (a > 100) {
    return 100;
  }
  return a > 10 && b > 10 ? 20 : a + b;
};

exports.never = function never() {
  return 'never';
};
`,
  'src/deep/used.js': `const { sum } = require('../sum.js');
exports.twice = (a) => sum(a, a);
`,
  'src/empty.js': '',
  'test.js': `require('./src/deep/used.js').twice(2);
require('./src/empty.js');
`,
};

const reporters = ['lcovonly', 'cobertura', 'json-summary', 'json', 'clover'];
const outputs = {
  'lcov.info': 'lcov.info',
  'cobertura.xml': 'cobertura-coverage.xml',
  'summary.json': 'coverage-summary.json',
  'final.json': 'coverage-final.json',
  'clover.xml': 'clover.xml',
};

const istanbul = (toolName, pin) => ({
  name: toolName,
  npm: [pin],
  command: `${toolName} --all --reporter=lcovonly|cobertura|json-summary|json|clover node test.js`,
  async make({ writeAll, run, bin, keepFile }) {
    writeAll(javascript);
    const flags = reporters.map((reporter) => `--reporter=${reporter}`);
    const measure = (...more) =>
      run([
        bin(toolName),
        '--all',
        '--src=.',
        ...flags,
        '--report-dir=out',
        ...more,
        process.execPath,
        'test.js',
      ]);
    await measure();
    for (const [name, file] of Object.entries(outputs)) keepFile(name, `out/${file}`);
    await measure('--include=nothing/**');
    for (const [name, file] of Object.entries(outputs)) keepFile(`nothing.${name}`, `out/${file}`);
  },
});

const python = {
  'src/app/__init__.py': '',
  'src/app/basket.py': `def total(items, limit=None):
    result = 0
    for item in items:
        if item > 100:
            result += 100
        else:
            result += item
    if limit is not None and result > limit:
        return limit
    return result


def never():
    return (
        1
        + 2
    )


def excluded():  # pragma: no cover
    return 3
`,
  'src/app/unused.py': 'VALUE = 1\n\n\ndef other():\n    return VALUE\n',
  'tests/test_basket.py': `from app.basket import total


def test_total():
    assert total([1, 2]) == 3
`,
};

const coveragePy = {
  name: 'coverage-py',
  folder: 'py',
  pip: pinned('coverage', 'pytest', 'pytest-cov'),
  command: 'coverage run [--branch] -m pytest; coverage xml|json|lcov|report --fail-under',
  async make({ writeAll, write, run, py, keep, keepFile }) {
    writeAll(python);
    write('pyproject.toml', '[tool.pytest.ini_options]\npythonpath = ["src"]\n');
    const coverage = (...args) => run([py('coverage'), ...args]);
    for (const [name, flags] of Object.entries({ line: [], branch: ['--branch'] })) {
      await coverage(
        'run',
        ...flags,
        '--source=src',
        '-m',
        'pytest',
        '-q',
        '-p',
        'no:cacheprovider',
        'tests',
      );
      for (const [format, extension] of Object.entries({
        xml: 'xml',
        json: 'json',
        lcov: 'info',
      })) {
        await coverage(format, '-o', `out.${extension}`);
        keepFile(`${name}.${extension}`, `out.${extension}`);
      }
      await coverage('json', '--show-contexts', '-o', 'out.json');
      keepFile(`${name}.contexts.json`, 'out.json');
      keep(`${name}.report.txt`, (await coverage('report')).stdout);
    }
    const plugin = [
      '--cov=app',
      '--cov-branch',
      '--cov-report=xml:out.xml',
      '--cov-report=lcov:out.info',
    ];
    await run([py('pytest'), '-q', '-p', 'no:cacheprovider', ...plugin, 'tests']);
    keepFile('pytest-cov.xml', 'out.xml');
    keepFile('pytest-cov.info', 'out.info');
    await coverage(
      'run',
      '--source=nothing_here',
      '-m',
      'pytest',
      '-q',
      '-p',
      'no:cacheprovider',
      'tests',
    );
    keep('no-data.txt', (await coverage('xml', '-o', 'none.xml')).stdout);
  },
};

const gcovr = {
  name: 'gcovr',
  folder: 'py',
  pip: pinned('gcovr'),
  command: 'gcc --coverage; gcovr --cobertura|--lcov|--clover|--jacoco',
  async make({ write, tree, run, py, keepFile }) {
    write(
      'src/sum.c',
      `int sum(int a, int b) {
  if (a > 100 && b > 0)
    return 100;
  return a + b;
}
int never(void) { return 0; }
`,
    );
    write('src/main.c', 'int sum(int, int);\nint main(void) { return sum(1, 2) - 3; }\n');
    await run(['gcc', '--coverage', '-O0', '-o', 'program', 'src/sum.c', 'src/main.c']);
    await run([`${tree}/program`]);
    const formats = {
      cobertura: 'cobertura.xml',
      lcov: 'lcov.info',
      clover: 'clover.xml',
      jacoco: 'jacoco.xml',
    };
    for (const [format, file] of Object.entries(formats)) {
      await run([py('gcovr'), '-r', '.', `--${format}`, 'out.txt']);
      keepFile(file, 'out.txt');
    }
  },
};

export const coverageTools = [
  istanbul('c8', 'c8@12.0.0'),
  istanbul('nyc', 'nyc@18.0.0'),
  coveragePy,
  gcovr,
];
