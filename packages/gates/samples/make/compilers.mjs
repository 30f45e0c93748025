// Compilers as linters: the TypeScript compilers, old and native, and GCC.
import { execFileSync } from 'node:child_process';

const typescript = {
  'src/findings.ts': `import { twice } from './clean';

export function total(items: readonly number[]): string {
  const unused = 1;
  const sum = items.reduce((a, b) => a + b, 0);
  return sum;
}

twice('two');
total([1], 2);
const shape: { a: { b: number } } = { a: { b: 'text' } };
`,
  'src/clean.ts': 'export const twice = (number: number): number => number * 2;\n',
  'src/broken.ts': 'export function broken( {\n  return 1;\n',
};

const options = [
  '--noEmit',
  '--strict',
  '--noUnusedLocals',
  '--target',
  'es2022',
  '--module',
  'esnext',
  '--moduleResolution',
  'bundler',
];

const tsc = (toolName, version) => ({
  name: toolName,
  npm: [`typescript@${version}`],
  command: 'tsc --noEmit --strict [--pretty|--pretty false] <files>',
  async make({ writeAll, write, run, bin, keep }) {
    writeAll(typescript);
    const cases = {
      findings: ['src/findings.ts'],
      clean: ['src/clean.ts'],
      broken: ['src/broken.ts'],
      'missing-file': ['src/gone.ts'],
    };
    for (const [name, files] of Object.entries(cases)) {
      const plain = await run([bin('tsc'), ...options, '--pretty', 'false', ...files]);
      keep(`${name}.txt`, plain.stdout);
      const pretty = await run([bin('tsc'), ...options, '--pretty', ...files]);
      keep(`${name}.pretty.txt`, pretty.stdout);
    }
    write('tsconfig.json', '{ "include": ["nothing/**"], "compilerOptions": { "strct": true } }');
    keep('bad-config.txt', (await run([bin('tsc'), '--pretty', 'false', '-p', '.'])).stdout);
  },
});

const c = {
  'include/shape.h': `#ifndef SHAPE_H
#define SHAPE_H
static int area(int a, int b) { int unused; return a * b; }
#define HALF(x) ((x) / "2")
#endif
`,
  'src/findings.c': `#include <stdio.h>
#include "../include/shape.h"

int total(int *items, unsigned count)
{
    int sum;
    for (int i = 0; i < count; i++)
        sum += items[i];
    printf("%s\\n", sum);
    if (sum = 3)
        return sum;
}
`,
  'src/broken.c': `#include "../include/shape.h"
int broken( {
    return HALF(3)
}
int twice(int n) { return n * 2; }
int twice(int n) { return n + n; }
`,
  'src/clean.c': 'int twice(int n) { return n * 2; }\n',
};

const gcc = {
  name: 'gcc',
  version: execFileSync('gcc', ['-dumpfullversion'], { encoding: 'utf8' }).trim(),
  command: 'gcc -fsyntax-only -Wall -Wextra [-fdiagnostics-color=always] <file>',
  async make({ writeAll, run, keep }) {
    writeAll(c);
    const cases = {
      findings: 'src/findings.c',
      broken: 'src/broken.c',
      clean: 'src/clean.c',
      'missing-file': 'src/gone.c',
    };
    const env = { LC_ALL: 'C' };
    for (const [name, file] of Object.entries(cases)) {
      const flags = ['-fsyntax-only', '-Wall', '-Wextra'];
      keep(`${name}.txt`, (await run(['gcc', ...flags, file], { env })).stderr);
      const coloured = await run(['gcc', ...flags, '-fdiagnostics-color=always', file], { env });
      keep(`${name}.colour.txt`, coloured.stderr);
      const bare = await run(
        ['gcc', ...flags, '-fno-diagnostics-show-caret', '-fno-show-column', file],
        { env },
      );
      keep(`${name}.no-caret.txt`, bare.stderr);
    }
  },
};

export const compilers = [tsc('tsc', '5.9.3'), tsc('tsc-native', '7.0.2'), gcc];
