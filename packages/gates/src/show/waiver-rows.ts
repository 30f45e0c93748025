import type { Waiver } from '@gatewright/verdict';
import type { GateAccount } from './account.ts';
import { counted } from './figures.ts';

/** A waiver with everything that became of it. */
export interface WaiverRow {
  readonly waiver: Waiver;
  /** Such as `expired`; worth a look before the findings that it waives. */
  readonly states: readonly string[];
  /** Findings that it waives. */
  readonly findings: number;
}

/** Every waiver that is worth telling, once: those that do not hold first. */
export function waiverRows({ result, waivers }: GateAccount): WaiverRow[] {
  const rows = new Map<string, { waiver: Waiver; states: string[]; findings: number }>();
  const rowOf = (waiver: Waiver): { waiver: Waiver; states: string[]; findings: number } => {
    const { id, scope, expires } = waiver;
    const key = JSON.stringify([id, scope?.package, scope?.path, expires]);
    const row = rows.get(key) ?? { waiver, states: [], findings: 0 };
    rows.set(key, row);
    return row;
  };
  const add = (state: string, all: readonly Waiver[] = []): void => {
    for (const waiver of all) rowOf(waiver).states.push(state);
  };
  add('expired', waivers?.expired);
  add('expires too late', waivers?.tooLong);
  add('expires soon', waivers?.expiring);
  // One file serves all gates, so this alone does not make it needless.
  add('unused by this gate', waivers?.unused);
  for (const { waiver } of result.waived) rowOf(waiver).findings += 1;
  return [...rows.values()];
}

/** Such as `expires soon, waives 2 findings`. */
export function describeWaiver({ states, findings }: WaiverRow): string {
  const waives = findings === 0 ? [] : [`waives ${counted(findings, 'finding')}`];
  return [...states, ...waives].join(', ');
}

/** What it is limited to; empty when it holds everywhere. */
export function scopeOf({ scope }: Waiver): string {
  return [scope?.package, scope?.path].filter((part) => part !== undefined).join(' in ');
}
