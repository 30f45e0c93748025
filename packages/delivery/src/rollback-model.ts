import type { ReasonCode } from '@gatewright/verdict';

import type { Account, HostAccount } from './account.ts';
import type { Ending } from './ending.ts';
import type { LedgerRecord } from './ledger.ts';
import type { Host, ReleaseRef, Strategy } from './model.ts';
import type { VerifyOutcome } from './ports.ts';

/** A host in the scope of a rollback that cannot be commanded; it keeps the rollback from being a success. */
export interface UnreachableHost {
  readonly id: string;
  readonly reasonCode: ReasonCode;
  readonly detail: string;
}

/** What a rollback is to do. */
export interface RollbackPlan {
  readonly environment: string;
  readonly runId: string;
  /** The scope: the touched hosts of a failed rollout, or the whole fleet. */
  readonly hosts: readonly Host[];
  readonly unreachable: readonly UnreachableHost[];
  /** How the hosts are divided; they go back from the last to the first. */
  readonly strategy: Strategy;
  /**
   * `previous`; a version that the ledger knows as verified; or `nothing`, which stops the application and is refused
   * where a verified release exists.
   */
  readonly to: string;
  /**
   * Version or digest of the release to be left and denied: the automatic mode after a failed rollout, in which only
   * hosts that serve this release are changed. Absent: somebody wants another release, and every host is brought to it.
   */
  readonly leaving?: string;
  /** Why; goes into the ledger. */
  readonly reason: string;
}

/** The account of a rollback. `verdict: pass` exactly when every host in scope is back and that was verified. */
export interface RollbackResult extends Ending {
  /** The release returned to; null for "nothing", or when it was never chosen. */
  readonly to: ReleaseRef | null;
  /** The release left; null when it was not established. */
  readonly leaving: ReleaseRef | null;
  /** Hosts that this rollback brought back. */
  readonly restored: readonly string[];
  /** Every host in scope in its last known state. */
  readonly hosts: readonly HostAccount[];
  /** Whether the ledger now denies the release that was left. */
  readonly denied: boolean;
  readonly verifyReport?: VerifyOutcome;
  readonly generation: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** What a rollback has come to so far. */
export interface RollbackProgress {
  readonly account: Account;
  readonly restored: string[];
  generation: number | null;
  leaving: ReleaseRef | null;
  to: ReleaseRef | null;
  denied: boolean;
  verifyReport?: VerifyOutcome;
}

/** What was decided after looking at the hosts and the ledger. */
export interface RollbackDecision {
  /** null: back to serving nothing. */
  readonly target: LedgerRecord | null;
  readonly revert: readonly Host[];
  /** Hosts that must serve the target in the end. */
  readonly back: readonly Host[];
  readonly lost: readonly string[];
  readonly generation: number;
}
