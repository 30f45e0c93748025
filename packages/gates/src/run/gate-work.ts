import type { GateEvidence } from '@gatewright/verdict';
import type { ApplyWaivers, Judgement } from '../judgement.ts';
import type { ReportInput } from './collected.ts';

/** One report, read to its end. */
export interface ReadInput {
  readonly evidence: GateEvidence;
  /** Findings or failed tests in it: what a tool may have failed for. */
  readonly explains: number;
}

/** What is known besides the reports. */
export interface JudgeFacts {
  readonly waive: ApplyWaivers;
  /** Lines that the change touches, by path. */
  readonly changedLines?: ReadonlyMap<string, readonly number[]>;
}

/** One of the three gates at work: it takes in reports, then judges what was in them. */
export interface GateWork {
  /** @throws ReportError when the report is no evidence; then nothing may be judged. */
  readonly read: (input: ReportInput) => Promise<ReadInput>;
  readonly judge: (facts: JudgeFacts) => Promise<Judgement>;
}
