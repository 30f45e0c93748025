import type { GateEvidence, GateName } from '@gatewright/verdict';
import type { ApplyWaivers, Judgement } from '../judgement.ts';
import type { ReportInput } from './collected.ts';
import type { Project, ToolPlan } from './detect/project.ts';
import type { GateRequest } from './request.ts';

/** One report, read to its end. */
export interface ReadInput {
  readonly evidence: GateEvidence;
  /** Findings or failed tests in it: what a tool may have failed for. */
  readonly explains: number;
}

/** What is known besides the reports. */
export interface JudgeFacts {
  readonly waive: ApplyWaivers;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Lines that the change touches, by path. */
  readonly changedLines?: ReadonlyMap<string, readonly number[]>;
}

/** A gate at work: it takes in reports, then judges what was in them. */
export interface GateWork {
  /** @throws ReportError when the report is no evidence; then nothing may be judged. */
  readonly read: (input: ReportInput) => Promise<ReadInput>;
  readonly judge: (facts: JudgeFacts) => Promise<Judgement>;
}

/** What is different from gate to gate. */
export interface GateKind {
  readonly gate: GateName;
  /** Which tools the project is set up for. */
  readonly plan: (project: Project) => ToolPlan;
  readonly begin: (request: GateRequest) => GateWork;
}
