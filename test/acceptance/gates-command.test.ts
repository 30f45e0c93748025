import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gateResult } from '@gatewright/verdict';
import { openGateJob, runnerSecrets } from './harness-gates.ts';
import type { GateJob } from './harness-gates.ts';
import type { ActionEnd } from './harness-runner.ts';

const told = ({ exitCode, outputs }: ActionEnd) =>
  `${exitCode} ${outputs['verdict']} ${outputs['reason-code']}`;

const node = (...words: readonly string[]): string => JSON.stringify(['node', ...words]);
const script = (text: string): string => node('-e', text);
const junit = (cases: string, head: string): string =>
  `<testsuites ${head}><testsuite name="s" ${head}>${cases}</testsuite></testsuites>\n`;
const onePassed = junit('<testcase name="a" classname="s"/>', 'tests="1" failures="0"');
const oneFailed = junit(
  '<testcase name="a" classname="s"><failure message="no"/></testcase>',
  'tests="1" failures="1"',
);
const writing = (path: string, text: string, exitCode = 0): string =>
  script(
    `require('fs').writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(text)}); process.exit(${exitCode})`,
  );
const print = (text: string, exitCode: number): string =>
  script(`process.stdout.write(${JSON.stringify(text)}); process.exit(${exitCode})`);
const off = { 'coverage-minimum': 'off' };

let job: GateJob;
beforeEach(async () => {
  job = await openGateJob({ files: { 'committed.xml': onePassed } });
});
afterEach(() => job.stop());

const linted = async (inputs: Readonly<Record<string, string>>) =>
  told(await job.run('lint-gate', inputs));

describe('a command', () => {
  const inputs = { ...off, reports: 'junit.xml' };

  it('makes the reports that are judged', async () => {
    const command = writing('junit.xml', onePassed);
    expect(told(await job.run('test-gate', { ...inputs, command }))).toBe('0 pass gate-passed');
  });

  it('that succeeds does not hide a failed test', async () => {
    const command = writing('junit.xml', oneFailed);
    expect(told(await job.run('test-gate', { ...inputs, command }))).toBe('1 fail tests-failed');
  });

  it('that fails must have a failed test for it in its reports', async () => {
    const failed = writing('junit.xml', oneFailed, 1);
    expect(told(await job.run('test-gate', { ...inputs, command: failed }))).toBe(
      '1 fail tests-failed',
    );
    const crashed = await job.run('test-gate', {
      ...inputs,
      command: writing('junit.xml', onePassed, 1),
    });
    expect(told(crashed)).toBe('1 error tool-failed');
    expect(crashed.result.explanation).toContain('ended with exit code 1');
  });

  it('that does not write its report leaves no evidence, although an old one is there', async () => {
    job.write({ 'junit.xml': onePassed });
    const idle = await job.run('test-gate', { ...inputs, command: script('') });
    expect(told(idle)).toBe('1 error report-stale');
    const nothing = await job.run('test-gate', { ...off, reports: 'x.xml', command: script('') });
    expect(told(nothing)).toBe('1 error report-missing');
  });

  it('that runs out of time or is killed leaves no evidence', async () => {
    const slow = `require('fs').writeFileSync('junit.xml', ${JSON.stringify(onePassed)}); setInterval(() => {}, 9)`;
    const late = await job.run('test-gate', {
      ...inputs,
      command: script(slow),
      'timeout-seconds': '1',
    });
    expect(told(late)).toBe('1 error tool-timed-out');
    const killed = script('process.kill(process.pid, "SIGKILL")');
    expect(told(await job.run('test-gate', { ...inputs, command: killed }))).toBe(
      '1 error tool-failed',
    );
  });

  it('that cannot be started is a mistake of the workflow', async () => {
    const end = await job.run('lint-gate', { command: '["no-such-program"]' });
    expect(told(end)).toBe('1 error config-invalid');
    expect(end.result.explanation).toContain('no-such-program');
  });

  it('may print its report', async () => {
    const line = 'src/a.c:3:1: error: expected a semicolon';
    expect(told(await job.run('lint-gate', { command: print(`${line}\n`, 1) }))).toBe(
      '1 fail lint-failed',
    );
    expect(told(await job.run('lint-gate', { command: print(line, 1) }))).toBe(
      '1 error report-malformed',
    );
  });

  it('may say nothing only if its format does when all is well', async () => {
    expect(await linted({ command: script(''), format: 'tsc' })).toBe('0 pass gate-passed');
    expect(await linted({ command: script('process.exit(2)'), format: 'tsc' })).toMatch(/^1 error/);
    expect(await linted({ command: script('') })).toBe('1 error report-empty');
    expect(await linted({ command: script(''), format: 'sarif' })).toBe('1 error report-empty');
  });
});

it('a committed report is no evidence of this run', async () => {
  const end = await job.run('test-gate', { ...off, reports: 'committed.xml' });
  expect(told(end)).toBe('1 error report-stale');
});

