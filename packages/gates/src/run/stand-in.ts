// What other rooms of this package give, until they are there.
import type { Finding, GateResult, Waiver } from '@gatewright/verdict';
import type { ApplyWaivers, Breach } from '../judgement.ts';
import type { WaiverPolicy } from '../policy.ts';

export interface WaiverReport {
  readonly expired: readonly Waiver[];
  readonly tooLong: readonly Waiver[];
  readonly expiring: readonly Waiver[];
  readonly unused: readonly Waiver[];
}

export interface GateAccount {
  readonly result: GateResult;
  readonly breaches: readonly Breach[];
  readonly notes: readonly string[];
  readonly waivers?: WaiverReport;
  readonly changed?: ReadonlySet<string>;
}

const waive = (findings: readonly Finding[]) => ({ open: findings, waived: [] });

export function applyWaivers(
  _waivers: readonly Waiver[],
  _policy: WaiverPolicy,
  _now: number,
): { waive: ApplyWaivers; report: () => WaiverReport } {
  return { waive, report: () => ({ expired: [], tooLong: [], expiring: [], unused: [] }) };
}

export function parseChanges(_diff: string): ReadonlyMap<string, readonly number[]> {
  return new Map();
}
