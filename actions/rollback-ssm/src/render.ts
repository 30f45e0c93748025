import { markdownText, releaseName, renderHosts } from '@gatewright/delivery';
import type { RollbackResult } from '@gatewright/delivery';

/** The job summary of a rollback; the runtime puts the verdict before it. */
export function renderRollback(
  result: RollbackResult,
  place: { readonly app: string; readonly environment: string },
): string {
  const left = result.leaving === null ? 'not established' : leftName(result.leaving);
  const facts = [
    `**${place.app}** in **${markdownText(place.environment)}**: back to **${releaseName(result.to)}**`,
    `- release left: ${left}${result.denied ? ', denied from now on' : ''}`,
    `- hosts: ${result.restored.length} of ${result.hosts.length} brought back`,
    `- time: ${result.seconds} s`,
  ];
  return [
    facts.join('\n'),
    renderHosts(result.hosts),
    ...(result.verdict === 'pass' ? [] : [`**Next:** ${result.remedy}`]),
  ].join('\n\n');
}

/** A release may be known by only one of its names. */
function leftName(release: NonNullable<RollbackResult['leaving']>): string {
  if (release.digest === '') return release.version;
  return release.version === '' ? release.digest.slice(0, 12) : releaseName(release);
}
