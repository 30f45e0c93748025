// F6–F10, F12–F14 and F16: ways in which gates of audits and linters are known to go green.
import { describe, expect, it } from '@jest/globals';
import { auditGate, lintGate, sample } from './test-support/gates.ts';

const audit = (path: string): Readonly<Record<string, string>> => ({ [path]: sample(path) });

/** osv-scanner's report with these vectors for one advisory. */
const osv = (...vectors: readonly string[]): string =>
  JSON.stringify({
    results: [
      {
        source: { path: '/work-tree/requirements.txt', type: 'lockfile' },
        packages: [
          {
            package: { name: 'jinja2', version: '2.10', ecosystem: 'PyPI' },
            vulnerabilities: [
              {
                id: 'CVE-2026-0001',
                modified: '2026-01-01T00:00:00Z',
                severity: vectors.map((score) => ({
                  type: score.startsWith('CVSS:4') ? 'CVSS_V4' : 'CVSS_V3',
                  score,
                })),
                affected: [],
              },
            ],
            groups: [{ ids: ['CVE-2026-0001'], aliases: ['CVE-2026-0001'], max_severity: '' }],
          },
        ],
      },
    ],
  });
const broken = 'CVSS:3.1/AV:N/AC:L';
const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

describe('fail-open', () => {
  it('F6: an advisory without a severity is not below the threshold', async () => {
    const report = audit('pip-audit/findings.json');
    expect(await auditGate(report, { policy: { failOnSeverity: 'critical' } })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'severity-unknown',
      judgement: { counts: { unknown: 1 } },
    });
    const content = {
      schema: 1 as const,
      date: '2026-11-19',
      advisories: { 'GHSA-462w-v97r-4m45': { severity: 'high', source: 'ghsa' } },
    };
    expect(await auditGate(report, { snapshot: { content, today: '2026-11-20' } })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'audit-failed',
      judgement: {
        findings: [{ level: 'high', levelSource: expect.stringContaining('snapshot') }],
      },
    });
  });

  it('F7: the lines of Yarn 4 are findings', async () => {
    expect(await auditGate(audit('yarn-4/findings.jsonl'))).toMatchObject({
      verdict: 'fail',
      reasonCode: 'audit-failed',
      judgement: { counts: { critical: 1, high: 1 } },
    });
    const odd = { 'yarn.jsonl': '{"value":"lodash","children":{"Something":"else"}}\n' };
    expect((await auditGate(odd)).verdict).toBe('error');
  });

  it('F8: an audit whose service did not answer is no clean audit', async () => {
    const down = [
      'npm-audit/unavailable.json',
      'npm-audit/broken-lockfile.json',
      'pnpm-audit/unavailable.json',
      'yarn-1/unavailable.jsonl',
      'yarn-3/unavailable.json',
      'yarn-4/unavailable.jsonl',
      'pip-audit/unavailable.json',
      'osv-scanner/no-database.json',
      'osv-scanner/broken-lockfile.json',
      'handwritten/trivy/nothing-scanned.json',
    ];
    for (const path of down) {
      expect({ path, verdict: (await auditGate(audit(path))).verdict }).toEqual({
        path,
        verdict: 'error',
      });
    }
    expect(await auditGate(audit('npm-audit/unavailable.json'))).toMatchObject({
      reasonCode: 'tool-failed',
    });
    // Not even beside a clean one.
    const both = { ...audit('npm-audit/clean.json'), ...audit('npm-audit/unavailable.json') };
    expect((await auditGate(both)).verdict).toBe('error');
  });

  it('F9: a malformed vector makes an advisory unknown, and takes nothing from the good ones', async () => {
    expect(await auditGate({ 'osv.json': osv(broken) })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'severity-unknown',
      judgement: { counts: { unknown: 1 } },
    });
    for (const vectors of [
      [broken, critical],
      [critical, broken],
    ]) {
      expect(await auditGate({ 'osv.json': osv(...vectors) })).toMatchObject({
        verdict: 'fail',
        reasonCode: 'audit-failed',
        judgement: { counts: { critical: 1, unknown: 0 } },
      });
    }
    // The real scanner's report leaves max_severity empty for such an advisory.
    expect(await auditGate(audit('osv-scanner/findings.json'))).toMatchObject({
      verdict: 'fail',
      judgement: { counts: { high: 1, unknown: 1 } },
    });
  });

  it('F10: an incomplete vector is no score of 0, and temporal metrics make nothing milder', async () => {
    const policy = { unknownSeverity: 'warn', failOnSeverity: 'critical' } as const;
    const incomplete = await auditGate({ 'osv.json': osv(broken) }, { policy });
    expect(incomplete.judgement?.counts).toMatchObject({ low: 0, unknown: 1 });
    const temporal = `${critical}/E:U/RL:O/RC:U`;
    expect(await auditGate({ 'osv.json': osv(temporal) }, { policy })).toMatchObject({
      verdict: 'fail',
      judgement: { counts: { critical: 1 } },
    });
  });

  it('F12: what is unknown of a licence fails, and does not only inform', async () => {
    const report = JSON.parse(sample('handwritten/trivy/clean.json'));
    report.Results.push({
      Target: 'Node.js',
      Class: 'license',
      Licenses: [
        { Severity: 'UNKNOWN', Category: 'unknown', PkgName: 'x', Name: 'Custom-1', Confidence: 1 },
      ],
    });
    expect(await auditGate({ 'trivy.json': JSON.stringify(report) })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'severity-unknown',
      judgement: { findings: [{ kind: 'licence', id: 'Custom-1' }] },
    });
  });

  it('F13: every limit is checked and told, whatever the others found', async () => {
    const { explanations, judgement } = await auditGate(audit('handwritten/trivy/findings.json'));
    expect(judgement?.findings.map(({ kind, id }) => `${kind} ${id}`).toSorted()).toEqual([
      'licence GPL-3.0-only',
      'misconfiguration DS002',
      'secret github-pat',
      'vulnerability CVE-2021-44906',
      'vulnerability CVE-2026-0002',
    ]);
    const told = explanations.join('\n');
    for (const id of ['github-pat', 'CVE-2021-44906', 'DS002', 'GPL-3.0-only', 'CVE-2026-0002']) {
      expect(told).toContain(id);
    }
  });

  it('F14: a waiver for one advisory leaves the others of the package', async () => {
    const report = JSON.parse(sample('npm-audit/findings.json'));
    const [advisory] = report.vulnerabilities.lodash.via;
    report.vulnerabilities.lodash.via.push({
      ...advisory,
      source: 1,
      url: 'https://github.com/advisories/GHSA-29mw-wpgm-hmr9',
    });
    const waiver = {
      id: 'GHSA-35jh-r3h4-6jhm',
      scope: { package: 'pkg:npm/lodash' },
      reason: 'not reachable',
      owner: 'platform-team',
      expires: '2026-12-01',
    };
    const { verdict, judgement } = await auditGate(
      { 'npm.json': JSON.stringify(report) },
      { waivers: [waiver], policy: { failOnSeverity: 'high', developmentFailOn: 'ignore' } },
    );
    expect(verdict).toBe('fail');
    expect(judgement?.waived.map(({ finding }) => finding.id)).toEqual(['GHSA-35jh-r3h4-6jhm']);
    expect(judgement?.findings.map(({ id }) => id)).toContain('GHSA-29mw-wpgm-hmr9');
  });

  it('F16: findings count wherever they are, and the verdict is the exit', async () => {
    // Which lines a change touches is no input of the lint gate: old findings are known by a base result alone.
    const report = { 'eslint.json': sample('eslint/findings.json') };
    expect(await lintGate(report)).toMatchObject({
      verdict: 'fail',
      reasonCode: 'lint-failed',
      judgement: { counts: { error: 3, warning: 2 } },
    });
    // Without one, what is new cannot be told.
    const warning = { failOn: 'warning' } as const;
    const missing = await lintGate(report, { policy: { newOnly: true, failOn: 'note' } });
    expect(missing).toMatchObject({ verdict: 'error', reasonCode: 'base-unusable' });
    const warnings = { 'gcc.txt': sample('gcc/findings.txt') };
    expect((await lintGate(warnings)).verdict).toBe('pass');
    expect((await lintGate(warnings, { policy: warning })).verdict).toBe('fail');
  });
});
