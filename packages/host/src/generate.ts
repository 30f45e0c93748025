import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';

import { assembleDocument, documentModule, programFiles } from './assemble.ts';

const texts = new Map<string, string>();
for (const file of programFiles) {
  texts.set(file, await readFile(new URL(`../program/${file}`, import.meta.url), 'utf8'));
}
const target = new URL('../src/generated-document.ts', import.meta.url);
const fresh = documentModule(assembleDocument((file) => texts.get(file) ?? ''));

if (!process.argv.includes('--check')) {
  await writeFile(target, fresh);
} else if ((await readFile(target, 'utf8').catch(() => '')) !== fresh) {
  process.stderr.write(
    'packages/host/src/generated-document.ts is stale: run `node packages/host/lib/generate.js`.\n',
  );
  process.exitCode = 1;
}
