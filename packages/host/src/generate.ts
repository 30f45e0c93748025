import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';

import { assembleDocument, documentModule, programFiles } from './assemble.ts';

const texts = new Map<string, string>();
for (const file of programFiles) {
  texts.set(file, await readFile(new URL(`../program/${file}`, import.meta.url), 'utf8'));
}
const content = assembleDocument((file) => texts.get(file) ?? '');

/** The document for bundles, and the same bytes for `aws ssm create-document`. */
const files = [
  { path: 'src/generated-document.ts', text: documentModule(content) },
  { path: 'document.json', text: content },
];

for (const { path, text } of files) {
  const target = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`packages/host/${path} is stale: run \`npm run build\`.\n`);
    process.exitCode = 1;
  }
}
