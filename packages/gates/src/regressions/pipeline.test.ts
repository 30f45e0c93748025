// The same evidence through the whole gate, as actions and the command run it: from globs to the result.
import { rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gateResult } from '@gatewright/verdict';
import type { Waiver } from '@gatewright/verdict';
import type { GatesPolicy } from '../policy.ts';
import { auditGate } from '../run/audit-gate.ts';
import type { GateKind } from '../run/gate-kind.ts';
import { judgeProject } from '../run/judge-project.ts';
import type { GateInputs } from '../run/judge-project.ts';
import { lintGate } from '../run/lint-gate.ts';
import { testGate } from '../run/test-gate.ts';
import { makeTree } from '../run/test-support.ts';
import type { Tree } from '../run/test-support.ts';
import type { GateAccount } from '../show/index.ts';
import { sample } from './test-support/gates.ts';

const policy: GatesPolicy = {
  lint: { failOn: 'error', newOnly: false, ratchet: {}, minimumReports: 1 },
  test: {
    minimumReports: 1,
    minimumTests: 1,
    regressions: false,
    coverage: { metric: 'line', minimum: 70 },
  },
  audit: {
    failOnSeverity: 'high',
    unknownSeverity: 'fail',
    newOnly: false,
    fixableOnly: false,
    developmentFailOn: 'high',
    minimumReports: 1,
  },
  waivers: { maximumTermDays: 90, warnDays: 14 },
  maximumAgeMinutes: 60,
};
const now = Date.parse('2026-11-20T12:00:00Z');

let tree: Tree;
beforeEach(() => {
  tree = makeTree();
});
afterEach(() => {
  tree.remove();
});

interface Given extends Partial<GateInputs> {
  readonly waivers?: readonly Waiver[];
  readonly since?: number;
}

function gate(kind: GateKind, { waivers = [], since, ...inputs }: Given): Promise<GateAccount> {
  return judgeProject(
    kind,
    { workingDirectory: '.', timeoutSeconds: 60, ...inputs },
    { policy: { gates: policy, source: 'defaults' }, waivers, notes: [] },
    {
      workspace: tree.root,
      since,
      now: () => now,
      say: () => undefined,
      show: () => undefined,
      env: {},
      signal: new AbortController().signal,
      // No repository, and no tool is run.
      runCommand: () =>
        Promise.resolve({ exitCode: 128, timedOut: false, stdoutTail: '', stderrTail: '' }),
    },
  );
}

const endOf = ({ result: { verdict, reasonCode } }: GateAccount): string =>
  `${verdict} ${reasonCode}`;

const waiver = (id: string, expires: string): Waiver => ({
  id,
  reason: 'not reachable',
  owner: 'platform-team',
  expires,
});

describe('evidence', () => {
  it('no file is no evidence, also beside one that is there', async () => {
    tree.write({ 'out/a.xml': sample('jest-junit/clean.xml') });
    const inputs = { coverageMinimum: 'off' } as const;
    expect(endOf(await gate(testGate, { ...inputs, reports: ['out/*.xml'] }))).toBe(
      'pass gate-passed',
    );
    for (const reports of [['gone/*.xml'], ['out/*.xml', 'gone/*.xml'], ['../*.xml']]) {
      expect(endOf(await gate(testGate, { ...inputs, reports }))).toBe('error report-missing');
    }
  });

  it('a report from before the job is none of this run', async () => {
    tree.write({ 'audit.json': sample('npm-audit/clean.json') });
    utimesSync(join(tree.root, 'audit.json'), 1000, 1000);
    expect(endOf(await gate(auditGate, { reports: ['audit.json'], since: now }))).toBe(
      'error report-stale',
    );
  });

  it('a link that leads out of the workspace', async () => {
    const outside = makeTree({ 'audit.json': sample('npm-audit/clean.json') });
    symlinkSync(join(outside.root, 'audit.json'), join(tree.root, 'audit.json'));
    const account = await gate(auditGate, { reports: ['audit.json'] });
    outside.remove();
    expect(endOf(account)).toBe('error report-missing');
  });

  it('of many reports every bad one is told, and none is judged', async () => {
    tree.write({
      'a.json': sample('eslint/findings.json'),
      'b.json': sample('eslint/findings.json').slice(0, -20),
      'c.xml': sample('jest-junit/clean.xml'),
      'd.json': '',
    });
    const account = await gate(lintGate, { reports: ['*.json', '*.xml'] });
    expect(account.result).toMatchObject({ verdict: 'error', findings: [] });
    expect(account.breaches.map(({ reasonCode }) => reasonCode).toSorted()).toEqual([
      'report-empty',
      'report-malformed',
      'report-unrecognised',
    ]);
    const told = account.breaches.map(({ explanation }) => explanation).join('\n');
    expect(told).toMatch(/b\.json:\d+:\d+: the JSON is cut off/);
    expect(told).toContain('c.xml: not a report of this gate: it looks like JUnit XML');
  });

  it('a report that was declared as another', async () => {
    tree.write({ 'a.json': sample('eslint/clean.json') });
    const account = await gate(lintGate, { reports: ['a.json'], format: 'sarif' });
    expect(account.result.explanation).toMatch(/a\.json: declared as sarif, but it looks like/);
  });
});

