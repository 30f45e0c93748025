import type { Conclusion, RunConclusion } from './platform.ts';
import type { Annotation } from './run/result.ts';

interface JobEvent {
  /** Display name of the job. */
  readonly job: string;
}

interface StepEvent extends JobEvent {
  /** Display name of the step, masked. */
  readonly step: string;
  /** Counts from 1 in the order in which the steps of the job started. */
  readonly number: number;
}

/** What happens in a run; the engine adds the time. */
export type Happening =
  | { readonly kind: 'run-started'; readonly runId: string; readonly name: string }
  | {
      readonly kind: 'run-finished';
      readonly conclusion: RunConclusion;
      readonly standInsUsed: readonly string[];
    }
  | (JobEvent & {
      readonly kind: 'job-waiting';
      readonly for: 'concurrency' | 'environment';
      /** The group or the environment. */
      readonly name: string;
    })
  | (JobEvent & { readonly kind: 'job-started'; readonly environment?: string })
  | (JobEvent & { readonly kind: 'job-finished'; readonly conclusion: Conclusion })
  | (StepEvent & { readonly kind: 'step-started' })
  | (StepEvent & { readonly kind: 'step-finished'; readonly conclusion: Conclusion })
  | (StepEvent & { readonly kind: 'log'; readonly line: string })
  | (StepEvent & { readonly kind: 'summary'; readonly markdown: string })
  | {
      readonly kind: 'annotation';
      readonly job?: string;
      readonly step?: string;
      readonly annotation: Annotation;
    };

/** What happens in a run, as it happens; `at` is in milliseconds since the epoch. Every text is masked. */
export type EngineEvent = Happening & { readonly at: number };
