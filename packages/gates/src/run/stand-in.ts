// What other rooms of this package give, until they are there.
import type { Finding, Waiver } from '@gatewright/verdict';
import type { ApplyWaivers } from '../judgement.ts';
import type { WaiverReport } from '../show/index.ts';
import type { WaiverPolicy } from '../policy.ts';

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
