import type { ActionOutcome } from '@gatewright/contract';
import { hostUrl } from '@gatewright/delivery';
import type { RolloutResult, Roster } from '@gatewright/delivery';

import type { contract } from './contract.ts';
import { nextStep, renderRollout } from './render.ts';

/** What the action tells of a rollout. */
export function conclude(
  result: RolloutResult,
  facts: {
    readonly app: string;
    readonly environment: string;
    readonly roster: Roster;
    readonly apiCalls: number;
  },
): ActionOutcome<typeof contract> {
  const { app, environment, roster, apiCalls } = facts;
  const { verdict, reasonCode, explanation, checked, touched, previousRelease } = result;
  const serving = result.hosts.filter((host) => host.outcome === 'applied' && host.port > 0);
  return {
    verdict,
    reasonCode,
    explanation,
    outputs: {
      app,
      release: result.release.version,
      previousRelease: previousRelease?.version ?? '',
      touched: touched.length > 0,
      touchedHosts: touched.join(','),
      targets: serving.map((host) => `${host.id}=${hostUrl(host)}`).join('\n'),
      waves: result.waves.length,
      hostsTotal: result.hosts.length,
      generation: result.generation ?? '',
    },
    record: { app, environment, ...result, excluded: roster.excluded, apiCalls },
    summary: renderRollout(result, { app, environment }, roster),
    checked,
    ...(verdict === 'pass' ? {} : { remedy: nextStep(result) }),
  };
}
