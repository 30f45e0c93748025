import type { Masks } from '../commands/masks.ts';
import type { ConcurrencyGroups } from '../concurrency.ts';
import type { Happening } from '../events.ts';
import type { JsonRecord } from '../expressions/data.ts';
import type { Permissions } from '../plan/permissions.ts';
import type { PlannedWorkflow } from '../plan/load-workflows.ts';
import type { JobSession } from '../platform.ts';
import type { SignalGrace } from '../process/run-process.ts';
import type { ArtifactStore } from '../stand-ins/stand-in.ts';
import type { NodeAction } from '../syntax/action-file.ts';
import type { Defaults, WorkflowFile } from '../syntax/workflow-file.ts';
import type { RunOptions } from './options.ts';
import type { Reporter } from './reporter.ts';
import type { Annotation, StepRecord } from './result.ts';

/** One run. */
export interface RunState {
  readonly options: RunOptions;
  readonly runId: string;
  /** The `github` context as far as it is the same in every job. */
  readonly github: JsonRecord;
  readonly directory: string;
  readonly eventPath: string;
  readonly grace: SignalGrace;
  readonly groups: ConcurrencyGroups;
  readonly artifacts: ArtifactStore;
  readonly standInsUsed: Set<string>;
  readonly emit: (happening: Happening) => void;
  readonly now: () => number;
}

/** One use of a workflow file in a run: the entry, or a call of it. */
export interface Instance {
  readonly run: RunState;
  readonly workflow: PlannedWorkflow;
  readonly inputs: JsonRecord;
  /** Display names and ids of the calling jobs. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
  /** Concurrency groups that this instance or a caller holds, in lower case. */
  readonly heldGroups: readonly string[];
  readonly signal: AbortSignal;
}

export type JobStatus = 'success' | 'failure' | 'cancelled';

/** What the `steps` context knows of one step. */
export interface StepContext {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: string;
  readonly conclusion: string;
}

export interface JobDirectories {
  readonly workspace: string;
  readonly temp: string;
  readonly toolCache: string;
  readonly home: string;
  readonly scratch: string;
}

/** A job while its steps run. */
export interface JobState {
  readonly run: RunState;
  readonly file: WorkflowFile;
  readonly id: string;
  readonly name: string;
  readonly permissions: Permissions;
  readonly defaults: readonly Defaults[];
  /** The contexts that do not change while the job runs. */
  readonly contexts: Readonly<Record<'github' | 'needs' | 'vars', JsonRecord>>;
  readonly session: JobSession;
  readonly directories: JobDirectories;
  readonly masks: Masks;
  readonly trackingId: string;
  readonly processGroups: number[];
  readonly canceller: AbortController;
  /** Aborts when GitHub's server would stop the job for good, five minutes after a cancel. */
  readonly killer: AbortController;
  readonly records: StepRecord[];
  readonly annotations: Annotation[];
  readonly summaries: string[];
  readonly posts: PostStep[];
  status: JobStatus;
  /** `env:` of workflow and job, and what GITHUB_ENV has added. */
  env: Readonly<Record<string, string>>;
  /** What GITHUB_PATH has added, the latest first. */
  paths: readonly string[];
  steps: number;
}

/** Where a list of steps runs: the job itself, or a composite action. */
export interface Frame {
  readonly job: JobState;
  readonly inputs: JsonRecord;
  /** `env:` of the steps around a composite action. */
  readonly env: Readonly<Record<string, string>>;
  /** Fields of the `github` context that differ here. */
  readonly github: JsonRecord;
  readonly steps: Record<string, StepContext>;
  /** What `success()` and `failure()` look at; a composite action starts with a clean slate. */
  status(): JobStatus;
  fail(): void;
}

/** A step under way. */
export interface StepRun {
  readonly frame: Frame;
  readonly id: string;
  readonly env: Readonly<Record<string, string>>;
  readonly reporter: Reporter;
  readonly cancel: AbortSignal;
}

/** The second half of an action that has one. */
export interface PostStep {
  readonly name: string;
  readonly action: NodeAction;
  readonly script: string;
  readonly frame: Frame;
  readonly id: string;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly state: Record<string, string>;
}
