import { describe, expect, it } from '@jest/globals';
import type { GateRecord } from '@gatewright/verdict';
import { decide } from './decide.ts';
import type { Facts } from './decide.ts';

const digest = 'd'.repeat(64);
const commit = 'c'.repeat(40);
const tree = 'e'.repeat(40);
const gate = {
  verdict: 'pass' as const,
  reasonCode: 'gate-passed',
  explanation: 'fine',
  counts: { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, waived: 0 },
  evidence: [],
  policy: { source: 'defaults', digest },
  sha256: digest,
};
const record: GateRecord = {
  schema: 'gatewright.gate-record/1',
  repository: 'acme/orders',
  commit,
  tree,
  ref: 'refs/heads/main',
  event: 'push',
  runId: '77',
  runAttempt: 1,
  at: '2026-01-02T10:00:00.000Z',
  verdict: 'pass',
  reasonCode: 'gates-passed',
  explanation: 'fine',
  gates: { lint: gate, test: gate, audit: gate },
};
const facts: Facts = {
  reading: { kind: 'read', digest, record },
  expectedDigest: digest,
  repository: 'Acme/Orders',
  commit,
  tree,
  runId: '77',
  now: Date.parse('2026-01-02T11:00:00Z'),
  maximumAgeMinutes: 60,
};
const withRecord = (more: Partial<GateRecord>): Partial<Facts> => ({
  reading: { kind: 'read', digest, record: { ...record, ...more } },
});

describe('a gate record', () => {
  it('is accepted when everything agrees, up to the last minute', () => {
    expect(decide(facts)).toMatchObject({ verdict: 'pass', reasonCode: 'gates-passed' });
  });

  it.each<[string, Partial<Facts>, string]>([
    ['is absent', { reading: { kind: 'absent' } }, 'error gate-record-missing'],
    ['came without its digest', { expectedDigest: undefined }, 'error gate-record-missing'],
    [
      'cannot be read',
      { reading: { kind: 'unreadable', problem: 'x' } },
      'fail gate-record-mismatch',
    ],
    ['has other bytes', { expectedDigest: 'f'.repeat(64) }, 'fail gate-record-mismatch'],
    ['is of another repository', { repository: 'acme/other' }, 'fail gate-record-mismatch'],
    ['is of another commit', { commit: 'f'.repeat(40) }, 'fail gate-record-mismatch'],
    ['is of another tree', { tree: 'f'.repeat(40) }, 'fail gate-record-mismatch'],
    ['is of another run', { runId: '78' }, 'fail gate-record-mismatch'],
    ['is too old', { now: facts.now + 60_001 }, 'fail gate-record-stale'],
    ['is of the future', { now: facts.now - 2 * 3_600_000 }, 'fail gate-record-mismatch'],
    ['says fail', withRecord({ verdict: 'fail' }), 'fail gates-failed'],
    ['lacks a gate', withRecord({ gates: { lint: gate, test: gate } }), 'fail gates-failed'],
    [
      'has a gate that could not tell',
      withRecord({ gates: { lint: gate, test: { ...gate, verdict: 'error' }, audit: gate } }),
      'fail gates-failed',
    ],
  ])('is refused when it %s', (_, change, expected) => {
    const { verdict, reasonCode } = decide({ ...facts, ...change });
    expect(`${verdict} ${reasonCode}`).toBe(expected);
  });
});
