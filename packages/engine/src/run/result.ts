import type { AnnotationLevel } from '../commands/workflow-commands.ts';
import type { Conclusion, RunConclusion } from '../platform.ts';
import type { Artifact } from '../stand-ins/stand-in.ts';

/** A message that GitHub shows beside the run. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface StepRecord {
  readonly name: string;
  /** After `continue-on-error`. */
  readonly conclusion: Conclusion;
  /** Before `continue-on-error`. */
  readonly outcome: Conclusion;
  /** Of the step's process; null when it had none or a signal ended it. */
  readonly exitCode: number | null;
  readonly seconds: number;
}

export interface JobRecord {
  /** Display name: `deploy / package` for a job of a called workflow. */
  readonly name: string;
  /** Ids from the entry workflow down: `deploy/package`. */
  readonly id: string;
  readonly conclusion: Conclusion;
  /** Set on a failed job whose failure the run is to continue on. */
  readonly continuedOnError?: true;
  readonly environment?: { readonly name: string; readonly url?: string };
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepRecord[];
  /** Markdown, masked. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

export interface WorkflowRun {
  readonly runId: string;
  readonly name: string;
  readonly conclusion: RunConclusion;
  /** In the order of the files. */
  readonly jobs: readonly JobRecord[];
  /** Of the entry workflow, when it declares some for `workflow_call`. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Annotations of the run itself: why it could not start, or why it was cancelled. */
  readonly annotations: readonly Annotation[];
  /** Third-party actions that a stand-in took the place of, as `owner/name@ref`, sorted. */
  readonly standInsUsed: readonly string[];
  readonly artifacts: readonly Artifact[];
}
