import { judgeAudit } from '../audit/judge-audit.ts';
import type { SeenAuditItem } from '../audit/item.ts';
import { auditReaders } from '../audit/readers.ts';
import { planAudit } from './detect/detect-audit.ts';
import type { GateKind, GateWork } from './gate-kind.ts';
import { readSnapshot } from './read-snapshot.ts';
import { readInput } from './read-input.ts';
import type { GateRequest } from './request.ts';
import { dayOf } from './today.ts';

/** Judges what scanners of dependencies and secrets found. */
export const auditGate: GateKind = { gate: 'audit', plan: planAudit, begin };

function begin({ roots, base, policy, severitySnapshot }: GateRequest): GateWork {
  const items: SeenAuditItem[] = [];
  return {
    read: async (input) => {
      const before = items.length;
      const evidence = await readInput('audit', input, {
        readers: auditReaders,
        foreign: [],
        // Readers make each item anew, and there can be tens of thousands: it is not copied.
        sink: (item) => void items.push(Object.assign(item, { seenIn: input.path })),
        roots,
      });
      const explains = items.slice(before).filter(({ kind }) => kind !== 'note').length;
      return { evidence, explains };
    },
    judge: async ({ waive, now }) => {
      const content =
        severitySnapshot === undefined ? undefined : await readSnapshot(severitySnapshot);
      return judgeAudit({
        items,
        ...(content === undefined ? {} : { snapshot: { content, today: dayOf(now) } }),
        ...(base === undefined ? {} : { base }),
        policy: policy.gates.audit,
        waive,
      });
    },
  };
}
