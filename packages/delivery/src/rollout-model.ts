import type { VerificationVerdict } from '@gatewright/verdict';

import type { HostAccount } from './account.ts';
import type { Ending } from './ending.ts';
import type { Host, Release, ReleaseRef, Strategy } from './model.ts';
import type { VerifyOutcome } from './ports.ts';

/** What a rollout is to do. */
export interface RolloutPlan {
  readonly environment: string;
  /** The run as the ledger names it; the same in each attempt of the run. */
  readonly runId: string;
  readonly release: Release;
  /** The roster: frozen, every host reachable. */
  readonly hosts: readonly Host[];
  readonly strategy: Strategy;
}

/** How one wave ended. `cancelled` and the like are errors: nothing was proven. */
export interface WaveResult {
  readonly number: number;
  readonly hosts: readonly HostAccount[];
  readonly verdict: VerificationVerdict;
  /** The last verification of the wave; absent where probing is off or it did not come to one. */
  readonly verifyReport?: VerifyOutcome;
}

/** The account of a rollout. `verdict: pass` exactly when every host serves the release and that was verified. */
export interface RolloutResult extends Ending {
  readonly release: ReleaseRef;
  /** Where the hosts could return to; null for "nothing", or when that was not established. */
  readonly previousRelease: ReleaseRef | null;
  /** The waves that were begun. */
  readonly waves: readonly WaveResult[];
  readonly wavesPlanned: number;
  /** Hosts that got, or may have got, a write command. */
  readonly touched: readonly string[];
  readonly untouched: readonly string[];
  /** Every host of the roster in its last known state. */
  readonly hosts: readonly HostAccount[];
  /** The fencing token; null when the lock was never held. */
  readonly generation: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
}
