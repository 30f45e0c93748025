import { markdownText, releaseName, renderHosts } from '@gatewright/delivery';
import type { RolloutResult, Roster } from '@gatewright/delivery';

/** The job summary of a delivery; the runtime puts the verdict before it. */
export function renderRollout(
  result: RolloutResult,
  place: { readonly app: string; readonly environment: string },
  roster: Roster,
): string {
  const waveOf = (id: string): number | undefined =>
    result.waves.find((wave) => wave.hosts.some((host) => host.id === id))?.number;
  const { touched, hosts, waves, wavesPlanned } = result;
  const facts = [
    `**${place.app} ${releaseName(result.release)}** to **${markdownText(place.environment)}**`,
    `- waves: ${waves.length} of ${wavesPlanned} begun, ${waves.filter((wave) => wave.verdict === 'pass').length} good`,
    `- hosts: ${touched.length} of ${hosts.length} touched`,
    `- the way back: ${releaseName(result.previousRelease)}`,
    `- time: ${result.seconds} s`,
  ];
  const excluded = roster.excluded.map((entry) => `- ${entry.id}: ${markdownText(entry.detail)}`);
  return [
    facts.join('\n'),
    renderHosts(hosts, waveOf),
    ...(excluded.length === 0 ? [] : ['Not part of the roster:', excluded.join('\n')]),
    ...(result.verdict === 'pass' ? [] : [`**Next:** ${nextStep(result)}`]),
  ].join('\n\n');
}

/** What somebody should do now; hosts that were touched come first. */
export function nextStep(result: RolloutResult): string {
  if (result.verdict === 'pass') return '';
  const rollback =
    result.touched.length === 0
      ? 'No host was changed.'
      : `Take ${result.touched.join(', ')} back with rollback-ssm (the deploy workflow does so by itself, unless the run was cancelled).`;
  return `${rollback} ${result.remedy}`.trim();
}
