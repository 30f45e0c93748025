/** How a job or a step ended. */
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

/** How a run ended; `startup_failure` means that GitHub would not have started a single job. */
export type RunConclusion = Conclusion | 'startup_failure';

/** What a run is started with. */
export interface RunRequest {
  /** `owner/name`. */
  readonly repository: string;
  /** Path of the workflow file. */
  readonly workflow: string;
  /** Name of the event. */
  readonly event: string;
  readonly ref: string;
  readonly sha: string;
  readonly actor: string;
  readonly inputs: Readonly<Record<string, string | boolean | number>>;
}

/** What a job asks of the platform. */
export interface JobRequest {
  /** Display name, with the names of the calling jobs before it: `deploy / package`. */
  readonly name: string;
  readonly environment?: { readonly name: string; readonly url?: string };
  /** The scopes of the job's token; a scope that is not named is `none`. */
  readonly permissions: Record<string, string>;
  /** The workflow file that defines the job: `owner/name/path@ref`. The `job_workflow_ref` claim of an OIDC token. */
  readonly jobWorkflowRef: string;
  readonly jobWorkflowSha: string;
}

/** What the protection rules of the job's environment answered. */
export type JobReadiness =
  | { readonly kind: 'ready'; readonly deploymentId?: string | number }
  | { readonly kind: 'rejected'; readonly by: string; readonly comment: string }
  | { readonly kind: 'blocked'; readonly reason: string };

/** One job as the platform knows it. */
export interface JobSession {
  /** The job's GITHUB_TOKEN. */
  readonly token: string;
  /** GITHUB_API_URL, GITHUB_SERVER_URL, and with `id-token: write` ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits for the protection rules of the environment; `signal` aborts when the run is cancelled meanwhile. */
  ready(signal: AbortSignal): Promise<JobReadiness>;
  close(conclusion: Conclusion, environmentUrl?: string): Promise<void>;
}

/** The GitHub of a run: run numbers, tokens, environments. */
export interface Platform {
  openRun(
    request: RunRequest,
  ): Promise<{ readonly runId: string; readonly runNumber: number; readonly runAttempt: number }>;
  openJob(runId: string, job: JobRequest): Promise<JobSession>;
  closeRun(runId: string, conclusion: RunConclusion): Promise<void>;
}
