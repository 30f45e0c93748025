import * as z from 'zod';
import { finding } from './finding.ts';
import { gateVerdict } from './verdict.ts';
import { waiver } from './waiver.ts';

/** The three gates. */
export const gateName = z.enum(['lint', 'test', 'audit']);
export type GateName = z.infer<typeof gateName>;

const count = z.int().nonnegative();

/** One report that was read. */
export const gateEvidence = z.strictObject({
  path: z.string(),
  /** The format that was recognised, such as `sarif`. */
  format: z.string(),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Results, cases, files or packages in it. */
  items: count,
});
export type GateEvidence = z.infer<typeof gateEvidence>;

/** Findings of the lint gate by level; `notAnalysed` counts what a tool could not look at. */
export const lintCounts = z.strictObject({
  error: count,
  warning: count,
  note: count,
  notAnalysed: count,
  suppressed: count,
  waived: count,
});
export type LintCounts = z.infer<typeof lintCounts>;

/** What coverage came to. Percentages are texts with two decimals, rounded down; nothing is decided by them. */
export const coverageCounts = z.strictObject({
  metric: z.enum(['line', 'branch', 'statement', 'function']),
  covered: count,
  total: count,
  percent: z.string(),
  /** Percent that the policy demands. */
  minimum: z.number(),
  /** Only the lines that the change touches. */
  changed: z
    .strictObject({
      covered: count,
      total: count,
      percent: z.string(),
      minimum: z.number().optional(),
    })
    .optional(),
});
export type CoverageCounts = z.infer<typeof coverageCounts>;

/** `tests` is the sum of passed, failed, errored, skipped and flaky; `waived` ones are among failed and errored. */
export const testCounts = z.strictObject({
  tests: count,
  passed: count,
  failed: count,
  errored: count,
  skipped: count,
  flaky: count,
  waived: count,
  coverage: coverageCounts.optional(),
});
export type TestCounts = z.infer<typeof testCounts>;

/** Open findings of the audit gate by severity. */
export const auditCounts = z.strictObject({
  critical: count,
  high: count,
  moderate: count,
  low: count,
  unknown: count,
  waived: count,
});
export type AuditCounts = z.infer<typeof auditCounts>;

/** What a test came to, for the comparison with a later run. */
export const testOutcome = z.enum(['passed', 'failed', 'errored', 'skipped', 'flaky']);
export type TestOutcome = z.infer<typeof testOutcome>;

/** What a gate decided, and from what; the same for all three. It stands in the result file of the action. */
export const gateResult = z.object({
  gate: gateName,
  verdict: gateVerdict,
  reasonCode: z.string(),
  explanation: z.string(),
  /** Commit that was judged; absent outside of a repository. */
  commit: z.string().optional(),
  evidence: z.array(gateEvidence),
  counts: z.union([lintCounts, testCounts, auditCounts]),
  findings: z.array(finding),
  /** Findings beyond the limit of the list; they are in the counts. A base that has any cannot be compared with. */
  findingsOmitted: count,
  waived: z.array(z.strictObject({ finding, waiver })),
  /** Tests by their identity. Absent when there were too many to list, or outside of the test gate. */
  tests: z.record(z.string(), testOutcome).optional(),
  policy: z.strictObject({
    /** Path of the policy file, or `defaults`. */
    source: z.string(),
    /** SHA-256 (hex) of the policy and waivers that were applied. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});
export type GateResult = z.infer<typeof gateResult>;
