import type { ReasonCode, VerificationVerdict } from '@gatewright/verdict';

import type { LedgerDraft, LedgerRecord } from './ledger.ts';
import type { Host, HostReport, Instance, Release, ReleaseRef } from './model.ts';

/**
 * What is asked of hosts. `step` names the operation within the run: a host never runs the same step of a run twice.
 * `generation` is the fencing token of the lock: a host refuses a write with a token older than one it has seen.
 */
export type Operation =
  | {
      readonly kind: 'preflight';
      readonly step: string;
      readonly generation: number;
      readonly release: Release;
    }
  | {
      readonly kind: 'apply';
      readonly step: string;
      readonly generation: number;
      readonly release: Release;
    }
  | {
      readonly kind: 'status';
      readonly step: string;
      readonly generation: number;
      /** The release that the answer is wanted for; without it the host tells of its last operation. */
      readonly about?: ReleaseRef;
    }
  | {
      readonly kind: 'revert';
      readonly step: string;
      readonly generation: number;
      /** The release to return to; null means "stop the application and serve nothing". */
      readonly to: (ReleaseRef & { readonly source: string }) | null;
    };

/** The hosts of an environment, behind whatever carries the commands. */
export interface Fleet {
  /** Every managed instance that carries all these tags, also those that cannot be reached. */
  discover(tags: Readonly<Record<string, string>>): Promise<Instance[]>;
  /**
   * Runs one operation on these hosts and answers with exactly one report per host, in their order. Once any host may
   * have received the operation it never throws: what could not be established is reported as `unknown`.
   *
   * @throws GatewrightError only when it is certain that no host received the operation.
   */
  run(operation: Operation, hosts: readonly Host[], signal: AbortSignal): Promise<HostReport[]>;
}

/** The append-only record of what was verified, denied and taken back in one environment. */
export interface Ledger {
  /** Every record, oldest first. */
  read(): Promise<LedgerRecord[]>;
  /** Adds a record under the next free sequence number; never replaces one. */
  append(draft: LedgerDraft): Promise<LedgerRecord>;
  /**
   * Whether the record would fit, asked before the first host is changed.
   *
   * @throws ConfigurationError when the store could not take it.
   */
  check(draft: LedgerDraft): void;
}

/** How a request for the lock ended. */
export type LockAnswer =
  | { readonly kind: 'acquired'; readonly generation: number }
  | {
      readonly kind: 'held';
      readonly by: string;
      /** ISO 8601; empty when the record of the holder cannot be read. */
      readonly since: string;
      readonly expires: string;
    };

/** The lease that lets one delivery write to one environment. */
export interface Lock {
  /** Takes the lock; the same owner takes its own lock over, under a higher generation. */
  acquire(): Promise<LockAnswer>;
  /** Prolongs the lease; false when somebody else took the lock over or the lease ran out. */
  renew(): Promise<boolean>;
  /** Gives the lock back if this owner holds it; harmless otherwise, and when called twice. */
  release(): Promise<void>;
}

/** One address that must serve the release. */
export interface VerifyTarget {
  readonly name: string;
  readonly baseUrl: string;
}

/** What delivery needs to know of a verification; the verifier's own report has more. */
export interface VerifyOutcome {
  readonly verdict: VerificationVerdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
}

/** Proves that every target serves exactly this release and passes the suite of that release. */
export type Verifier = (request: {
  readonly targets: readonly VerifyTarget[];
  readonly release: ReleaseRef;
  readonly suite: unknown;
  readonly signal: AbortSignal;
}) => Promise<VerifyOutcome>;

/** Time, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What a delivery acts through. */
export interface DeliveryPorts {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly lock: Lock;
  /** `off` where the runner cannot reach the hosts; their own health hook is then the only proof. */
  readonly verify: Verifier | 'off';
  readonly clock: Clock;
  /** Aborted when the run is cancelled: from then on no host gets a new command. */
  readonly signal: AbortSignal;
}
