import { describe, expect, it } from '@jest/globals';
import { orderBreaches } from '../judgement.ts';
import type { ApplyWaivers, Judgement } from '../judgement.ts';
import type { LintPolicy } from '../policy.ts';
import { baseWith, defaultPolicy, itemAt, judge } from './test-support.ts';

const reasons = ({ breaches }: Judgement): string[] =>
  breaches.map(({ verdict, reasonCode }) => `${verdict} ${reasonCode}`);
const policyWith = (more: Partial<LintPolicy>): LintPolicy => ({ ...defaultPolicy, ...more });

const waiver = { id: 'no-unused', reason: 'legacy', owner: 'team', expires: '2027-01-01' };
const waiveAll: ApplyWaivers = (findings) => ({
  open: [],
  waived: findings.map((finding) => ({ finding, waiver })),
});

describe('the level that fails', () => {
  const items = [
    itemAt(1, { level: 'note' }),
    itemAt(2, { level: 'warning' }),
    itemAt(3, { level: 'error' }),
  ];

  it.each([
    ['error', 1],
    ['warning', 2],
    ['note', 3],
  ] as const)('%s blocks %i of three', (failOn, blocking) => {
    const judgement = judge(items, { policy: policyWith({ failOn }) });
    expect(judgement.findings.filter((finding) => finding.blocking)).toHaveLength(blocking);
    expect(reasons(judgement)).toEqual(['fail lint-failed']);
  });

  it('passes when nothing reaches it, and counts all the same', () => {
    const judgement = judge(items.slice(0, 2));
    expect(judgement.breaches).toEqual([]);
    expect(judgement.counts).toEqual({
      error: 0,
      warning: 1,
      note: 1,
      notAnalysed: 0,
      suppressed: 0,
      waived: 0,
    });
  });

  it('says how many, and where the first is', () => {
    const [breach] = judge(items, { policy: policyWith({ failOn: 'warning' }) }).breaches;
    expect(breach?.explanation).toBe(
      '2 findings of level warning or graver; the first: src/a.ts:3: unused variable (no-unused).',
    );
  });

  it('lists the gravest first', () => {
    expect(judge(items).findings.map(({ level }) => level)).toEqual(['error', 'warning', 'note']);
  });
});

describe('what was not analysed or is suppressed', () => {
  const unanalysed = itemAt(1, { kind: 'not-analysed', ruleId: 'fatal', message: 'Parsing error' });

  it('is an error though no finding fails', () => {
    const judgement = judge([unanalysed, itemAt(2, { level: 'note' })]);
    expect(reasons(judgement)).toEqual(['error not-analysed']);
    expect(judgement.counts).toMatchObject({ notAnalysed: 1, error: 0, note: 1 });
    expect(judgement.findings[0]).toMatchObject({
      id: 'fatal',
      line: 1,
      blocking: true,
      levelSource: 'not-analysed',
    });
  });

  it('does not hide that findings fail', () => {
    const judgement = judge([unanalysed, itemAt(2)]);
    expect(orderBreaches(judgement.breaches)[0]).toMatchObject({ reasonCode: 'lint-failed' });
  });

  it('cannot be waived, and is not asked of the ratchet', () => {
    const policy = policyWith({ ratchet: { fatal: 5 } });
    expect(reasons(judge([unanalysed], { waive: waiveAll, policy }))).toEqual([
      'error not-analysed',
    ]);
  });

  it('counts suppressed findings, says so, and never fails by them', () => {
    const judgement = judge([itemAt(1, { kind: 'suppressed' })], {
      policy: policyWith({ failOn: 'note', ratchet: { 'no-unused': 0 } }),
    });
    expect([judgement.breaches, judgement.findings]).toEqual([[], []]);
    expect(judgement.counts).toMatchObject({ suppressed: 1 });
    expect(judgement.notes).toEqual(['1 finding suppressed, not counted.']);
  });
});

describe('waivers', () => {
  it('take findings out of the verdict, the counts by level and the ratchet', () => {
    const waive: ApplyWaivers = (findings) => ({
      open: findings.filter(({ line }) => line !== 1),
      waived: findings.filter(({ line }) => line === 1).map((finding) => ({ finding, waiver })),
    });
    const policy = policyWith({ ratchet: { 'no-unused': 1 } });
    const judgement = judge([itemAt(1), itemAt(2)], { waive, policy });
    expect(judgement.breaches).toEqual([]);
    expect(judgement.counts).toMatchObject({ error: 1, waived: 1 });
    expect(judgement.waived).toMatchObject([{ finding: { line: 1, blocking: false }, waiver }]);
  });
});

