import { severities } from '@gatewright/verdict';
import type { Finding } from '@gatewright/verdict';
import type { Breach } from '../judgement.ts';
import type { AuditPolicy } from '../policy.ts';
import { severityOfFinding } from './limits.ts';
import type { BrokenLimits } from './limits.ts';

/** One breach for each limit that is broken, the certain dangers first. */
export function auditBreaches(broken: BrokenLimits, policy: AuditPolicy): Breach[] {
  const { developmentFailOn, failOnSeverity } = policy;
  const upgrade = 'Upgrade to a fixed version, or waive each with a reason and an expiry.';
  return [
    ...breach(broken.exploited, 'known-exploited', 'known to be exploited', upgrade),
    ...breach(
      broken.secrets,
      'secret-found',
      'secrets in the code',
      'Revoke each secret first, for it is known now; then take it out of the code.',
    ),
    ...breach(
      broken.malware,
      'audit-failed',
      'malicious packages',
      'Remove the package, and treat every machine that installed it as compromised.',
    ),
    ...breach(broken.severe, 'audit-failed', `at or above ${failOnSeverity}`, upgrade),
    ...breach(
      broken.development,
      'audit-failed',
      `at or above ${developmentFailOn} in packages for development`,
      upgrade,
    ),
    ...breach(
      broken.unknown,
      'severity-unknown',
      'without a usable severity',
      'Give a severity snapshot, add a report of a tool that rates them, or waive each.',
    ),
  ];
}

function breach(
  findings: readonly Finding[],
  reasonCode: Breach['reasonCode'],
  what: string,
  remedy: string,
): Breach[] {
  if (findings.length === 0) return [];
  const noun = findings.length === 1 ? 'finding' : 'findings';
  const explanation = `${findings.length} ${noun} (${figures(findings)}) ${what}: ${named(findings)}.`;
  return [{ verdict: 'fail', reasonCode, explanation, remedy }];
}

function figures(findings: readonly Finding[]): string {
  return severities
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => severityOfFinding(finding) === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}

const namesShown = 5;

/** The first of them, which are the gravest. */
function named(findings: readonly Finding[]): string {
  const shown = findings.slice(0, namesShown);
  const rest = findings.length - shown.length;
  return [...new Set(shown.map(nameOf))].join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function nameOf({ id, package: about, path }: Finding): string {
  const place = about?.name ?? path;
  return place === undefined ? id : `${id} in ${place}`;
}
