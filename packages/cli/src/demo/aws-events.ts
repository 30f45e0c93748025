import type { CallRecord } from '@gatewright/emulators';
import * as z from 'zod';
import type { DemoEvent } from './record.ts';

const sendCommand = z.object({
  InstanceIds: z.array(z.string()),
  Parameters: z.record(z.string(), z.array(z.string())),
});

/** One command that asked hosts to change what they serve. */
export interface HostChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'apply' | 'revert';
  readonly hostIds: readonly string[];
  readonly version: string;
}

/** The changes among the calls that the emulated AWS answered, oldest first. Refused calls changed nothing. */
export function hostChanges(calls: readonly CallRecord[]): HostChange[] {
  return calls.flatMap(({ operation, errorCode, time, parameters }) => {
    if (operation !== 'SendCommand' || errorCode !== undefined) return [];
    const sent = sendCommand.safeParse(parameters);
    if (!sent.success) return [];
    const kind = sent.data.Parameters['Operation']?.[0];
    if (kind !== 'apply' && kind !== 'revert') return [];
    const version = sent.data.Parameters['Version']?.[0] ?? '';
    return [{ at: Date.parse(time), kind, hostIds: sent.data.InstanceIds, version }];
  });
}

/** The changes as events of a scenario that began at `startedAt` (milliseconds since the epoch). */
export function changeEvents(
  changes: readonly HostChange[],
  startedAt: number,
  nameOf: (hostId: string) => string,
): DemoEvent[] {
  let wave = 0;
  return changes.map(({ at, kind, hostIds, version }) => {
    const hosts = hostIds.map(nameOf).join(', ');
    if (kind === 'revert') {
      return {
        at: at - startedAt,
        kind: 'rollback',
        text: `back to ${version || 'nothing'}: ${hosts}`,
      };
    }
    wave += 1;
    return {
      at: at - startedAt,
      kind: 'wave-start',
      wave,
      text: `wave ${wave}: ${version} to ${hosts}`,
    };
  });
}
