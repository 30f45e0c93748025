import type { GatewrightError } from '@gatewright/verdict';
import type { ToolEnd } from './tool.ts';

/** A report to read. */
export interface ReportInput {
  /** As users know it. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly coverage: boolean;
  /** The format that it is said to have. */
  readonly declared?: string;
  /** The format whose clean report is no text at all. */
  readonly silentFormat?: string;
  /** The run that made it, an index into {@link Collected.runs}; absent when somebody else did. */
  readonly run?: number;
}

/** A tool that was run. */
export interface ToolRun {
  /** As users know it, such as `ESLint` or the command itself. */
  readonly name: string;
  readonly end: ToolEnd;
  /** Exit codes with which the tool says that it has looked at everything; undefined: any, if the reports explain it. */
  readonly completeWith?: readonly number[];
}

/** The reports there are, and why others cannot be used. */
export interface Collected {
  readonly inputs: readonly ReportInput[];
  readonly runs: readonly ToolRun[];
  readonly problems: readonly GatewrightError[];
  /** What was decided on the way, one sentence each. */
  readonly notes: readonly string[];
}

// 128 + HUP, INT, QUIT, ILL, TRAP, ABRT, BUS, FPE, KILL, USR1, SEGV, USR2, PIPE, ALRM, TERM, XCPU, XFSZ, SYS
const signalCodes = new Set([
  129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 152, 153, 159,
]);

/** Whether an exit code is that of a program which a signal ended. */
export function isSignalCode(exitCode: number): boolean {
  return signalCodes.has(exitCode);
}
