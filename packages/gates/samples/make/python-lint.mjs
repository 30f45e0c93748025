// Linters of Python over files with findings, clean, suppressed and not readable.
import { pinned } from './python-packages.mjs';

const python = {
  'app/__init__.py': '',
  'app/findings.py': `"""Has findings."""
import os
import sys


def total(items, extra=[]):
    """Add up."""
    l = 0
    for item in items:
        l += item
    if extra == None:
        return undefined_name
    return l 


def typed(number: int) -> str:
    """Wrong on purpose."""
    value: str = number
    return number
`,
  'app/clean.py': `"""Nothing to find."""


def twice(number: int) -> int:
    """Double it."""
    return number * 2
`,
  'app/suppressed.py': `"""Suppressed."""
import os  # noqa: F401  pylint: disable=unused-import


def wrong(number: int) -> str:
    """Ignored."""
    return number  # type: ignore[return-value]
`,
  'app/broken.py': `def broken(:
    return 1
`,
  'app/badbytes.py': Buffer.from([0x78, 0x20, 0x3d, 0x20, 0x22, 0xff, 0xfe, 0x22, 0x0a]),
  'app/revealed.py': `"""Types."""
from app.clean import twice

reveal_type(twice(1))


def overload(a: int, b: int) -> int:
    """Called wrongly below."""
    return a + b


overload("a", 1)
overload(1)
`,
  'app/book.ipynb': JSON.stringify({
    cells: [
      {
        cell_type: 'code',
        execution_count: null,
        id: 'a',
        metadata: {},
        outputs: [],
        source: ['x = 1\n'],
      },
      {
        cell_type: 'code',
        execution_count: null,
        id: 'b',
        metadata: {},
        outputs: [],
        source: ['import os\n', 'y = x\n'],
      },
    ],
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  }),
};

const pythonCases = {
  findings: ['app/findings.py', 'app/clean.py'],
  clean: ['app/clean.py'],
  suppressed: ['app/suppressed.py'],
  broken: ['app/broken.py', 'app/findings.py'],
};

const ruff = {
  name: 'ruff',
  folder: 'py',
  pip: pinned('ruff'),
  command: 'ruff check --output-format json|sarif|concise|junit <files>',
  async make({ writeAll, write, run, py, keep }) {
    writeAll(python);
    write('ruff.toml', '[lint]\nselect = ["E", "F", "B", "W"]\n');
    const extensions = {
      json: 'json',
      sarif: 'sarif',
      concise: 'txt',
      junit: 'junit.xml',
      pylint: 'pylint.txt',
    };
    const cases = {
      ...pythonCases,
      notebook: ['app/book.ipynb'],
      'bad-bytes': ['app/badbytes.py'],
    };
    for (const [format, extension] of Object.entries(extensions)) {
      for (const [name, files] of Object.entries(cases)) {
        const { stdout } = await run([
          py('ruff'),
          'check',
          '--no-cache',
          '--output-format',
          format,
          ...files,
        ]);
        keep(`${name}.${extension}`, stdout);
      }
    }
    const missing = await run([
      py('ruff'),
      'check',
      '--no-cache',
      '--output-format',
      'json',
      'gone.py',
    ]);
    keep('missing-file.json', missing.stdout);
  },
};

const flake8 = {
  name: 'flake8',
  folder: 'py',
  pip: pinned('flake8'),
  command: 'flake8 <files>',
  async make({ writeAll, run, py, keep }) {
    writeAll(python);
    const cases = {
      ...pythonCases,
      'missing-file': ['app/gone.py'],
      'bad-bytes': ['app/badbytes.py'],
      dotted: ['./app/findings.py'],
    };
    for (const [name, files] of Object.entries(cases)) {
      keep(`${name}.txt`, (await run([py('flake8'), ...files])).stdout);
    }
    keep(
      'pylint-format.txt',
      (await run([py('flake8'), '--format=pylint', 'app/findings.py'])).stdout,
    );
    keep(
      'statistics.txt',
      (await run([py('flake8'), '--statistics', '--count', 'app/findings.py'])).stdout,
    );
    keep('show-source.txt', (await run([py('flake8'), '--show-source', 'app/findings.py'])).stdout);
  },
};

const pylint = {
  name: 'pylint',
  folder: 'py',
  pip: pinned('pylint'),
  command: 'pylint [--output-format=parseable|json2] <files>',
  async make({ writeAll, run, py, keep }) {
    writeAll(python);
    const cases = {
      ...pythonCases,
      'missing-file': ['app/gone.py'],
      'bad-bytes': ['app/badbytes.py'],
    };
    for (const [name, files] of Object.entries(cases)) {
      const pylintRun = (...options) => run([py('pylint'), '--persistent=n', ...options, ...files]);
      keep(`${name}.txt`, (await pylintRun()).stdout);
      keep(`${name}.parseable.txt`, (await pylintRun('--output-format=parseable')).stdout);
      keep(`${name}.json2.json`, (await pylintRun('--output-format=json2')).stdout);
    }
    const noisy = await run([
      py('pylint'),
      '--persistent=n',
      '--enable=suppressed-message,locally-disabled',
      '--score=n',
      'app/suppressed.py',
    ]);
    keep('suppressed-shown.txt', noisy.stdout);
  },
};

const mypy = {
  name: 'mypy',
  folder: 'py',
  pip: pinned('mypy'),
  command: 'mypy [--show-column-numbers|--output json] <files>',
  async make({ writeAll, run, py, keep }) {
    writeAll(python);
    const cases = {
      ...pythonCases,
      notes: ['app/revealed.py'],
      'missing-file': ['app/gone.py'],
      'bad-bytes': ['app/badbytes.py'],
    };
    for (const [name, files] of Object.entries(cases)) {
      const mypyRun = (...options) =>
        run([py('mypy'), '--cache-dir=/dev/null', ...options, ...files]);
      keep(`${name}.txt`, (await mypyRun()).stdout);
      keep(
        `${name}.columns.txt`,
        (await mypyRun('--show-column-numbers', '--show-error-end', '--no-error-summary')).stdout,
      );
      keep(`${name}.jsonl`, (await mypyRun('--output', 'json')).stdout);
      keep(`${name}.pretty.txt`, (await mypyRun('--pretty')).stdout);
    }
  },
};

export const pythonLint = [ruff, flake8, pylint, mypy];
