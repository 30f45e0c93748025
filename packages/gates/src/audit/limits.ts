import { severities } from '@gatewright/verdict';
import type { Finding, Severity } from '@gatewright/verdict';
import type { AuditPolicy } from '../policy.ts';
import { isMalware } from './advisory-ids.ts';
import { atLeast } from './severity.ts';
import type { KnownSeverity } from './severity.ts';

/** The findings that break each limit. A finding can break several; none of them hides another. */
export interface BrokenLimits {
  readonly exploited: readonly Finding[];
  readonly secrets: readonly Finding[];
  readonly malware: readonly Finding[];
  readonly severe: readonly Finding[];
  readonly development: readonly Finding[];
  readonly unknown: readonly Finding[];
}

/** The findings that a setting of the policy keeps from counting. */
export interface Uncounted {
  readonly known: number;
  readonly unfixable: number;
  readonly development: number;
  readonly unrated: number;
}

const bySeverity: ReadonlyMap<string, Severity> = new Map(
  severities.map((severity) => [severity, severity]),
);

/** The severity of an audit finding, whose level is one. */
export function severityOfFinding({ level }: Finding): Severity {
  return bySeverity.get(level) ?? 'unknown';
}

/** Holds open findings against every limit of the policy. */
export function brokenLimits(open: readonly Finding[], policy: AuditPolicy): BrokenLimits {
  const counted = open.filter((finding) => isCounted(finding, policy));
  const rated = counted.filter(({ kind }) => kind !== 'secret');
  const runtime = rated.filter((finding) => !isDevelopment(finding));
  const development = rated.filter(isDevelopment);
  const { developmentFailOn, failOnSeverity, unknownSeverity } = policy;
  return {
    exploited: open.filter(({ knownExploited }) => knownExploited === true),
    secrets: counted.filter(({ kind }) => kind === 'secret'),
    malware: open.filter(isMalicious),
    severe: runtime.filter((finding) => reaches(finding, failOnSeverity, policy)),
    development: development.filter(
      (finding) => developmentFailOn !== 'ignore' && reaches(finding, developmentFailOn, policy),
    ),
    unknown: [...runtime, ...(developmentFailOn === 'ignore' ? [] : development)].filter(
      (finding) => unknownSeverity === 'fail' && severityOfFinding(finding) === 'unknown',
    ),
  };
}

/** How many findings each setting keeps from counting. */
export function uncounted(open: readonly Finding[], policy: AuditPolicy): Uncounted {
  const unrated = open.filter((finding) => severityOfFinding(finding) === 'unknown');
  return {
    known: open.filter((finding) => isKnown(finding, policy)).length,
    unfixable: open.filter((finding) => isUnfixable(finding, policy)).length,
    development: policy.developmentFailOn === 'ignore' ? open.filter(isDevelopment).length : 0,
    unrated: policy.unknownSeverity === 'warn' ? unrated.length : 0,
  };
}

function isCounted(finding: Finding, policy: AuditPolicy): boolean {
  return !isKnown(finding, policy) && !isUnfixable(finding, policy);
}

function isKnown({ baseline }: Finding, { newOnly }: AuditPolicy): boolean {
  return newOnly && baseline === 'known';
}

function isUnfixable(finding: Finding, { fixableOnly }: AuditPolicy): boolean {
  const { kind } = finding;
  return fixableOnly && kind === 'vulnerability' && finding.package?.fixedIn.length === 0;
}

function isDevelopment(finding: Finding): boolean {
  return finding.package?.scope === 'development';
}

function isMalicious(finding: Finding): boolean {
  return finding.kind === 'vulnerability' && [finding.id, ...finding.aliases].some(isMalware);
}

function reaches(
  finding: Finding,
  limit: KnownSeverity,
  { unknownSeverity }: AuditPolicy,
): boolean {
  const severity = severityOfFinding(finding);
  if (severity !== 'unknown') return atLeast(severity, limit);
  const counts = unknownSeverity !== 'fail' && unknownSeverity !== 'warn';
  return counts && atLeast(unknownSeverity, limit);
}
