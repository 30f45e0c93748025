import type { Finding, GateResult, ReasonCode, Waiver } from '@gatewright/verdict';

/** A limit of the policy that was broken, or evidence that the policy needs and does not have. */
export interface Breach {
  /** `error` when it could not be told, which is never a pass. */
  readonly verdict: 'fail' | 'error';
  readonly reasonCode: ReasonCode;
  /** One sentence with the figures, such as `62 of 100 lines are covered; 8 more are needed for 70 %`. */
  readonly explanation: string;
  /** What to do, one sentence. */
  readonly remedy?: string;
}

/** What a gate's policy made of the items of all reports. */
export interface Judgement {
  readonly counts: GateResult['counts'];
  /** Open findings, gravest first. */
  readonly findings: readonly Finding[];
  readonly waived: GateResult['waived'];
  /** Tests by identity; only from the test gate. */
  readonly tests?: GateResult['tests'];
  /** Empty when the gate passes. The first one gives the reason code. */
  readonly breaches: readonly Breach[];
  /** Facts to show besides, one sentence each: what was not compared, which limit is off, what a report says of itself. */
  readonly notes: readonly string[];
}

/** Waivers that hold, matched with findings. */
export interface WaiverOutcome {
  readonly open: readonly Finding[];
  readonly waived: readonly { readonly finding: Finding; readonly waiver: Waiver }[];
}

/** Parts findings that a valid waiver names from those that stay open. */
export type ApplyWaivers = (findings: readonly Finding[]) => WaiverOutcome;

/** Orders breaches: what is certain (`fail`) before what could not be told (`error`), else as they came. */
export function orderBreaches(breaches: readonly Breach[]): Breach[] {
  return breaches.toSorted((a, b) => Number(a.verdict === 'error') - Number(b.verdict === 'error'));
}
