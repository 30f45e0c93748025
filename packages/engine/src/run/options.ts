import type { ConcurrencyGroups } from '../concurrency.ts';
import type { EngineEvent } from '../events.ts';
import type { Sources } from '../plan/sources.ts';
import type { Platform } from '../platform.ts';
import type { SignalGrace } from '../process/run-process.ts';

/** What started the run. */
export interface RunEvent {
  /** `workflow_dispatch`, `push`, … */
  readonly name: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  readonly sha: string;
  /** Login of who started it. */
  readonly actor: string;
  /** Of a `workflow_dispatch`; texts are read as the form on GitHub would send them. */
  readonly inputs?: Readonly<Record<string, string | boolean | number>>;
  /** Merged over the engine's own event payload, one level deep. */
  readonly payload?: object;
}

/** The options of {@link runWorkflow}. */
export interface RunOptions extends Sources {
  /** Path of the workflow file in the caller's repository at `event.sha`. */
  readonly workflow: string;
  readonly event: RunEvent;
  readonly platform: Platform;
  /** Path of a Node 24 binary; see `findNode24`. */
  readonly node24: string;
  /** Further variables of every step; the engine's own variables and `env:` win over them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The `vars` context. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where workspaces and temporary files go; the caller removes it. */
  readonly workRoot: string;
  readonly observe: (event: EngineEvent) => void;
  /** Cancels the run as the button on GitHub does. */
  readonly signal?: AbortSignal;
  /** The waits of the signal sequence in milliseconds, for tests; the runner's own by default. */
  readonly signalGraceMs?: Partial<SignalGrace>;
  /** Concurrency groups to share between runs; by default the runs on the same `platform` share them. */
  readonly concurrencyGroups?: ConcurrencyGroups;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}