describe('code of the application', () => {
  it('gets none of the secrets of the runner, and its output obeys nobody', async () => {
    const text = [
      'const out = JSON.stringify(process.env);',
      'require("fs").writeFileSync("seen.json", out);',
      `require("fs").writeFileSync("junit.xml", ${JSON.stringify(onePassed)});`,
      'console.log("::error::printed"); console.log("a ##[set-output name=verdict]pass");',
      'console.error("::set-output name=verdict::pass");',
      'console.log("\\u001b[31m::add-mask::red");',
    ].join('');
    const end = await job.run('test-gate', { ...off, reports: 'junit.xml', command: script(text) });
    expect(told(end)).toBe('0 pass gate-passed');
    const seen = readFileSync(join(job.workspace, 'seen.json'), 'utf8');
    for (const secret of Object.values(runnerSecrets)) expect(seen).not.toContain(secret);
    expect(seen).not.toMatch(/"(?:INPUT_|STATE_|ACTIONS_|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP))/);
    expect(seen).toContain('GITHUB_REPOSITORY');
    expect(end.log).toContain('printed');
    expect(end.log).not.toContain('\u001b');
    expect(end.commands.filter(({ name }) => name !== 'group' && name !== 'endgroup')).toEqual([]);
    for (const secret of Object.values(runnerSecrets)) expect(end.everything).not.toContain(secret);
  });

  it('cannot speak to the runner by the name or message of a test', async () => {
    const evil = '::error::evil ##[set-output name=verdict]pass &#27;[31mred | `x` &lt;img&gt;';
    const text = junit(
      `<testcase name="${evil}" classname="::stop-commands::x"><failure message="::set-output name=verdict::pass"/></testcase>`,
      'tests="1" failures="1"',
    ).replaceAll('&#27;', '\u009b');
    job.write({ 'junit.xml': text });
    const end = await job.run('test-gate', { ...off, reports: 'junit.xml' });
    expect(told(end)).toBe('1 fail tests-failed');
    expect(end.commands.map(({ name }) => name).filter((name) => name !== 'error')).toEqual([]);
    expect(end.commands.map(({ message }) => message)).not.toContain('evil');
    expect(Object.keys(end.outputs).toSorted()).toEqual([
      'coverage-percent',
      'findings-total',
      'reason-code',
      'reports-directory',
      'result-path',
      'tests-total',
      'verdict',
    ]);
    expect(end.everything).not.toContain('\u001b');
    expect(end.everything).not.toContain('\u009b');
    expect(end.summary).not.toContain('<img');
  });
});

describe('detection', () => {
  it('runs node --test with coverage, and says why', async () => {
    job.write({
      'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }',
      'a.js': 'export const twice = (x) => 2 * x;\n',
      'a.test.js':
        "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { twice } from './a.js';\ntest('doubles', () => assert.equal(twice(2), 4));\n",
    });
    const end = await job.run('test-gate');
    expect(told(end)).toBe('0 pass gate-passed');
    expect(end.log).toContain('node:test, because of package.json: scripts.test');
    expect(end.log).toContain('Not set up for: pytest, Jest, Vitest.');
    expect(end.outputs).toMatchObject({ 'tests-total': '1', 'coverage-percent': '100.00' });
    job.write({ 'a.js': 'export const twice = (x) => 3 * x;\n' });
    expect(told(await job.run('test-gate'))).toBe('1 fail tests-failed');
    job.write({ 'a.js': 'export const twice = (x =>\n' });
    // Nothing could be loaded, so there is no coverage to read either.
    expect(told(await job.run('test-gate'))).toBe('1 error report-empty');
  });

  it('that finds nothing is an error', async () => {
    for (const gate of ['lint-gate', 'test-gate', 'audit-gate']) {
      const end = await job.run(gate);
      expect([gate, told(end)]).toEqual([gate, '1 error tool-undetected']);
    }
  });

  it('does not pass over a tool that the project wants and that is not installed', async () => {
    job.write({ 'eslint.config.js': 'export default [];', 'requirements.txt': 'x==1\n' });
    const lint = await job.run('lint-gate');
    expect(told(lint)).toBe('1 error tool-undetected');
    expect(lint.result.explanation).toBe(
      'eslint.config.js asks for ESLint, which is not installed.',
    );
  });

  it('runs the linter that the project has installed', async () => {
    job.write({
      'package.json': '{ "devDependencies": { "typescript": "1.0.0" } }',
      'tsconfig.json': '{}',
      'node_modules/typescript/package.json': '{ "version": "1.0.0" }',
      'node_modules/.bin/tsc':
        '#!/usr/bin/env node\nprocess.exit(process.argv.length > 9 ? 2 : 0)\n',
    });
    job.git('add', '-f', 'node_modules');
    job.git('update-index', '--chmod=+x', 'node_modules/.bin/tsc');
    job.git('checkout-index', '-f', 'node_modules/.bin/tsc');
    const end = await job.run('lint-gate');
    expect(told(end)).toBe('0 pass gate-passed');
    expect(end.log).toContain('TypeScript 1.0.0, because of tsconfig.json');
    expect(gateResult.parse(end.result).evidence).toMatchObject([
      { format: 'tsc', bytes: 0, items: 0 },
    ]);
  });
});
