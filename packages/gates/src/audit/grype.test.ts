import { describe, expect, it } from '@jest/globals';
import { judgeAudit } from './judge-audit.ts';
import { resolveSeverity } from './severity.ts';
import { nothingWaived, policy, problemsOf, read, remarksOf, seen } from './test-support.ts';

const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

function match(over: object = {}, related: readonly object[] = []): object {
  return {
    vulnerability: {
      id: 'GHSA-462w-v97r-4m45',
      severity: 'Low',
      description: 'an escape',
      cvss: [{ version: '3.1', vector, metrics: { baseScore: 9.8 } }],
      fix: { versions: ['2.10.1'], state: 'fixed' },
      ...over,
    },
    relatedVulnerabilities: related,
    artifact: {
      name: 'jinja2',
      version: '2.10',
      purl: 'pkg:pypi/Jinja2@2.10',
      locations: [{ path: '/requirements.txt' }],
    },
  };
}

function report(matches: readonly object[], over: object = {}): object {
  return {
    matches,
    source: { type: 'directory', target: 'api' },
    distro: { name: '' },
    descriptor: { name: 'grype', version: '0.100.0' },
    ...over,
  };
}

const severityOf = async (over: object, related: readonly object[] = []): Promise<unknown> => {
  const [item] = problemsOf(await read(report([match({ severity: 'Unknown', ...over }, related)])));
  return item && resolveSeverity(item).severity;
};

describe('Grype', () => {
  it('trusts the label where the score says otherwise', async () => {
    const read1 = await read(report([match({}, [{ id: 'CVE-2019-10906' }])]));
    expect(read1.evidence).toMatchObject({ format: 'grype', items: 1 });
    expect(problemsOf(read1)).toEqual([
      {
        kind: 'vulnerability',
        id: 'GHSA-462w-v97r-4m45',
        aliases: ['CVE-2019-10906'],
        package: {
          name: 'jinja2',
          version: '2.10',
          purl: 'pkg:pypi/Jinja2@2.10',
          fixedIn: ['2.10.1'],
          scope: 'unknown',
        },
        severity: { label: 'Low', vectors: [], scores: [] },
        message: 'an escape',
        path: 'api/requirements.txt',
      },
    ]);
  });

  it('goes by the scores where there is no label', async () => {
    expect(await severityOf({})).toBe('critical');
    expect(await severityOf({ cvss: [] })).toBe('unknown');
    expect(await severityOf({ cvss: [] }, [{ id: 'CVE-1', cvss: [{ vector }] }])).toBe('critical');
    expect(await severityOf({ cvss: [{ metrics: { baseScore: 5 } }] })).toBe('moderate');
  });

  it('does not tie the CVEs of one announcement together', async () => {
    const related = [{ id: 'CVE-2026-1' }, { id: 'CVE-2026-2' }];
    const [item] = problemsOf(await read(report([match({ id: 'RHSA-2026:1' }, related)])));
    expect(item?.aliases).toEqual([]);
  });

  it.each([
    ['the vulnerability', match({ severity: 'Negligible', knownExploited: [{ cve: 'CVE-1' }] })],
    ['a related one', match({ severity: 'Negligible' }, [{ id: 'CVE-1', knownExploited: [{}] }])],
  ])('fails on known exploits of %s, whatever the severity', async (_, exploited) => {
    const { items } = await read(report([exploited]));
    const { breaches, findings } = judgeAudit({ items: seen(items), policy, waive: nothingWaived });
    expect(breaches).toMatchObject([{ verdict: 'fail', reasonCode: 'known-exploited' }]);
    expect(findings).toMatchObject([{ level: 'low', knownExploited: true, blocking: true }]);
  });

  it('tells what was ignored, and alerts', async () => {
    const read1 = await read(report([], { ignoredMatches: [match()], alertsByPackage: [{}] }));
    expect(problemsOf(read1)).toEqual([]);
    expect(remarksOf(read1, 'note')).toEqual([
      'Grype: 1 matches ignored by its rules or VEX',
      'Grype: alerts for 1 packages, such as an unsupported distribution',
    ]);
  });

  it('gives no place in the tree for an image', async () => {
    const source = { type: 'image', target: { userInput: 'app:1' } };
    const [item] = problemsOf(await read(report([match()], { source })));
    expect(item).not.toHaveProperty('path');
  });

  it('is refused with the place of what is wrong', async () => {
    const { error } = await read(report([{ ...match(), artifact: null }]));
    expect(error?.reasonCode).toBe('report-malformed');
    expect(error?.message).toContain('matches[0].artifact');
  });
});
