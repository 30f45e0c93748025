import type { GitHubClock } from './clock.ts';

/** A commit of an emulated repository. */
export interface GitHubCommit {
  readonly sha: string;
  readonly message: string;
  readonly author: { readonly login: string; readonly name: string };
  /** ISO 8601. */
  readonly date: string;
  /** SHAs; the first is the mainline. */
  readonly parents: readonly string[];
  /** Name of the git tree; absent when nobody looks at it, and then a stand-in is shown. */
  readonly tree?: string;
  /** Absolute directory that holds the tree of this commit; what a checkout copies. */
  readonly directory: string;
}

/** Which refs may deploy: any, those with branch protection, or those that match a pattern. */
export type GitHubBranchPolicy =
  | null
  | 'protected'
  | readonly (string | { readonly name: string; readonly type: 'branch' | 'tag' })[];

export interface GitHubReviewers {
  /** Logins. */
  readonly users?: readonly string[];
  /** Slugs of teams of the repository's owner. */
  readonly teams?: readonly string[];
}

export interface GitHubProtection {
  readonly reviewers?: GitHubReviewers;
  readonly preventSelfReview?: boolean;
  readonly waitMinutes?: number;
  /** `null`, the default: every ref. */
  readonly branches?: GitHubBranchPolicy;
  /** GitHub's default is true; `undefined` leaves the field out of the answer, as older servers do. */
  readonly canAdminsBypass?: boolean | undefined;
}

export interface GitHubEnvironment {
  readonly name: string;
  readonly protection?: GitHubProtection;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface GitHubRepository {
  /** `owner/name`. */
  readonly fullName: string;
  readonly id?: number;
  readonly defaultBranch?: string;
  /** Default true: a token then needs its scope even to read. */
  readonly private?: boolean;
  readonly commits: readonly GitHubCommit[];
  /** Full ref names to SHAs. */
  readonly refs: Readonly<Record<string, string>>;
  readonly environments?: readonly GitHubEnvironment[];
  /** Names of branches with branch protection. */
  readonly protectedBranches?: readonly string[];
  /** Form of the OIDC subject: by names (older repositories) or with the immutable ids. */
  readonly oidcSubject?: 'names' | 'immutable-ids';
  /** Whether a release can no longer be changed once it is published; GitHub's default is false. */
  readonly immutableReleases?: boolean;
}

export interface GitHubUser {
  readonly login: string;
  readonly id?: number;
  readonly name?: string;
}

export interface GitHubTeam {
  readonly slug: string;
  readonly name?: string;
  readonly members: readonly string[];
}

export interface GitHubOptions {
  readonly repositories: readonly GitHubRepository[];
  readonly users?: readonly GitHubUser[];
  readonly teams?: readonly GitHubTeam[];
  /** Default: the system's clock. */
  readonly clock?: GitHubClock;
}

/** Somebody has to decide before the job goes on. */
export interface GitHubPending {
  readonly repository: string;
  readonly runId: string;
  readonly job: string;
  readonly environment: string;
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  /** Logins whose approval would count, team members included. */
  readonly eligible: readonly string[];
}

export interface GitHubReview {
  /** Login. */
  readonly by: string;
  readonly comment?: string;
}

export interface GitHubRunRequest {
  readonly repository: string;
  /** Path of the workflow file in the repository. */
  readonly workflow: string;
  readonly event: string;
  readonly ref: string;
  readonly sha: string;
  readonly actor: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface GitHubJobRequest {
  readonly name: string;
  readonly environment?: { readonly name: string; readonly url?: string };
  readonly permissions: Readonly<Record<string, string>>;
  /** `owner/repo/path@ref` of the called workflow that defines the job, if it is not the run's own. */
  readonly jobWorkflowRef?: string;
  /** Commit of that workflow file; default: the run's. */
  readonly jobWorkflowSha?: string;
}

export type GitHubReadiness =
  | { readonly kind: 'ready'; readonly deploymentId?: number }
  | { readonly kind: 'rejected'; readonly by: string; readonly comment: string }
  | { readonly kind: 'blocked'; readonly reason: string };

/** How a job or a run ended, in GitHub's words. */
export type GitHubConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out';

export interface GitHubJobSession {
  /** The job's GITHUB_TOKEN; valid until `close`. */
  readonly token: string;
  /** What the runner puts into the job's environment. */
  readonly env: Record<string, string>;
  /** Waits for the protection rules of the job's environment; rejects with the signal's reason when aborted. */
  ready(signal: AbortSignal): Promise<GitHubReadiness>;
  close(conclusion: string, environmentUrl?: string): Promise<void>;
}

export interface GitHubJournalEntry {
  readonly sequence: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: 'request' | 'event';
  /** `GET /path?query` or the name of the event. */
  readonly what: string;
  /** Login, job or `anonymous`. */
  readonly by: string;
  /** HTTP status, for a request. */
  readonly status?: number;
  /** Identifier of the operation in GitHub's description, for a request. */
  readonly operation?: string;
  readonly detail?: unknown;
}

/** An answer that the emulator gives instead of its own, to rehearse trouble. */
export interface GitHubFault {
  readonly method?: string;
  /** Matched against the decoded path. */
  readonly path: RegExp;
  /** How often; default once. */
  readonly times?: number;
  readonly answer:
    | 'hang-up'
    | {
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
      };
}

export type GitHubTokenRequest =
  | { readonly user: string }
  | { readonly repository: string; readonly permissions: Readonly<Record<string, string>> };

export interface GitHubEmulator {
  /** Base of the REST API (GITHUB_API_URL), of the OIDC issuer and of the web pages. */
  readonly url: string;
  openRun(
    request: GitHubRunRequest,
  ): Promise<{ runId: string; runNumber: number; runAttempt: number }>;
  openJob(runId: string, job: GitHubJobRequest): Promise<GitHubJobSession>;
  closeRun(runId: string, conclusion: string): Promise<void>;
  /** Approves every job of the run that waits for this environment. Throws if the user may not. */
  approve(runId: string, environment: string, review: GitHubReview): void;
  reject(runId: string, environment: string, review: GitHubReview): void;
  /** Called as soon as a job waits for a reviewer; returns the function that unsubscribes. */
  onPending(listener: (pending: GitHubPending) => void): () => void;
  pending(): readonly GitHubPending[];
  /** A token of a person, or one like GITHUB_TOKEN with exactly these permissions. */
  token(request: GitHubTokenRequest): string;
  /** The commit that a branch, tag, full ref or SHA names. */
  commit(repository: string, ref: string): GitHubCommit | undefined;
  /** Adds a commit and moves a ref (full name) to it. */
  push(repository: string, ref: string, commit: GitHubCommit): void;
  /** Creates or replaces an environment, as somebody with administration rights would. */
  setEnvironment(repository: string, environment: GitHubEnvironment): void;
  removeEnvironment(repository: string, name: string): void;
  fault(fault: GitHubFault): void;
  journal(): readonly GitHubJournalEntry[];
  /** Back to the state of the start: no runs, deployments, tokens, faults, journal or listeners. */
  reset(): void;
  stop(): Promise<void>;
}
