import type { Scope } from '../expressions/evaluate.ts';
import type { PlannedStepsJob } from '../plan/load-workflows.ts';
import type { Needs } from './scopes.ts';
import type { Instance } from './state.ts';

/** A job that is about to get its runner. */
export interface JobStart {
  readonly instance: Instance;
  readonly job: PlannedStepsJob;
  readonly scope: Scope;
  readonly needs: Needs;
  readonly name: string;
  readonly id: string;
  /** Aborts when the job is to stop; who asks to go on has been asked before. */
  readonly signal: AbortSignal;
}
