import { describe, expect, it } from '@jest/globals';
import type { Finding, GateResult } from '@gatewright/verdict';
import { finding as findingSchema } from '@gatewright/verdict';
import type { AuditPolicy } from '../policy.ts';
import type { SeenAuditItem } from './item.ts';
import { judgeAudit } from './judge-audit.ts';
import { nothingWaived, policy, vulnerability, waiving } from './test-support.ts';

const bare = { vectors: [], scores: [] };
const unrated = vulnerability({ id: 'CVE-2026-9', severity: bare });
const development = vulnerability({
  id: 'CVE-2026-8',
  package: { name: 'mocha', purl: 'pkg:npm/mocha', fixedIn: ['2'], scope: 'development' },
});
const unfixed = vulnerability({
  id: 'CVE-2026-7',
  package: { name: 'stuck', purl: 'pkg:npm/stuck', fixedIn: [], scope: 'runtime' },
});
const secret: SeenAuditItem = {
  kind: 'secret',
  id: 'api-key',
  aliases: [],
  severity: bare,
  message: 'a key',
  path: 'a.ts',
  line: 1,
  mark: 'e'.repeat(64),
  seenIn: 'leaks.json',
};

function judge(
  items: readonly SeenAuditItem[],
  over: Partial<AuditPolicy> = {},
  rest: Partial<Parameters<typeof judgeAudit>[0]> = {},
): ReturnType<typeof judgeAudit> {
  return judgeAudit({ items, policy: { ...policy, ...over }, waive: nothingWaived, ...rest });
}

function codes({ breaches }: ReturnType<typeof judgeAudit>): string[] {
  return breaches.map(({ verdict, reasonCode }) => `${verdict} ${reasonCode}`);
}

function baseWith(findings: readonly Finding[], over: Partial<GateResult> = {}): GateResult {
  return {
    gate: 'audit',
    verdict: 'fail',
    reasonCode: 'audit-failed',
    explanation: '',
    evidence: [],
    counts: { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, waived: 0 },
    findings: [...findings],
    findingsOmitted: 0,
    waived: [],
    policy: { source: 'defaults', digest: 'a'.repeat(64) },
    ...over,
  };
}

