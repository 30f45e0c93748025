import type { Finding } from '@gatewright/verdict';
import type { Breach } from '../judgement.ts';

/** What became of the ratchet of the policy. */
export interface RatchetOutcome {
  /** Rules within their number: their findings do not count, whatever their level. */
  readonly within: ReadonlySet<string>;
  /** Rules above it: all their findings count. */
  readonly exceeded: ReadonlySet<string>;
  readonly breaches: readonly Breach[];
  /** Numbers that could be lowered. */
  readonly notes: readonly string[];
}

/**
 * Compares open findings with the most that are allowed of each rule.
 * @param open - findings that are neither waived nor suppressed, new or not
 */
export function applyRatchet(
  ratchet: Readonly<Record<string, number>>,
  open: readonly Finding[],
): RatchetOutcome {
  const counts = new Map<string, number>();
  for (const { id } of open) counts.set(id, (counts.get(id) ?? 0) + 1);
  const rules = Object.entries(ratchet)
    .map(([rule, most]) => ({ rule, most, count: counts.get(rule) ?? 0 }))
    .toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
  const above = rules.filter(({ most, count }) => count > most);
  const below = rules.filter(({ most, count }) => count < most);
  return {
    within: new Set(rules.filter(({ most, count }) => count <= most).map(({ rule }) => rule)),
    exceeded: new Set(above.map(({ rule }) => rule)),
    breaches: above.map(({ rule, most, count }) => ({
      verdict: 'fail',
      reasonCode: 'lint-ratchet-exceeded',
      explanation: `${rule} has ${count} findings, ${count - most} more than its ratchet allows (${most}).`,
      remedy: `Fix ${count - most} of the findings of ${rule}; a ratchet is only ever lowered.`,
    })),
    notes: below.map(({ rule, most, count }) =>
      count === 0
        ? `${rule} has no findings any more; its ratchet of ${most} can be removed.`
        : `${rule} has ${count} findings; its ratchet can be lowered from ${most} to ${count}.`,
    ),
  };
}
