export { runWorkflow } from './run-workflow.ts';
export { findNode24 } from './find-node24.ts';
export { builtInStandIns } from './stand-ins/built-in.ts';
export { createConcurrencyGroups } from './concurrency.ts';
export { UnsupportedSyntaxError, WorkflowFileError } from './errors.ts';
export { defaultPermissions } from './plan/permissions.ts';
export { runnerSignalGrace } from './process/run-process.ts';
export type { AnnotationLevel } from './commands/workflow-commands.ts';
export type { ConcurrencyGroups, ConcurrencyRequest, Lease } from './concurrency.ts';
export type { EngineEvent } from './events.ts';
export type { Json, JsonRecord } from './expressions/data.ts';
export type { Permissions } from './plan/permissions.ts';
export type { Sources, Tree } from './plan/sources.ts';
export type {
  Conclusion,
  JobReadiness,
  JobRequest,
  JobSession,
  Platform,
  RunConclusion,
  RunRequest,
} from './platform.ts';
export type { SignalGrace } from './process/run-process.ts';
export type { RunEvent, RunOptions } from './run/options.ts';
export type { Annotation, JobRecord, StepRecord, WorkflowRun } from './run/result.ts';
export type { Artifact, ArtifactStore, StandIn, StandInContext } from './stand-ins/stand-in.ts';
