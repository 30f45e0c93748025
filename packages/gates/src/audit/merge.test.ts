import { describe, expect, it } from '@jest/globals';
import type { AuditProblem } from './item.ts';
import { mergeProblems } from './merge.ts';
import { vulnerability } from './test-support.ts';

const bare = { vectors: [], scores: [] };

function packaged(over: Partial<NonNullable<AuditProblem['package']>>): {
  package: NonNullable<AuditProblem['package']>;
} {
  return { package: { name: 'left-pad', fixedIn: [], scope: 'unknown', ...over } };
}

const at = (version: string, path: string): AuditProblem => ({
  ...vulnerability({
    ...packaged({ version, purl: `pkg:npm/left-pad@${version}`, fixedIn: [`${version}.1`] }),
    path,
  }),
});

const scopeOf = (...scopes: readonly ('runtime' | 'development' | 'unknown')[]): unknown =>
  mergeProblems(scopes.map((scope) => vulnerability(packaged({ scope })))).findings[0]?.package
    ?.scope;

const secret = (line: number, seenIn: string): AuditProblem & { seenIn: string } => ({
  kind: 'secret',
  id: 'api-key',
  aliases: [],
  severity: bare,
  message: 'a key',
  path: 'a.ts',
  line,
  mark: 'f'.repeat(64),
  seenIn,
});

describe('problems of several reports', () => {
  it('become one finding over a chain of aliases, which names all reports', () => {
    const { findings } = mergeProblems([
      vulnerability({ id: 'PYSEC-1', aliases: ['GHSA-a'], severity: bare, seenIn: 'pip.json' }),
      vulnerability({ id: 'CVE-2026-1', aliases: ['GHSA-a'], seenIn: 'trivy.json' }),
      vulnerability({ id: 'CVE-2026-1', severity: { ...bare, label: 'low' }, seenIn: 'osv.json' }),
    ]);
    expect(findings).toMatchObject([
      {
        id: 'CVE-2026-1',
        aliases: ['GHSA-a', 'PYSEC-1'],
        // No report lowers what another one says.
        level: 'high',
        levelSource: 'label',
        seenIn: ['osv.json', 'pip.json', 'trivy.json'],
      },
    ]);
  });

  it('stay apart for another package or another advisory', () => {
    const { findings } = mergeProblems([
      vulnerability(),
      vulnerability({ id: 'CVE-2026-2222' }),
      vulnerability(packaged({ name: 'right-pad', purl: 'pkg:npm/right-pad' })),
      vulnerability(packaged({ purl: 'pkg:pypi/left-pad' })),
    ]);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  it('know a package however it is written', () => {
    const { findings } = mergeProblems([
      vulnerability(packaged({ name: 'Jinja2', purl: 'pkg:pypi/Jinja_Two@2.10' })),
      vulnerability(packaged({ name: 'jinja2', purl: 'pkg:pypi/jinja-two' })),
      vulnerability(packaged({ name: '@a/b', purl: 'pkg:npm/%40a/b@1' })),
      vulnerability(packaged({ name: '@a/b', purl: 'pkg:npm/%40a/b@2' })),
    ]);
    expect(findings).toHaveLength(2);
  });

  it('leave out what they do not agree on, so that no waiver holds for the wrong place', () => {
    const seenIn = 'a.json';
    const [finding] = mergeProblems([
      { ...at('1.0', 'a/lock'), seenIn },
      { ...at('2.0', 'b/lock'), seenIn },
    ]).findings;
    expect(finding).toMatchObject({
      message: 'pads on the wrong side (versions 1.0, 2.0; in a/lock, b/lock)',
      package: { name: 'left-pad', purl: 'pkg:npm/left-pad', fixedIn: ['1.0.1', '2.0.1'] },
    });
    expect(finding).not.toHaveProperty('path');
    expect(finding?.package).not.toHaveProperty('version');
  });

  it('are for development only if all reports say so', () => {
    expect(scopeOf('development', 'development')).toBe('development');
    expect(scopeOf('development', 'unknown')).toBe('unknown');
    expect(scopeOf('development', 'unknown', 'runtime')).toBe('runtime');
  });

  it('keep their fingerprint when the version changes', () => {
    const [one] = mergeProblems([vulnerability()]).findings;
    const [other] = mergeProblems([
      vulnerability(packaged({ version: '1.1', purl: 'pkg:npm/left-pad@1.1' })),
    ]).findings;
    expect(other?.fingerprint).toBe(one?.fingerprint);
  });

  it('number what is equal within a report, and join it over reports', () => {
    const { findings } = mergeProblems([
      secret(9, 'one.json'),
      secret(2, 'one.json'),
      secret(2, 'two.json'),
    ]);
    expect(findings).toMatchObject([
      { line: 2, level: 'high', levelSource: 'kind', seenIn: ['one.json', 'two.json'] },
      { line: 9, seenIn: ['one.json'] },
    ]);
    expect(findings[0]?.fingerprint).toBe('f'.repeat(64));
    expect(findings[1]?.fingerprint).not.toBe('f'.repeat(64));
  });

  it('tell how often a vector could not be used', () => {
    const severity = { vectors: ['nonsense', 'CVSS:3.1/AV:N'], scores: [] };
    const { ignored } = mergeProblems([
      vulnerability({ severity }),
      vulnerability({ severity, id: 'CVE-2' }),
    ]);
    expect(ignored).toEqual(['2 times ignored: a CVSS vector that is invalid or incomplete']);
  });
});
