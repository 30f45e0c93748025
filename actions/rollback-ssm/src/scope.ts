import type { Host, Instance, Roster, UnreachableHost } from '@gatewright/delivery';
import { buildRoster } from '@gatewright/delivery';

/** The hosts that a rollback is about. */
export interface Scope {
  readonly hosts: readonly Host[];
  readonly unreachable: readonly UnreachableHost[];
  readonly roster: Roster;
}

/**
 * Chooses the hosts: those that are named, or all. A named host must carry the tags of the policy like any other; one
 * that does not, or cannot be reached, is never passed over in silence. A rollback goes on with fewer hosts than the
 * policy demands for a delivery.
 */
export function chooseScope(
  instances: readonly Instance[],
  named: readonly string[] | undefined,
): Scope {
  const roster = buildRoster(instances, 0);
  const isMeant = (id: string): boolean => named === undefined || named.includes(id);
  const known = new Set(instances.map((instance) => instance.id));
  const strangers = (named ?? []).filter((id) => !known.has(id));
  return {
    roster,
    hosts: roster.hosts.filter((host) => isMeant(host.id)),
    unreachable: [
      ...roster.excluded
        .filter((entry) => isMeant(entry.id))
        .map(({ id, reason, detail }) => ({ id, reasonCode: reason, detail })),
      ...[...new Set(strangers)].map((id) => ({
        id,
        reasonCode: 'host-offline' as const,
        detail: 'SSM lists no such instance with the tags of the policy: it may be terminated',
      })),
    ],
  };
}