describe('from report to result', () => {
  it.each([
    ['F2', testGate, 'node-test/findings.xml', 'fail tests-failed'],
    ['F6', auditGate, 'pip-audit/findings.json', 'fail severity-unknown'],
    ['F7', auditGate, 'yarn-4/findings.jsonl', 'fail audit-failed'],
    ['F8', auditGate, 'npm-audit/unavailable.json', 'error tool-failed'],
    ['F9', auditGate, 'osv-scanner/findings.json', 'fail audit-failed'],
    ['F15', testGate, 'jest-junit/collection-error.xml', 'fail tests-failed'],
    ['F16', lintGate, 'eslint/findings.json', 'fail lint-failed'],
    ['secrets', auditGate, 'gitleaks/findings.json', 'fail secret-found'],
    ['not analysed', lintGate, 'ruff/missing-file.json', 'error not-analysed'],
    ['clean', lintGate, 'eslint/clean.sarif', 'pass gate-passed'],
  ])('%s', async (_, kind, path, ending) => {
    tree.write({ report: sample(path) });
    const given = kind === testGate ? ({ coverageMinimum: 'off' } as const) : {};
    const account = await gate(kind, { ...given, reports: ['report'] });
    expect(endOf(account)).toBe(ending);
    expect(gateResult.safeParse(account.result).error).toBeUndefined();
  });

  it('F5: tests and coverage end in one verdict, with the exact shortfall', async () => {
    tree.write({
      'junit.xml': sample('pytest/clean.xml'),
      'coverage.xml': sample('coverage-py/line.xml').replaceAll('/work-tree', tree.root),
      'src/app/basket.py': '',
      'src/app/unused.py': '',
      'src/app/__init__.py': '',
    });
    const account = await gate(testGate, {
      reports: ['junit.xml'],
      coverageReports: ['coverage.xml'],
    });
    expect(endOf(account)).toBe('fail coverage-below-minimum');
    expect(account.result.explanation).toContain('8 of 14 lines are covered');
    expect(account.result.explanation).toContain('2 more covered lines are needed for 70 %');
    rmSync(join(tree.root, 'coverage.xml'));
    expect(
      endOf(await gate(testGate, { reports: ['junit.xml'], coverageReports: ['coverage.xml'] })),
    ).toBe('error report-missing');
    expect(endOf(await gate(testGate, { reports: ['junit.xml'] }))).toBe('error coverage-missing');
  });

  it('F14: waivers hold for what they name, and what became of them is told', async () => {
    tree.write({ 'npm.json': sample('npm-audit/findings.json') });
    const account = await gate(auditGate, {
      reports: ['npm.json'],
      waivers: [
        waiver('GHSA-35jh-r3h4-6jhm', '2026-11-19'),
        waiver('GHSA-35jh-r3h4-6jhm', '2026-11-25'),
        waiver('GHSA-xvch-5gv4-984h', '2027-11-20'),
        waiver('no-eval', '2026-12-20'),
      ],
    });
    expect(endOf(account)).toBe('fail audit-failed');
    expect(account.result.waived.map(({ finding }) => finding.id)).toEqual(['GHSA-35jh-r3h4-6jhm']);
    expect(account.result.findings.map(({ id }) => id)).toEqual(['GHSA-xvch-5gv4-984h']);
    expect(account.waivers).toMatchObject({
      expired: [{ expires: '2026-11-19' }],
      expiring: [{ expires: '2026-11-25' }],
      tooLong: [{ expires: '2027-11-20' }],
      unused: [{ id: 'no-eval' }],
    });
  });
});
