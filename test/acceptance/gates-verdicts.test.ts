import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gateResult } from '@gatewright/verdict';
import { openGateJob } from './harness-gates.ts';
import type { GateJob } from './harness-gates.ts';
import type { ActionEnd } from './harness-runner.ts';
import { root } from './harness-runner.ts';

const sample = (path: string): string =>
  readFileSync(join(root, 'packages/gates/samples', path), 'utf8');

const told = ({ exitCode, outputs }: ActionEnd) => ({
  exitCode,
  verdict: outputs['verdict'],
  reason: outputs['reason-code'],
});
const pass = { exitCode: 0, verdict: 'pass', reason: 'gate-passed' };

/** A day so many days from today. */
const day = (offset: number): string =>
  new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

const noCoverage = { 'coverage-minimum': 'off' };

let job: GateJob;
beforeEach(async () => {
  job = await openGateJob();
});
afterEach(() => job.stop());

describe('lint-gate', () => {
  it('passes clean reports of several tools', async () => {
    job.write({ 'r/a.json': sample('eslint/clean.json'), 'r/b.sarif': sample('ruff/clean.sarif') });
    const end = await job.run('lint-gate', { reports: 'r/*' });
    expect(told(end)).toEqual(pass);
    expect(end.outputs['findings-total']).toBe('0');
    expect(end.summary.split('\n')[0]).toContain('**Verdict: pass**');
    const result = gateResult.parse(end.result);
    expect(result.evidence.map(({ format }) => format)).toEqual(['eslint-json', 'sarif']);
    expect(result.commit).toBe(job.git('rev-parse', 'HEAD').trim());
  });

  it('fails on what a linter found, and lists it', async () => {
    job.write({ 'r/a.json': sample('eslint/findings.json') });
    const end = await job.run('lint-gate', { reports: 'r/*', 'sarif-path': 'out/lint.sarif' });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'fail', reason: 'lint-failed' });
    expect(gateResult.parse(end.result).findings.map(({ id }) => id)).toContain('no-debugger');
    const sarif: unknown = JSON.parse(readFileSync(join(job.workspace, 'out/lint.sarif'), 'utf8'));
    expect(sarif).toMatchObject({ version: '2.1.0' });
  });

  it('counts by level, and says which it was', async () => {
    job.write({ 'r/a.json': sample('eslint/suppressed.json') });
    expect(told(await job.run('lint-gate', { reports: 'r/*', 'fail-on': 'note' }))).toEqual(pass);
  });

  it('is an error when a report was cut off, although another is clean', async () => {
    const text = sample('eslint/findings.json');
    job.write({
      'r/a.json': text.slice(0, text.length / 2),
      'r/b.json': sample('eslint/clean.json'),
    });
    const end = await job.run('lint-gate', { reports: 'r/*' });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'error', reason: 'report-malformed' });
    expect(end.result.explanation).toMatch(/^r\/a\.json:\d+:\d+: /);
  });

  it('calls a report of another gate by its name', async () => {
    job.write({ 'r/a.xml': sample('pytest/clean.xml') });
    const end = await job.run('lint-gate', { reports: 'r/*' });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'error', reason: 'report-unrecognised' });
    expect(end.result.explanation).toContain('JUnit XML');
  });

  it('compares with a base, and takes no result of another gate for one', async () => {
    job.write({ 'r/a.json': sample('eslint/findings.json') });
    const inputs = { reports: 'r/*', 'result-path': 'base.json' };
    await job.run('lint-gate', inputs);
    const end = await job.run('lint-gate', { reports: 'r/*', 'base-result-path': 'base.json' });
    expect(gateResult.parse(end.result).findings.map(({ baseline }) => baseline)).not.toContain(
      'new',
    );
    const odd = await job.run('audit-gate', { reports: 'r/*', 'base-result-path': 'base.json' });
    expect(told(odd)).toEqual({ exitCode: 1, verdict: 'error', reason: 'base-unusable' });
    expect(odd.result.explanation).toContain('it is the result of the lint gate');
  });
});

