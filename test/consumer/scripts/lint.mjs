import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

// The house rules of this service, told as SARIF 2.1.0 on standard output. Ends with 1 when there is a finding.
const run = promisify(execFile);
const results = [];

function report(ruleId, uri, startLine, text) {
  const location = { physicalLocation: { artifactLocation: { uri }, region: { startLine } } };
  results.push({ ruleId, level: 'error', message: { text }, locations: [location] });
}

for await (const file of glob('{*.mjs,{src,test,scripts}/**/*.mjs}')) {
  await run(process.execPath, ['--check', file]).catch((error) => {
    const line = Number(/:(\d+)\n/.exec(error.stderr)?.[1] ?? 1);
    report('syntax', file, line, /^\w*Error: .*/m.exec(error.stderr)?.[0] ?? 'does not parse');
  });
  const lines = (await readFile(file, 'utf8')).split('\n');
  for (const [index, line] of lines.entries()) {
    if (/\s$/.test(line)) report('trailing-space', file, index + 1, 'White space at the end.');
    if (/^\s*(debugger|console\.)/.test(line))
      report('debris', file, index + 1, 'Left from debugging.');
  }
}

const driver = { name: 'orders-lint', version: '1.0.0' };
const log = { version: '2.1.0', runs: [{ tool: { driver }, results }] };
process.stdout.write(`${JSON.stringify(log, undefined, 2)}\n`);
process.exitCode = results.length === 0 ? 0 : 1;
