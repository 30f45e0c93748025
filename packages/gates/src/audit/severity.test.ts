import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { SeverityEvidence } from './item.ts';
import { resolveSeverity, severityOfScore } from './severity.ts';
import { severityOfWord } from './severity-words.ts';
import { severitySnapshot, snapshotAgeDays } from './snapshot.ts';
import type { SeveritySnapshot } from './snapshot.ts';

const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const low = 'CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N';
const second = 'AV:N/AC:L/Au:N/C:C/I:C/A:C';

const resolve = (
  evidence: Partial<SeverityEvidence>,
  snapshot?: SeveritySnapshot,
): ReturnType<typeof resolveSeverity> =>
  resolveSeverity(
    {
      id: 'PYSEC-2026-1',
      aliases: ['CVE-2026-1'],
      severity: { vectors: [], scores: [], ...evidence },
    },
    snapshot,
  );

const snapshot: SeveritySnapshot = {
  schema: 1,
  date: '2026-11-01',
  advisories: {
    'CVE-2026-1': { severity: 'moderate', source: 'ghsa' },
    'CVE-2026-2': { vector: critical, source: 'nvd' },
  },
};

describe('severity', () => {
  it('goes by the label, then the GHSA word, then the scores, then the snapshot', () => {
    const all = { label: 'low', ghsa: 'HIGH', vectors: [critical] };
    expect(resolve(all, snapshot)).toMatchObject({ severity: 'low', source: 'label' });
    expect(resolve({ ...all, label: 'UNKNOWN' })).toMatchObject({
      severity: 'high',
      source: 'ghsa',
    });
    expect(resolve({ vectors: [critical] }, snapshot)).toMatchObject({
      severity: 'critical',
      source: 'cvss:3.1',
    });
    expect(resolve({}, snapshot)).toMatchObject({ severity: 'moderate', source: 'snapshot' });
    expect(resolve({})).toEqual({ severity: 'unknown', ignored: [] });
  });

  it('prefers CVSS 4 to 3 to 2, and takes the gravest of one version', () => {
    expect(resolve({ vectors: [second, critical, low] })).toMatchObject({
      severity: 'low',
      source: 'cvss:4.0',
    });
    expect(
      resolve({ vectors: [second, 'CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', critical] }),
    ).toMatchObject({ severity: 'critical', source: 'cvss:3.1' });
    expect(resolve({ vectors: [second], scores: [{ value: 2, version: '3' }] })).toMatchObject({
      severity: 'low',
      source: 'cvss:3',
    });
  });

  it('is not voided by one bad vector (F9)', () => {
    const { severity, ignored } = resolve({
      vectors: ['CVSS:3.1/AV:N/AC:L', critical, 'nonsense'],
    });
    expect(severity).toBe('critical');
    expect(ignored).toHaveLength(2);
  });

  it('is unknown, and says why, when the only vector is incomplete (F10)', () => {
    expect(resolve({ vectors: ['CVSS:3.1/AV:N/AC:L'] })).toEqual({
      severity: 'unknown',
      ignored: ['a CVSS vector that is invalid or incomplete'],
    });
  });

  it('takes a score of 0 without a vector for "not scored", as npm writes it', () => {
    expect(resolve({ scores: [{ value: 0 }] }).severity).toBe('unknown');
    expect(resolve({ scores: [{ value: 11 }] }).severity).toBe('unknown');
    expect(resolve({ scores: [{ value: 9.8 }] })).toMatchObject({
      severity: 'critical',
      source: 'cvss',
    });
  });

  it('falls through a label that it does not know', () => {
    expect(resolve({ label: 'catastrophic', ghsa: 'MODERATE' }).source).toBe('ghsa');
    expect(resolve({ label: 'constructor' }).severity).toBe('unknown');
  });

  it.each([
    [10, 'critical'],
    [9, 'critical'],
    [8.95, 'high'],
    [8.9, 'high'],
    [7, 'high'],
    [6.9, 'moderate'],
    [4, 'moderate'],
    [3.9, 'low'],
    [0.1, 'low'],
    [0, 'low'],
  ])('of a score of %d is %s', (score, severity) => {
    expect(severityOfScore(score)).toBe(severity);
  });

  it.each([
    ['CRITICAL', 'critical'],
    ['High', 'high'],
    ['important', 'high'],
    ['MEDIUM', 'moderate'],
    ['moderate', 'moderate'],
    ['Low', 'low'],
    ['Negligible', 'low'],
    ['info', 'low'],
    ['None', 'low'],
    ['UNKNOWN', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of the word %s is %s', (word, severity) => {
    expect(severityOfWord(word)).toBe(severity);
  });

  it('does not depend on the order of vectors', () => {
    const vectors = fc.shuffledSubarray([critical, low, second, 'nonsense', 'CVSS:3.1/AV:N']);
    fc.assert(
      fc.property(vectors, (some) => {
        const { severity, source } = resolve({ vectors: some });
        const sorted = resolve({ vectors: some.toSorted() });
        expect({ severity, source }).toEqual({ severity: sorted.severity, source: sorted.source });
      }),
    );
  });
});

describe('the severity snapshot', () => {
  it('rates by any alias, and by a vector where it has no word', () => {
    const item = { id: 'X-1', aliases: ['CVE-2026-2'], severity: { vectors: [], scores: [] } };
    expect(resolveSeverity(item, snapshot).severity).toBe('critical');
    expect(resolveSeverity({ ...item, aliases: ['toString'] }, snapshot).severity).toBe('unknown');
  });

  it('accepts its own form only', () => {
    const advisory = (entry: unknown): unknown => ({ ...snapshot, advisories: { 'CVE-1': entry } });
    expect(severitySnapshot.safeParse(snapshot).success).toBe(true);
    for (const wrong of [
      { ...snapshot, schema: 2 },
      { ...snapshot, date: 'yesterday' },
      { ...snapshot, extra: 1 },
      advisory({ severity: 'unknown', source: 'x' }),
      advisory({ source: 'x' }),
      advisory({ severity: 'high' }),
    ]) {
      expect(severitySnapshot.safeParse(wrong).success).toBe(false);
    }
  });

  it('knows its age', () => {
    expect(snapshotAgeDays(snapshot, '2026-11-21')).toBe(20);
    expect(snapshotAgeDays(snapshot, '2026-10-31')).toBe(-1);
  });
});
