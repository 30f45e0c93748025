import * as z from 'zod';

const text = z.string();

/** One record of the ledger as it is stored. `sequence` is its place and is not part of the stored value. */
export const ledgerDraft = z.strictObject({
  schema: z.literal('gatewright.ledger/1'),
  kind: z.enum(['verified', 'denied', 'rolled-back']),
  version: text,
  digest: text,
  source: text,
  commit: text,
  runId: text,
  /** ISO 8601, UTC. */
  at: text,
  /** The release's own verification suite; null where it is not known (a denied release). */
  verify: z.unknown(),
  rollbackMode: z.enum(['safe', 'forward-only']),
  reason: text,
});

/**
 * A record before it has its place. `verified`: the whole fleet served the release and its suite passed. `denied`: the
 * release was taken back and must not be returned to. `rolled-back`: the fleet returned to this release, verified anew.
 */
export type LedgerDraft = z.infer<typeof ledgerDraft>;

/** A record with its place; a higher sequence is newer. */
export type LedgerRecord = LedgerDraft & { readonly sequence: number };