describe('the audit gate', () => {
  it('passes without findings', () => {
    expect(judge([])).toEqual({
      counts: { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, waived: 0 },
      findings: [],
      waived: [],
      breaches: [],
      notes: [],
    });
  });

  it('fails from its severity on, and counts what is milder', () => {
    const moderate = vulnerability({ id: 'CVE-2', severity: { ...bare, label: 'moderate' } });
    const { breaches, counts, findings } = judge([vulnerability(), moderate]);
    expect(breaches).toEqual([
      {
        verdict: 'fail',
        reasonCode: 'audit-failed',
        explanation: '1 finding (1 high) at or above high: CVE-2026-1111 in left-pad.',
        remedy: 'Upgrade to a fixed version, or waive each with a reason and an expiry.',
      },
    ]);
    expect(counts).toMatchObject({ high: 1, moderate: 1 });
    expect(findings.map(({ blocking }) => blocking)).toEqual([true, false]);
    expect(codes(judge([moderate], { failOnSeverity: 'moderate' }))).toEqual(['fail audit-failed']);
    expect(codes(judge([vulnerability()], { failOnSeverity: 'critical' }))).toEqual([]);
  });

  it('gives findings that follow the schema', () => {
    for (const item of judge([vulnerability({ path: 'a', line: 1 }), secret, unrated]).findings) {
      expect(findingSchema.safeParse(item).error).toBeUndefined();
    }
  });

  it('checks every limit, whatever the others found (F13)', () => {
    const judgement = judge([
      vulnerability({ knownExploited: true }),
      vulnerability({ id: 'MAL-2026-1', severity: bare }),
      development,
      unrated,
      secret,
      { kind: 'not-analysed', message: 'skipped x', seenIn: 'pip.json' },
    ]);
    expect(codes(judgement)).toEqual([
      'fail known-exploited',
      'fail secret-found',
      'fail audit-failed',
      'fail audit-failed',
      'fail audit-failed',
      'fail severity-unknown',
      'error not-analysed',
    ]);
    expect(judgement.findings).toHaveLength(5);
  });

  it('says what was not examined', () => {
    const messages = ['skipped a', 'skipped b', 'skipped c', 'skipped d', 'skipped a'];
    const items = messages.map((message) => ({
      kind: 'not-analysed' as const,
      message,
      seenIn: 'pip.json',
    }));
    expect(judge(items).breaches[0]?.explanation).toBe(
      '4 parts were not examined: pip.json: skipped a; pip.json: skipped b; pip.json: skipped c; and 1 more.',
    );
  });

  it.each([
    ['fail', ['fail severity-unknown']],
    ['warn', []],
    ['critical', ['fail audit-failed']],
    ['low', []],
  ] as const)('lets an unknown severity %s', (unknownSeverity, expected) => {
    const judgement = judge([unrated], { unknownSeverity });
    expect(codes(judgement)).toEqual(expected);
    expect(judgement.counts).toMatchObject({ unknown: 1 });
    expect(judgement.notes).toEqual(
      unknownSeverity === 'warn' ? ['1 findings have no usable severity, which only warns'] : [],
    );
  });

  it('has a limit of its own for development', () => {
    expect(codes(judge([development], { developmentFailOn: 'critical' }))).toEqual([]);
    expect(
      codes(judge([development], { developmentFailOn: 'low', failOnSeverity: 'critical' })),
    ).toEqual(['fail audit-failed']);
    const ignored = judge([development, { ...development, id: 'CVE-3', severity: bare }], {
      developmentFailOn: 'ignore',
    });
    expect(codes(ignored)).toEqual([]);
    expect(ignored.notes).toEqual(['2 findings are in packages for development and do not count']);
  });

  it('counts an unknown scope as runtime', () => {
    const unknown = vulnerability({
      package: { name: 'x', fixedIn: ['2'], scope: 'unknown' },
    });
    expect(codes(judge([unknown], { developmentFailOn: 'ignore' }))).toEqual(['fail audit-failed']);
  });

  it('counts only what can be fixed, if the policy says so', () => {
    expect(codes(judge([unfixed]))).toEqual(['fail audit-failed']);
    const judgement = judge([unfixed, secret], { fixableOnly: true });
    expect(codes(judgement)).toEqual(['fail secret-found']);
    expect(judgement.notes).toEqual([
      '1 findings have no fixed version and do not count (fixable-only)',
    ]);
  });

  it('fails on known exploits whatever the settings, unless they are waived', () => {
    const exploited = { ...unfixed, knownExploited: true, severity: { ...bare, label: 'low' } };
    const base = baseWith(judge([exploited]).findings);
    const lenient = { fixableOnly: true, newOnly: true, failOnSeverity: 'critical' } as const;
    expect(codes(judge([exploited], lenient, { base }))).toEqual(['fail known-exploited']);
    const waived = judge([exploited], lenient, { base, waive: waiving('CVE-2026-7') });
    expect(codes(waived)).toEqual([]);
    expect(waived.counts).toMatchObject({ low: 0, waived: 1 });
  });

  it('waives one advisory by id or alias, never the whole package (F14)', () => {
    const items = [
      vulnerability({ id: 'GHSA-a', aliases: ['CVE-2026-1'] }),
      vulnerability({ id: 'GHSA-b', aliases: ['CVE-2026-2'] }),
    ];
    for (const id of ['GHSA-a', 'CVE-2026-1']) {
      const { findings, waived } = judge(items, {}, { waive: waiving(id) });
      expect(findings).toMatchObject([{ id: 'CVE-2026-2', blocking: true }]);
      expect(waived).toMatchObject([{ finding: { id: 'CVE-2026-1' } }]);
    }
  });

  it('never lets a waiver for one CVE hold for others of the same announcement', () => {
    const items = ['CVE-2026-1', 'CVE-2026-2'].map((id) =>
      vulnerability({ id: 'DSA-1-1', aliases: [id] }),
    );
    const { findings } = judge(items, {}, { waive: waiving('CVE-2026-1') });
    expect(findings).toMatchObject([{ id: 'CVE-2026-2' }]);
  });

  describe('with a base', () => {
    const base = baseWith(judge([vulnerability({ aliases: ['GHSA-a'] }), secret]).findings);

    it('counts new findings only', () => {
      const fresh = vulnerability({ id: 'CVE-2026-2' });
      const judgement = judge([vulnerability(), fresh, secret], { newOnly: true }, { base });
      expect(judgement.findings).toMatchObject([
        { id: 'CVE-2026-2', baseline: 'new', blocking: true },
        { id: 'CVE-2026-1111', baseline: 'known', blocking: false },
        { id: 'api-key', baseline: 'known', blocking: false },
      ]);
      expect(judgement.breaches).toHaveLength(1);
      expect(judgement.notes).toEqual(['2 findings are in the base and do not count (new-only)']);
    });

    it('knows a vulnerability under another name, of another version', () => {
      const other = vulnerability({
        id: 'GHSA-a',
        package: { name: 'left-pad', purl: 'pkg:npm/left-pad@2', fixedIn: [], scope: 'runtime' },
      });
      expect(judge([other], { newOnly: true }, { base }).findings).toMatchObject([
        { baseline: 'known' },
      ]);
      const elsewhere = vulnerability({ package: { name: 'x', fixedIn: [], scope: 'runtime' } });
      expect(judge([elsewhere], { newOnly: true }, { base }).findings).toMatchObject([
        { baseline: 'new' },
      ]);
    });

    it('does not know what was waived there, or the waiver would never end', () => {
      const [finding] = base.findings;
      const waiver = { id: 'x', reason: '', owner: '', expires: '2026-01-01' };
      const earlier = baseWith([], finding && { waived: [{ finding, waiver }] });
      expect(codes(judge([vulnerability()], { newOnly: true }, { base: earlier }))).toEqual([
        'fail audit-failed',
      ]);
    });

    it('compares without new-only as well, and fails all the same', () => {
      const judgement = judge([vulnerability()], {}, { base });
      expect(judgement.findings).toMatchObject([{ baseline: 'known', blocking: true }]);
    });

    it.each([
      ['none', undefined],
      ['of another gate', baseWith([], { gate: 'lint' })],
      ['that ended with error', baseWith([], { verdict: 'error' })],
      ['that lists a part', baseWith([], { findingsOmitted: 1 })],
    ])('is an error when it is needed and is one %s', (_, unusable) => {
      const given = unusable === undefined ? {} : { base: unusable };
      const judgement = judge([vulnerability()], { newOnly: true }, given);
      expect(codes(judgement)).toEqual(['fail audit-failed', 'error base-unusable']);
      expect(judgement.findings).toMatchObject([{ baseline: 'not-compared' }]);
      expect(judge([], {}, given).notes).toHaveLength(unusable === undefined ? 0 : 1);
    });
  });

  describe('with a snapshot', () => {
    const content = {
      schema: 1 as const,
      date: '2026-11-01',
      advisories: { 'CVE-2026-9': { severity: 'high', source: 'ghsa' } },
    };

    it('rates what no report rates, and tells the age', () => {
      const judgement = judge([unrated], {}, { snapshot: { content, today: '2026-11-21' } });
      expect(judgement.findings).toMatchObject([{ level: 'high', levelSource: 'snapshot' }]);
      expect(judgement.notes).toEqual([
        'severity snapshot of 2026-11-01, 20 days old; at most 30 are allowed',
      ]);
    });

    it.each(['2026-12-02', '2026-10-31'])('does not ask it on %s', (today) => {
      const judgement = judge([unrated], {}, { snapshot: { content, today } });
      expect(codes(judgement)).toEqual(['fail severity-unknown']);
      expect(judgement.notes[0]).toContain('so it was not used');
    });
  });

  it('shows the remarks of reports, each once, and not without end', () => {
    const notes = Array.from({ length: 60 }, (_, index) => ({
      kind: 'note' as const,
      message: `remark ${index % 55}`,
      seenIn: 'a.json',
    }));
    expect(judge(notes).notes).toHaveLength(51);
    expect(judge(notes).notes.at(-1)).toBe('and 5 more remarks of reports');
  });
});