describe('the ratchet of a rule', () => {
  const items = [1, 2, 3].map((line) => itemAt(line));

  it('passes at its number whatever the level', () => {
    const judgement = judge(items, { policy: policyWith({ ratchet: { 'no-unused': 3 } }) });
    expect([judgement.breaches, judgement.notes]).toEqual([[], []]);
    expect(judgement.findings.every(({ blocking }) => !blocking)).toBe(true);
  });

  it('fails above it, also for a level that would pass', () => {
    const notes = items.map((item) => ({ ...item, level: 'note' as const }));
    const judgement = judge(notes, { policy: policyWith({ ratchet: { 'no-unused': 2 } }) });
    expect(reasons(judgement)).toEqual(['fail lint-ratchet-exceeded']);
    expect(judgement.breaches[0]?.explanation).toBe(
      'no-unused has 3 findings, 1 more than its ratchet allows (2).',
    );
    expect(judgement.findings.every(({ blocking }) => blocking)).toBe(true);
  });

  it('suggests the lower number', () => {
    const ratchet = { 'no-unused': 5, gone: 4, constructor: 0 };
    expect(judge(items, { policy: policyWith({ ratchet }) }).notes).toEqual([
      'gone has no findings any more; its ratchet of 4 can be removed.',
      'no-unused has 3 findings; its ratchet can be lowered from 5 to 3.',
    ]);
  });

  it('counts known findings as well as new ones', () => {
    const base = baseWith(judge(items).findings);
    const policy = policyWith({ newOnly: true, ratchet: { 'no-unused': 2 } });
    expect(reasons(judge(items, { policy, base }))).toEqual(['fail lint-ratchet-exceeded']);
  });
});

describe('the comparison with a base', () => {
  const known = itemAt(1);
  const policy = policyWith({ newOnly: true });
  const base = baseWith(judge([known]).findings);

  it('fails only for what is new', () => {
    expect(judge([known], { policy, base }).breaches).toEqual([]);
    const judgement = judge([known, itemAt(2)], { policy, base });
    expect(reasons(judgement)).toEqual(['fail lint-failed']);
    expect(judgement.findings.map(({ line, baseline }) => `${line} ${baseline}`)).toEqual([
      '1 known',
      '2 new',
    ]);
    expect(judgement.notes).toContain('Compared with the base: 1 new, 1 known there.');
  });

  it('does not know what is waived in the base: an expired waiver shall bite', () => {
    const finding = judge([known]).findings[0];
    const waived = finding === undefined ? [] : [{ finding, waiver }];
    expect(judge([known], { policy, base: baseWith([], { waived }) }).breaches).toMatchObject([
      { reasonCode: 'lint-failed' },
    ]);
  });

  it.each([
    ['is missing', undefined, 'there is no base result'],
    ['leaves findings out', baseWith([], { findingsOmitted: 3 }), 'leaves out 3 findings'],
    ['is of another gate', baseWith([], { gate: 'audit' }), 'one of the audit gate'],
    ['could not tell either', baseWith([], { verdict: 'error' }), 'has the verdict error'],
    ['was skipped', baseWith([], { verdict: 'skipped' }), 'has the verdict skipped'],
  ])('is an error when only new findings count and the base %s', (_, bad, reason) => {
    const judgement = judge([known], { policy, base: bad });
    expect(reasons(judgement)).toEqual(['error base-unusable']);
    expect(judgement.breaches[0]?.explanation).toContain(reason);
    expect(judgement.findings[0]).toMatchObject({ baseline: 'not-compared', blocking: false });
  });

  it('is an error without a base even when nothing was found', () => {
    expect(reasons(judge([], { policy }))).toEqual(['error base-unusable']);
  });

  it('is no matter when all findings count', () => {
    expect(judge([], { base: baseWith([], { verdict: 'error' }) })).toMatchObject({
      breaches: [],
      notes: ['Not compared: the base result has the verdict error.'],
    });
  });
});
