import type { Severity } from '@gatewright/verdict';
import { severities } from '@gatewright/verdict';
import { baseScore } from './cvss.ts';
import type { AuditProblem, CvssMajor, SeverityEvidence } from './item.ts';
import type { SeveritySnapshot } from './snapshot.ts';
import { severityOfWord } from './severity-words.ts';

/** A severity that means something; `unknown` has no rank. */
export type KnownSeverity = Exclude<Severity, 'unknown'>;

/** How severe something is, and by what that was decided. */
export interface ResolvedSeverity {
  readonly severity: Severity;
  /** `label`, `ghsa`, `cvss:` and the version, `cvss` for a score without one, `snapshot`; absent when unknown. */
  readonly source?: string;
  /** Sentences on what was there and could not be used. */
  readonly ignored: readonly string[];
}

/**
 * The severity of an item: by the label of the tool, else the word of the GitHub advisory database, else the best base
 * score (of CVSS 4 before 3 before 2; temporal metrics are never used), else the snapshot, else unknown.
 */
export function resolveSeverity(
  item: Pick<AuditProblem, 'id' | 'aliases' | 'severity'>,
  snapshot?: SeveritySnapshot,
): ResolvedSeverity {
  const label = severityOfWord(item.severity.label);
  if (label !== undefined) return { severity: label, source: 'label', ignored: [] };
  const ghsa = severityOfWord(item.severity.ghsa);
  if (ghsa !== undefined) return { severity: ghsa, source: 'ghsa', ignored: [] };
  const { best, ignored } = bestScore(item.severity);
  if (best !== undefined) {
    return { severity: severityOfScore(best.score), source: best.source, ignored };
  }
  const known = snapshot === undefined ? undefined : fromSnapshot(item, snapshot);
  return known === undefined
    ? { severity: 'unknown', ignored }
    : { severity: known, source: 'snapshot', ignored };
}

/**
 * The rating of a base score by the CVSS specification: critical from 9.0, high from 7.0, moderate from 4.0, below low.
 * What it rates `none` (0.0) is low here as well: it is a finding, and nothing milder exists.
 */
export function severityOfScore(score: number): KnownSeverity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'moderate' : 'low';
}

/** Whether a severity is at least as grave as a limit. */
export function atLeast(severity: KnownSeverity, limit: KnownSeverity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(limit);
}

/** The gravest; undefined of none. `unknown` is the mildest, so that any knowledge beats it. */
export function gravest<T extends Severity>(found: readonly T[]): T | undefined {
  return found.toSorted((a, b) => severities.indexOf(a) - severities.indexOf(b))[0];
}

interface Scored {
  readonly score: number;
  readonly source: string;
}

function bestScore({ vectors, scores }: SeverityEvidence): {
  best: Scored | undefined;
  ignored: string[];
} {
  const ignored: string[] = [];
  const found: Record<CvssMajor | 'any', Scored[]> = { '4': [], '3': [], '2': [], any: [] };
  for (const vector of vectors) {
    const base = baseScore(vector);
    if (base === undefined) {
      ignored.push('a CVSS vector that is invalid or incomplete');
      continue;
    }
    found[majorOf(base.version)].push({ score: base.score, source: `cvss:${base.version}` });
  }
  for (const { value, version } of scores) {
    // Without a vector, 0 stands for "not scored": npm writes it beside critical advisories.
    if (value > 0 && value <= 10) {
      const source = version === undefined ? 'cvss' : `cvss:${version}`;
      found[version ?? 'any'].push({ score: value, source });
    } else if (vectors.length === 0) {
      ignored.push('a CVSS score without a vector that is 0 or out of range');
    }
  }
  const preferred = [found['4'], found['3'], found['2'], found.any].find((all) => all.length > 0);
  return { best: preferred?.toSorted(byScore)[0], ignored };
}

function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || (a.source < b.source ? 1 : -1);
}

function majorOf(version: string): CvssMajor {
  if (version.startsWith('4')) return '4';
  return version.startsWith('3') ? '3' : '2';
}

/** The gravest that the snapshot knows of any name of the advisory. */
function fromSnapshot(
  { id, aliases }: Pick<AuditProblem, 'id' | 'aliases'>,
  { advisories }: SeveritySnapshot,
): KnownSeverity | undefined {
  return gravest(
    [id, ...aliases].flatMap((name) => {
      const entry = Object.hasOwn(advisories, name) ? advisories[name] : undefined;
      const word = severityOfWord(entry?.severity);
      if (word !== undefined) return [word];
      const base = entry?.vector === undefined ? undefined : baseScore(entry.vector);
      return base === undefined ? [] : [severityOfScore(base.score)];
    }),
  );
}
