// Makes the sample reports again, with the real tools: `node packages/gates/samples/make.mjs [tool…]`.
// Needs npm, Python 3 with venv and the package registries; Go, Maven and gcc for their own tools. SAMPLES_DIR keeps the
// installed tools between runs.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkplace } from './make/workplace.mjs';
import { writeRow } from './make/table.mjs';
import { javascriptLint } from './make/javascript-lint.mjs';
import { pythonLint } from './make/python-lint.mjs';
import { compilers } from './make/compilers.mjs';
import { javascriptTests } from './make/javascript-tests.mjs';
import { pytest } from './make/pytest.mjs';
import { coverageTools } from './make/coverage.mjs';
import { nodeAudits } from './make/node-audits.mjs';
import { pythonAudits } from './make/python-audits.mjs';
import { goTools } from './make/go.mjs';
import { maven } from './make/maven.mjs';

const tools = [
  ...javascriptLint,
  ...pythonLint,
  ...compilers,
  ...javascriptTests,
  pytest,
  ...coverageTools,
  ...nodeAudits,
  ...pythonAudits,
  ...goTools,
  maven,
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => tools.every((tool) => tool.name !== name));
if (unknown.length > 0) {
  process.stderr.write(`no such tool: ${unknown.join(', ')}\n`);
  process.stderr.write(`tools: ${tools.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const kept = process.env.SAMPLES_DIR;
if (kept !== undefined) mkdirSync(kept, { recursive: true });
const directory = realpathSync(kept ?? mkdtempSync(join(tmpdir(), 'gatewright-samples-')));
let failed = 0;
try {
  for (const tool of tools) {
    if (wanted.length > 0 && !wanted.includes(tool.name)) continue;
    try {
      const files = await openWorkplace(directory, import.meta.dirname, tool);
      writeRow(import.meta.dirname, tool, files);
      process.stdout.write(`${tool.name}: ${files.length} reports\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`${tool.name}: ${String(error)}\n`);
    }
  }
} finally {
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
