import { describe, expect, it } from '@jest/globals';
import { judgeAudit } from './judge-audit.ts';
import { nothingWaived, policy, problemsOf, read, remarksOf, seen } from './test-support.ts';
import { resolveSeverity } from './severity.ts';

const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';

function record(id: string, over: object = {}): object {
  return { id, aliases: [], summary: `about ${id}`, severity: [], affected: [], ...over };
}

function report(entry: object, over: object = {}): object {
  const info = { name: 'jinja2', version: '2.10', ecosystem: 'PyPI' };
  return {
    results: [
      {
        source: { path: '/tree/api/requirements.txt', type: 'lockfile' },
        packages: [{ package: info, ...entry }],
      },
    ],
    experimental_config: { licenses: { summary: false, allowlist: null } },
    ...over,
  };
}

function group(ids: readonly string[], over: object = {}): object {
  return { ids, aliases: ids, max_severity: '', ...over };
}

const scoped = async (groups: readonly string[]): Promise<string | undefined> => {
  const entry = { vulnerabilities: [record('A-1')], groups: [group(['A-1'])] };
  const [item] = problemsOf(await read(report({ ...entry, dependency_groups: groups })));
  return item?.package?.scope;
};

describe('osv-scanner', () => {
  it('gives one item for each group of advisories', async () => {
    const affected = [
      {
        package: { name: 'jinja2', ecosystem: 'PyPI' },
        ranges: [
          { type: 'GIT', events: [{ introduced: '0' }, { fixed: 'c0ffee' }] },
          { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.10.1' }] },
        ],
      },
      { package: { name: 'other' }, ranges: [{ type: 'ECOSYSTEM', events: [{ fixed: '9' }] }] },
    ];
    const read1 = await read(
      report({
        vulnerabilities: [
          record('PYSEC-2019-217', { summary: '', details: 'See the other.' }),
          record('GHSA-462w-v97r-4m45', {
            aliases: ['CVE-2019-10906'],
            affected,
            database_specific: { severity: 'HIGH' },
            severity: [{ type: 'CVSS_V3', score: vector }],
          }),
        ],
        groups: [group(['GHSA-462w-v97r-4m45', 'PYSEC-2019-217'], { max_severity: '8.6' })],
      }),
    );
    expect(read1.evidence).toMatchObject({ format: 'osv-scanner', items: 1 });
    expect(read1.items).toEqual([
      {
        kind: 'vulnerability',
        id: 'GHSA-462w-v97r-4m45',
        aliases: ['CVE-2019-10906', 'PYSEC-2019-217'],
        package: {
          name: 'jinja2',
          version: '2.10',
          purl: 'pkg:pypi/jinja2@2.10',
          fixedIn: ['2.10.1'],
          scope: 'unknown',
        },
        severity: { ghsa: 'high', vectors: [vector], scores: [{ value: 8.6 }] },
        message: 'about GHSA-462w-v97r-4m45',
        path: 'api/requirements.txt',
      },
    ]);
  });

  it('is not voided by one malformed vector, though its own maximum is empty (F9)', async () => {
    const bad = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L' };
    const good = { type: 'CVSS_V3', score: vector };
    const [item] = problemsOf(
      await read(
        report({
          vulnerabilities: [
            record('A-1', { severity: [bad] }),
            record('A-2', { severity: [good] }),
          ],
          groups: [group(['A-1', 'A-2'])],
        }),
      ),
    );
    expect(item && resolveSeverity(item)).toMatchObject({
      severity: 'high',
      source: 'cvss:3.1',
      ignored: [expect.any(String)],
    });
  });

  it('leaves an advisory without CVSS unknown, which fails', async () => {
    const { items } = await read(
      report({ vulnerabilities: [record('A-1')], groups: [group(['A-1'])] }),
    );
    const { breaches } = judgeAudit({ items: seen(items), policy, waive: nothingWaived });
    expect(breaches).toMatchObject([{ verdict: 'fail', reasonCode: 'severity-unknown' }]);
  });

  it('fails on malware whatever its severity', async () => {
    const { items } = await read(
      report({ vulnerabilities: [record('MAL-2026-1')], groups: [group(['MAL-2026-1'])] }),
    );
    const lenient = {
      ...policy,
      unknownSeverity: 'warn' as const,
      fixableOnly: true,
      developmentFailOn: 'ignore' as const,
    };
    const { breaches, findings } = judgeAudit({
      items: seen(items),
      policy: lenient,
      waive: nothingWaived,
    });
    expect(findings).toMatchObject([{ level: 'critical', levelSource: 'malware', blocking: true }]);
    expect(breaches).toMatchObject([{ verdict: 'fail', reasonCode: 'audit-failed' }]);
  });

  it.each(['experimental_analysis', 'experimentalAnalysis'])(
    'tells that code is not called (%s), and counts it all the same',
    async (key) => {
      const analysed = group(['A-1'], { [key]: { 'A-1': { called: false } }, max_severity: '9.8' });
      const { items } = await read(
        report({ vulnerabilities: [record('A-1')], groups: [analysed] }),
      );
      const judgement = judgeAudit({ items: seen(items), policy, waive: nothingWaived });
      expect(judgement.findings).toMatchObject([
        { message: 'about A-1 (osv-scanner: not called)', level: 'critical', blocking: true },
      ]);
    },
  );

  it('knows groups that are for development', async () => {
    expect(await scoped(['dev'])).toBe('development');
    expect(await scoped(['dev', 'docs'])).toBe('unknown');
    expect(await scoped([])).toBe('unknown');
  });

  it('gives licence violations as findings', async () => {
    const [item] = problemsOf(await read(report({ license_violations: ['UNKNOWN'] })));
    expect(item).toMatchObject({ kind: 'licence', id: 'UNKNOWN', package: { name: 'jinja2' } });
  });

  it('counts all packages when they are all listed', async () => {
    const clean = await read(report({}));
    expect(clean.evidence?.items).toBe(1);
    expect(clean.items).toEqual([]);
  });

  it('is no evidence without any package, for a failed run looks the same', async () => {
    const report1 = await read({ results: [], experimental_config: {} });
    expect(remarksOf(report1, 'not-analysed')).toHaveLength(1);
  });

  it('says that generic findings are not read', async () => {
    const report1 = await read(report({}, { experimental_generic_findings: [{}, {}] }));
    expect(remarksOf(report1, 'not-analysed')).toHaveLength(1);
  });

  it('is refused when a vulnerability is in no group', async () => {
    const { error } = await read(report({ vulnerabilities: [record('A-1')], groups: [] }));
    expect(error?.reasonCode).toBe('report-contradictory');
  });
});
