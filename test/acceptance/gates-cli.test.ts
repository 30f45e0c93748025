import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resultDocument } from '@gatewright/contract';
import { gateResult } from '@gatewright/verdict';
import { openGateJob } from './harness-gates.ts';
import type { GateJob } from './harness-gates.ts';
import { root } from './harness-runner.ts';

const sample = (path: string): string =>
  readFileSync(join(root, 'packages/gates/samples', path), 'utf8');

/** Runs `gatewright gate`, below the root of a repository. */
function gate(workspace: string, ...words: readonly string[]) {
  const program = join(root, 'packages/cli/bin/gatewright.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'gate', ...words], {
    cwd: join(workspace, 'app'),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: workspace },
  });
  return { status, stdout, stderr };
}

describe('gatewright gate', () => {
  let job: GateJob;
  beforeAll(async () => {
    job = await openGateJob({ files: { 'app/README.md': 'x' } });
    job.write({
      'app/clean.json': sample('eslint/clean.json'),
      'app/findings.json': sample('eslint/findings.json'),
      'app/cut.json': sample('eslint/findings.json').slice(0, 100),
    });
  });
  afterAll(() => job.stop());

  it.each([
    ['clean.json', 0, 'pass', 'gate-passed'],
    ['findings.json', 1, 'fail', 'lint-failed'],
    ['cut.json', 2, 'error', 'report-malformed'],
    ['absent.json', 2, 'error', 'report-missing'],
  ])('over %s ends with %d', (report, status, verdict, reasonCode) => {
    const end = gate(job.workspace, 'lint', '--reports', report, '--json');
    expect(end.status).toBe(status);
    // Nothing but the document is on standard output.
    const document = resultDocument.parse(JSON.parse(end.stdout));
    expect(document).toMatchObject({ action: 'lint-gate', verdict, reasonCode });
    expect(gateResult.parse(document).evidence.map(({ path }) => path)).toEqual(
      status === 2 ? [] : [`app/${report}`],
    );
    expect(end.stdout).not.toContain(job.workspace);
  });

  it('says the verdict first to people, and what the action says', async () => {
    const end = gate(job.workspace, 'lint', '--reports', 'findings.json');
    expect(end.stdout.split('\n')[0]).toMatch(/^lint: fail \(lint-failed\) /);
    const action = await job.run('lint-gate', { reports: 'app/findings.json' });
    expect(end.stdout).toContain(action.result.explanation);
  });

  it.each([
    [['lint', '--fail-on', 'errors'], '--fail-on: got "errors"; accepted: error, warning or note'],
    [['test', '--coverage-minimum', '70%'], '--coverage-minimum: got "70%"; accepted: a number'],
    [['lynt'], 'gate: got "lynt"; accepted: lint, test or audit'],
    [['lint', '--command', 'npm test'], '--command: got "npm test"; accepted: a JSON list'],
    [['lint', '--nope'], "Unknown option '--nope'"],
  ])('ends with 2 for %j', (words, message) => {
    const end = gate(job.workspace, ...words);
    expect([end.status, end.stdout]).toEqual([2, '']);
    expect(end.stderr).toContain(message);
  });

  it('tells a policy that is not there as a document, too', () => {
    const words = ['lint', '--reports', 'clean.json', '--policy', 'gone.yml', '--json'];
    const end = gate(job.workspace, ...words);
    expect(end.status).toBe(2);
    expect(JSON.parse(end.stdout)).toMatchObject({ reasonCode: 'policy-missing' });
  });
});
