import type { GateName, GateResult, Waiver } from '@gatewright/verdict';
import type { GatesPolicy } from '../policy.ts';
import type { TreeRoots } from '../report/tree-path.ts';
import type { GitFacts } from './git.ts';
import type { RunTool } from './tool.ts';

/** Where the evidence comes from. */
export type EvidenceRequest =
  | {
      /** Reports that somebody else has made. */
      readonly kind: 'reports';
      readonly reports: readonly string[];
      readonly coverageReports: readonly string[];
      /** When the job began, in milliseconds since the epoch; older reports are stale. Absent: not compared. */
      readonly since?: number;
    }
  | {
      /** A command that makes them. */
      readonly kind: 'command';
      readonly command: readonly [string, ...string[]];
      /** Absent: what the command prints on standard output is the report. */
      readonly reports?: readonly string[];
      readonly coverageReports: readonly string[];
    }
  | {
      /** The tools that the project is set up for. */
      readonly kind: 'detect';
    };

/** What a gate is to judge, and by what. */
export interface GateRequest {
  readonly gate: GateName;
  readonly roots: TreeRoots;
  readonly evidence: EvidenceRequest;
  /** Of each command, in seconds. */
  readonly timeoutSeconds: number;
  /** The format that all reports are said to have. */
  readonly format?: string;
  readonly policy: {
    /** Path of the policy file, or `defaults`. */
    readonly source: string;
    /** With the wishes of the caller in it. */
    readonly gates: GatesPolicy;
  };
  readonly waivers: readonly Waiver[];
  readonly base?: GateResult;
  /** The commit that the change started from. */
  readonly diffBase?: string;
  /** Absolute path of a file with severities by advisory. */
  readonly severitySnapshot?: string;
  /** Facts that are known already and are to be shown, one sentence each. */
  readonly notes?: readonly string[];
  /** Absolute; for what tools write. */
  readonly scratch: string;
  /** Absolute; gets a copy of every report that was read. Absent: none is kept. */
  readonly reportsDirectory?: string;
  /** Commit of the run, where no git can be asked. */
  readonly commit?: string;
}

/** What the gate does to the world. */
export interface GatePorts {
  readonly runTool: RunTool;
  readonly git: GitFacts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Tells how far it is, one line. */
  readonly say: (line: string) => void;
  /** The environment in which programs are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
