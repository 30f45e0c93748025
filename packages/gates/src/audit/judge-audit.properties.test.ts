import { describe, expect, it } from '@jest/globals';
import { severities } from '@gatewright/verdict';
import * as fc from 'fast-check';
import type { AuditPolicy } from '../policy.ts';
import type { SeenAuditItem } from './item.ts';
import { judgeAudit } from './judge-audit.ts';
import { nothingWaived, vulnerability, waiving } from './test-support.ts';

const id = fc.constantFrom('CVE-1', 'CVE-2', 'GHSA-a', 'GHSA-b', 'PYSEC-1', 'DSA-1-1', 'MAL-1');
const item: fc.Arbitrary<SeenAuditItem> = fc.oneof(
  fc
    .record({
      id,
      aliases: fc.uniqueArray(id, { maxLength: 2 }),
      label: fc.constantFrom('critical', 'HIGH', 'medium', 'negligible', 'UNKNOWN', ''),
      vectors: fc.subarray(['nonsense', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H']),
      name: fc.constantFrom('left-pad', 'right-pad'),
      version: fc.constantFrom('1', '2'),
      fixedIn: fc.subarray(['3', '4']),
      scope: fc.constantFrom('runtime', 'development', 'unknown'),
      knownExploited: fc.boolean(),
      path: fc.constantFrom('a/lock', 'b/lock'),
      seenIn: fc.constantFrom('a.json', 'b.json'),
      message: fc.constantFrom('bad', 'worse'),
    })
    .map(({ label, vectors, name, version, fixedIn, scope, ...rest }) =>
      vulnerability({
        ...rest,
        severity: { label, vectors, scores: [] },
        package: { name, version, purl: `pkg:npm/${name}@${version}`, fixedIn, scope },
      }),
    ),
  fc
    .record({
      kind: fc.constantFrom('secret', 'misconfiguration', 'licence'),
      id: fc.constantFrom('rule-1', 'rule-2'),
      line: fc.integer({ min: 1, max: 5 }),
      path: fc.constantFrom('a.ts', 'b.ts'),
      seenIn: fc.constantFrom('a.json', 'b.json'),
    })
    .map((rest) => ({
      aliases: [],
      message: 'found',
      severity: { label: 'high', vectors: [], scores: [] },
      ...rest,
    })),
  fc.record({
    kind: fc.constantFrom('note', 'not-analysed'),
    message: fc.constantFrom('one', 'two'),
    seenIn: fc.constantFrom('a.json', 'b.json'),
  }),
);

const policies: fc.Arbitrary<AuditPolicy> = fc.record({
  failOnSeverity: fc.constantFrom('critical', 'high', 'moderate', 'low'),
  unknownSeverity: fc.constantFrom('fail', 'warn', 'critical', 'low'),
  newOnly: fc.boolean(),
  fixableOnly: fc.boolean(),
  developmentFailOn: fc.constantFrom('critical', 'low', 'ignore'),
  minimumReports: fc.constant(1),
});

describe('the audit gate over any items', () => {
  const reordered = fc
    .array(item, { maxLength: 12 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );

  it('decides the same in whatever order items and reports come', () => {
    fc.assert(
      fc.property(reordered, policies, ([one, other], limits) => {
        const judge = (items: readonly SeenAuditItem[]): unknown =>
          judgeAudit({ items, policy: limits, waive: waiving('CVE-1', 'PYSEC-1') });
        expect(judge(other)).toEqual(judge(one));
      }),
      { numRuns: 300 },
    );
  });

  it('counts exactly its findings, and blocks exactly when a limit is broken', () => {
    fc.assert(
      fc.property(reordered, policies, ([items], limits) => {
        const { counts, findings, breaches } = judgeAudit({
          items,
          policy: limits,
          waive: nothingWaived,
        });
        const levels = severities.map((level) => findings.filter((one) => one.level === level));
        expect(counts).toEqual({
          ...Object.fromEntries(severities.map((level, at) => [level, levels[at]?.length])),
          waived: 0,
        });
        const broken = breaches.some(({ verdict }) => verdict === 'fail');
        expect(findings.some(({ blocking }) => blocking)).toBe(broken);
        const fingerprints = findings.map(({ fingerprint }) => fingerprint);
        expect(new Set(fingerprints).size).toBe(fingerprints.length);
      }),
      { numRuns: 300 },
    );
  });

  // An unknown severity is not meant: another report may well rate it, and low.
  it('is never made milder by another report, where one limit holds for all', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), item, policies, (items, more, limits) => {
        const strict: AuditPolicy = {
          ...limits,
          newOnly: false,
          fixableOnly: false,
          developmentFailOn: limits.failOnSeverity,
          unknownSeverity: 'warn',
        };
        const judge = (all: readonly SeenAuditItem[]): boolean =>
          judgeAudit({ items: all, policy: strict, waive: nothingWaived }).breaches.length > 0;
        fc.pre(judge(items));
        expect(judge([...items, more])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
