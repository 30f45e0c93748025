// Linters of JavaScript over the same kinds of files: with findings, clean, suppressed and not readable.
const javascript = {
  'src/findings.js': `import { readFile } from 'node:fs/promises';

export function total(items) {
  let sum = 0;
  for (const item of items) {
    if (item.price == null) continue;
    sum += item.price;
  }
  const unused = sum * 2;
  debugger;
  return sum;
}
`,
  'src/clean.js': `export function twice(number) {
  return number * 2;
}
`,
  'src/suppressed.js': `export function isNull(value) {
  // eslint-disable-next-line eqeqeq -- null and undefined alike
  return value == null;
}
`,
  'src/broken.js': `export function broken( {
  return 1;
}
`,
  'src/lib/deep/Grüße.js': `export const greet = (name) => {
  var text = 'Grüße, ' + name;
  return text;
};
`,
  'eslint.config.js': `export default [
  {
    files: ['**/*.js'],
    linterOptions: { reportUnusedDisableDirectives: 'warn' },
    rules: { 'no-unused-vars': 'error', eqeqeq: 'warn', 'no-debugger': 'error', 'no-var': 'warn' },
  },
];
`,
};

const eslint = {
  name: 'eslint',
  npm: [
    'eslint@10.15.0',
    '@microsoft/eslint-formatter-sarif@3.1.0',
    'eslint-formatter-checkstyle@9.0.1',
  ],
  command: 'eslint --format json|sarif|checkstyle <files>',
  async make({ writeAll, run, bin, module, keep }) {
    writeAll({ ...javascript, 'package.json': '{ "type": "module" }\n' });
    const formats = [
      ['json', 'json'],
      ['sarif', module('@microsoft/eslint-formatter-sarif/sarif.js')],
      ['xml', module('eslint-formatter-checkstyle/index.js')],
    ];
    const cases = {
      findings: ['src/findings.js', 'src/clean.js', 'src/lib'],
      clean: ['src/clean.js'],
      suppressed: ['src/suppressed.js', 'src/clean.js'],
      broken: ['src/broken.js', 'src/findings.js'],
    };
    for (const [extension, format] of formats) {
      for (const [name, files] of Object.entries(cases)) {
        const eslintRun = await run([bin('eslint'), '--format', format, ...files]);
        keep(`${name}.${extension}`, eslintRun.stdout);
      }
    }
    const crash = await run([bin('eslint'), '--format', 'json', 'src/missing.js']);
    keep('missing-file.json', crash.stdout);
  },
};

const biome = {
  name: 'biome',
  npm: ['@biomejs/biome@2.6.8'],
  command: 'biome lint --reporter=sarif|checkstyle|junit src',
  async make({ writeAll, write, run, bin, keep }) {
    const config = { linter: { rules: { correctness: { noUnusedVariables: 'warn' } } } };
    write('biome.json', JSON.stringify(config));
    writeAll(javascript);
    const cases = {
      findings: ['src/findings.js', 'src/lib'],
      clean: ['src/clean.js'],
      broken: ['src/broken.js'],
    };
    for (const reporter of ['sarif', 'checkstyle', 'junit']) {
      const extension = reporter === 'sarif' ? 'sarif' : `${reporter}.xml`;
      for (const [name, files] of Object.entries(cases)) {
        const biomeRun = await run([bin('biome'), 'lint', `--reporter=${reporter}`, ...files]);
        keep(`${name}.${extension}`, biomeRun.stdout);
      }
    }
  },
};

export const javascriptLint = [eslint, biome];
