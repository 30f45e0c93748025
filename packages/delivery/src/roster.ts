import type { ReasonCode } from '@gatewright/verdict';

import type { Host, Instance } from './model.ts';

/** Why an instance that matches the target does not take part. */
export interface ExcludedInstance {
  readonly id: string;
  readonly reason: ReasonCode;
  readonly detail: string;
}

/** Why the roster cannot carry a delivery. */
export interface RosterProblem {
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  readonly checked: readonly string[];
  readonly remedy: string;
}

/** The frozen list of hosts of one delivery, ordered by id, with a reason for every instance left out. */
export interface Roster {
  readonly hosts: readonly Host[];
  readonly excluded: readonly ExcludedInstance[];
  readonly problem?: RosterProblem;
}

/**
 * Freezes the hosts of a delivery. An instance that is offline or not a Linux host is left out and named; whether a
 * delivery may go on without it is what `minimumHosts` says.
 *
 * @param minimumHosts The number of hosts that the policy demands.
 */
export function buildRoster(instances: readonly Instance[], minimumHosts: number): Roster {
  const unique = [...new Map(instances.map((instance) => [instance.id, instance])).values()];
  const ordered = unique.toSorted((left, right) => compareText(left.id, right.id));
  const judged = ordered.map((instance) => ({ instance, excluded: exclusion(instance) }));
  const excluded = judged.flatMap((entry) => entry.excluded ?? []);
  const hosts = judged
    .filter((entry) => entry.excluded === undefined)
    .map(({ instance: { id, name, ipAddress } }) => ({ id, name, ipAddress }));
  const problem = rosterProblem(ordered, hosts, excluded, minimumHosts);
  return { hosts, excluded, ...(problem === undefined ? {} : { problem }) };
}

function exclusion(instance: Instance): ExcludedInstance | undefined {
  if (instance.platform !== 'Linux') {
    const detail = `its platform is ${instance.platform || 'unknown'}; the host program needs Linux`;
    return { id: instance.id, reason: 'host-unfit', detail };
  }
  if (instance.pingStatus !== 'Online') {
    const detail = `its SSM agent reports ${instance.pingStatus || 'nothing'}`;
    return { id: instance.id, reason: 'host-offline', detail };
  }
  return undefined;
}

function rosterProblem(
  instances: readonly Instance[],
  hosts: readonly Host[],
  excluded: readonly ExcludedInstance[],
  minimumHosts: number,
): RosterProblem | undefined {
  const checked = [
    `instances that the service lists for the target: ${instances.length}`,
    `hosts that can take part: ${hosts.length} of at least ${minimumHosts}`,
    ...excluded.map((entry) => `${entry.id}: ${entry.detail}`),
  ];
  if (instances.length === 0) {
    return {
      reasonCode: 'no-host-matches',
      explanation: 'no managed instance matches the target',
      checked,
      remedy:
        'Compare the tags in policy.yml with those of the instances, and check region, account and that the SSM agent runs with an instance profile that allows it to register.',
    };
  }
  if (hosts.length >= Math.max(1, minimumHosts)) return undefined;
  const offline = excluded.filter((entry) => entry.reason === 'host-offline').length;
  const reachable = `${hosts.length} of at least ${minimumHosts} hosts can take part`;
  return hosts.length + offline >= minimumHosts && offline > 0
    ? {
        reasonCode: 'host-offline',
        explanation: `${reachable}; ${offline} cannot be reached over SSM`,
        checked,
        remedy:
          'Bring the SSM agent of these hosts back (network, instance profile, agent log), then run again.',
      }
    : {
        reasonCode: 'too-few-hosts',
        explanation: reachable,
        checked,
        remedy: 'Tag or start the missing hosts, or lower targets.minimum-hosts in policy.yml.',
      };
}

/** Order by code units: the same on every machine, whatever its locale. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
