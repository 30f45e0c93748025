import * as z from 'zod';
import { auditCounts, gateEvidence, gateName, lintCounts, testCounts } from './gate-result.ts';
import { gateVerdict } from './verdict.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A git object name: SHA-1 or SHA-256. */
const objectName = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

const recordedGate = z.strictObject({
  verdict: gateVerdict,
  reasonCode: z.string(),
  explanation: z.string(),
  counts: z.union([lintCounts, testCounts, auditCounts]),
  evidence: z.array(gateEvidence),
  policy: z.strictObject({ source: z.string(), digest: sha256 }),
  /** SHA-256 of the result file of the gate. */
  sha256,
});

/** What the three gates said of one commit; a delivery of that commit demands it. */
export const gateRecord = z.strictObject({
  schema: z.literal('gatewright.gate-record/1'),
  /** `owner/name`. */
  repository: z.string(),
  commit: objectName,
  /** The tree of that commit, as GitHub says. */
  tree: objectName,
  ref: z.string(),
  event: z.string(),
  runId: z.string(),
  runAttempt: z.int().positive(),
  /** When it was made, ISO 8601 in UTC. */
  at: z.iso.datetime(),
  verdict: gateVerdict,
  reasonCode: z.string(),
  explanation: z.string(),
  /** By gate; a gate that left no usable result is missing. */
  gates: z.partialRecord(gateName, recordedGate),
});
export type GateRecord = z.infer<typeof gateRecord>;
