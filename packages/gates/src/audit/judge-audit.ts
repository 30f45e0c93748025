import { severities } from '@gatewright/verdict';
import type { AuditCounts, Finding, GateResult } from '@gatewright/verdict';
import type { ApplyWaivers, Breach, Judgement } from '../judgement.ts';
import type { AuditPolicy } from '../policy.ts';
import { auditBreaches } from './audit-breaches.ts';
import { auditNotes } from './audit-notes.ts';
import { auditBase } from './base.ts';
import type { AuditBase } from './base.ts';
import { isProblem } from './item.ts';
import type { SeenAuditItem } from './item.ts';
import { brokenLimits, severityOfFinding } from './limits.ts';
import { mergeProblems } from './merge.ts';
import { snapshotAgeDays, snapshotMaximumAgeDays } from './snapshot.ts';
import type { SeveritySnapshot } from './snapshot.ts';

/** What the audit gate decides by. */
export interface AuditEvidence {
  /** Items of all reports. */
  readonly items: readonly SeenAuditItem[];
  /** Severities for advisories that no report rates. */
  readonly snapshot?: {
    readonly content: SeveritySnapshot;
    /** `YYYY-MM-DD`, in UTC. */
    readonly today: string;
  };
  /** Earlier result to compare with. */
  readonly base?: GateResult;
  readonly policy: AuditPolicy;
  readonly waive: ApplyWaivers;
}

/**
 * Holds the items of all audit reports against the policy. Every limit is checked, whatever the others found; known
 * exploited and malicious packages fail whatever the settings, unless they are waived. The order of items and reports
 * makes no difference.
 */
export function judgeAudit(evidence: AuditEvidence): Judgement {
  const { items, policy, waive } = evidence;
  const { snapshot, notes: snapshotNotes } = usableSnapshot(evidence.snapshot);
  const { findings, ignored } = mergeProblems(items.filter(isProblem), snapshot);
  const base = auditBase(evidence.base);
  const outcome = waive(findings.map((finding) => compared(finding, base)));
  const open = outcome.open.toSorted(gravestFirst);
  const waived = outcome.waived.toSorted((a, b) => gravestFirst(a.finding, b.finding));
  const broken = brokenLimits(open, policy);
  const blocking = new Set(Object.values(broken).flat());
  return {
    counts: countsOf(open, waived.length),
    findings: [
      ...open.filter((finding) => blocking.has(finding)).map(blocked),
      ...open.filter((finding) => !blocking.has(finding)),
    ],
    waived,
    breaches: [
      ...auditBreaches(broken, policy),
      ...skipped(items),
      ...(policy.newOnly && !base.usable ? [withoutBase(base.problem)] : []),
    ],
    notes: [
      ...auditNotes({ items, open, policy, ignored }),
      ...snapshotNotes,
      ...(evidence.base !== undefined && !policy.newOnly && !base.usable
        ? [`not compared with the base: ${base.problem}`]
        : []),
    ],
  };
}

function blocked(finding: Finding): Finding {
  return { ...finding, blocking: true };
}

function compared(finding: Finding, base: AuditBase): Finding {
  if (!base.usable) return finding;
  return { ...finding, baseline: base.has(finding) ? 'known' : 'new' };
}

function usableSnapshot(given: AuditEvidence['snapshot']): {
  snapshot?: SeveritySnapshot;
  notes: string[];
} {
  if (given === undefined) return { notes: [] };
  const { content, today } = given;
  const age = snapshotAgeDays(content, today);
  const told = `severity snapshot of ${content.date}, ${age} days old; at most ${snapshotMaximumAgeDays} are allowed`;
  return age >= 0 && age <= snapshotMaximumAgeDays
    ? { snapshot: content, notes: [told] }
    : { notes: [`${told}, so it was not used`] };
}

function skipped(items: readonly SeenAuditItem[]): Breach[] {
  const messages = items
    .filter(({ kind }) => kind === 'not-analysed')
    .map(({ message, seenIn }) => `${seenIn}: ${message}`);
  const different = [...new Set(messages)].toSorted();
  if (different.length === 0) return [];
  const shown = different.slice(0, 3).join('; ');
  const rest = different.length > 3 ? `; and ${different.length - 3} more` : '';
  return [
    {
      verdict: 'error',
      reasonCode: 'not-analysed',
      explanation: `${different.length} parts were not examined: ${shown}${rest}.`,
      remedy: 'Give the tool what it can examine, such as a lock file in place of an environment.',
    },
  ];
}

function withoutBase(problem: string): Breach {
  return {
    verdict: 'error',
    reasonCode: 'base-unusable',
    explanation: `The policy counts new findings only, but ${problem}.`,
    remedy: 'Give the result of the audit gate for the base commit as base-result-path.',
  };
}

function gravestFirst(a: Finding, b: Finding): number {
  return (
    rankOf(a) - rankOf(b) ||
    order(a.id, b.id) ||
    order(a.package?.name ?? a.path ?? '', b.package?.name ?? b.path ?? '') ||
    order(a.fingerprint, b.fingerprint)
  );
}

const ranks: ReadonlyMap<string, number> = new Map(
  severities.map((severity, rank) => [severity, rank]),
);

function rankOf({ level }: Finding): number {
  return ranks.get(level) ?? severities.length - 1;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function countsOf(open: readonly Finding[], waived: number): AuditCounts {
  const counts = { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, waived };
  for (const finding of open) counts[severityOfFinding(finding)] += 1;
  return counts;
}