describe('test-gate', () => {
  it('passes tests and their coverage, to two decimals', async () => {
    job.write({
      'junit.xml': sample('pytest/clean.xml'),
      'src/a.js': '1\n2\n3\n4\n',
      'lcov.info': 'TN:\nSF:src/a.js\nDA:1,1\nDA:2,1\nDA:3,0\nLF:3\nLH:2\nend_of_record\n',
    });
    const inputs = { reports: 'junit.xml', 'coverage-reports': '*.info' };
    const end = await job.run('test-gate', { ...inputs, 'coverage-minimum': '66.66' });
    expect(told(end)).toEqual(pass);
    expect(end.outputs['coverage-percent']).toBe('66.66');
    const more = await job.run('test-gate', { ...inputs, 'coverage-minimum': '66.67' });
    expect(told(more)).toEqual({ exitCode: 1, verdict: 'fail', reason: 'coverage-below-minimum' });
    expect(more.result.explanation).toContain('1 more covered line');
  });

  it('demands coverage unless it is switched off', async () => {
    job.write({ 'junit.xml': sample('pytest/clean.xml') });
    expect(told(await job.run('test-gate', { reports: 'junit.xml' }))).toEqual({
      exitCode: 1,
      verdict: 'error',
      reason: 'coverage-missing',
    });
    const off = await job.run('test-gate', { reports: 'junit.xml', ...noCoverage });
    expect(told(off)).toEqual(pass);
    expect(off.outputs['coverage-percent']).toBe('');
    expect(Number(off.outputs['tests-total'])).toBeGreaterThan(0);
  });

  it('fails on a failing test', async () => {
    job.write({ 'junit.xml': sample('jest-junit/findings.xml') });
    const end = await job.run('test-gate', { reports: 'junit.xml', ...noCoverage });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'fail', reason: 'tests-failed' });
    expect(Number(end.outputs['findings-total'])).toBeGreaterThan(0);
  });

  it('knows the covered lines of a change, and not when its base is missing (F11)', async () => {
    const base = job.git('rev-parse', 'HEAD').trim();
    job.write({ 'src/a.js': '1\n2\n3\n' });
    job.git('add', 'src');
    job.git('commit', '-q', '-m', 'second');
    job.write({
      'junit.xml': sample('pytest/clean.xml'),
      'lcov.info': 'TN:\nSF:src/a.js\nDA:1,1\nDA:2,1\nDA:3,0\nLF:3\nLH:2\nend_of_record\n',
    });
    const inputs = {
      reports: 'junit.xml',
      'coverage-reports': 'lcov.info',
      'coverage-minimum': '50',
      'changed-coverage-minimum': '70',
    };
    const reason = async (more: Record<string, string>) =>
      told(await job.run('test-gate', { ...inputs, ...more })).reason;
    expect(await reason({ 'diff-base': base })).toBe('coverage-below-minimum');
    expect(await reason({ 'diff-base': base, 'changed-coverage-minimum': '66' })).toBe(
      'gate-passed',
    );
    expect(await reason({ 'diff-base': 'f'.repeat(40) })).toBe('changes-unknown');
    expect(await reason({})).toBe('changes-unknown');
  });

  it('is an error without a single test', async () => {
    job.write({ 'junit.xml': '<testsuites><testsuite name="a" tests="0"/></testsuites>\n' });
    const end = await job.run('test-gate', { reports: 'junit.xml', ...noCoverage });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'error', reason: 'evidence-too-small' });
  });
});

describe('audit-gate', () => {
  it('passes a clean report', async () => {
    job.write({ 'r/npm.json': sample('npm-audit/clean.json') });
    expect(told(await job.run('audit-gate', { reports: 'r/*' }))).toEqual(pass);
  });

  it('fails on a vulnerability, and is stricter when asked to be', async () => {
    job.write({ 'r/npm.json': sample('npm-audit/findings.json') });
    const end = await job.run('audit-gate', { reports: 'r/*', 'fail-on-severity': 'low' });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'fail', reason: 'audit-failed' });
  });

  it('does not take a scanner that could not ask for a clean one (F8)', async () => {
    job.write({ 'r/npm.json': sample('npm-audit/unavailable.json') });
    const end = await job.run('audit-gate', { reports: 'r/*' });
    expect(told(end)).toEqual({ exitCode: 1, verdict: 'error', reason: 'tool-failed' });
  });

  it('lets a waiver hold until its last day', async () => {
    job.write({ 'r/npm.json': sample('npm-audit/findings.json') });
    const inputs = { reports: 'r/*', 'fail-on-severity': 'low', 'waivers-path': 'waivers.yml' };
    const before = gateResult.parse((await job.run('audit-gate', inputs)).result);
    const waivers = (expires: string): string =>
      [
        'version: 1',
        'waivers:',
        ...[...new Set(before.findings.map(({ id }) => id))].map(
          (id) => `  - { id: "${id}", reason: not reachable, owner: ada, expires: ${expires} }`,
        ),
        '',
      ].join('\n');
    job.write({ 'waivers.yml': waivers(day(2)) });
    const waived = await job.run('audit-gate', inputs);
    expect(told(waived)).toEqual(pass);
    expect(gateResult.parse(waived.result).waived).toHaveLength(before.findings.length);
    job.write({ 'waivers.yml': waivers(day(-2)) });
    expect(told(await job.run('audit-gate', inputs)).reason).toBe('audit-failed');
  });
});
