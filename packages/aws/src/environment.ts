import { randomUUID } from 'node:crypto';

import type { Clock, Fleet, Ledger, Lock } from '@gatewright/delivery';

import { createArtifactStore } from './artifact-store.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { wallClock } from './clock.ts';
import type { CommandEvent } from './command-task.ts';
import { verifyDocument } from './document.ts';
import type { PinnedDocument } from './document.ts';
import { createFleet } from './fleet.ts';
import { createLedger } from './ledger.ts';
import { createLock } from './lock.ts';
import { createSsmApi } from './ssm-api.ts';
import { watchCommand } from './watch-command.ts';
import type { SentCommand, Watched } from './watch-command.ts';

/** Which environment, and who works on it. */
export interface EnvironmentPlace {
  readonly region: string;
  readonly bucket: string;
  readonly document: PinnedDocument;
  readonly app: string;
  readonly environment: string;
  /** Holds the lock; the same for a job and its post steps, in each attempt of the run. */
  readonly owner: string;
  /** Names this attempt of the run; hosts never run the same step of it twice. */
  readonly attemptId: string;
  readonly leaseSeconds: number;
  readonly limits: {
    readonly deliveryTimeoutSeconds: number;
    readonly hostTimeoutSeconds: number;
    readonly keepReleases: number;
  };
}

/** Everything that a delivery does in AWS. */
export interface AwsEnvironment {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly lock: Lock;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  /** @throws ConfigurationError `document-missing` or `document-hash-mismatch`. */
  verifyDocument(): Promise<void>;
  /** Waits for a command of an earlier process, at most so long; then cancels what is left of it. */
  watch(command: SentCommand, seconds: number, signal: AbortSignal): Promise<Watched>;
  /** API calls so far. */
  calls(): number;
  close(): void;
}

/** Opens an environment; nothing is asked of AWS until something is used. */
export function openEnvironment(
  place: EnvironmentPlace,
  options: {
    readonly now?: () => number;
    readonly observe?: (event: CommandEvent) => void;
    /** The first wait between two looks at a command; default 500. */
    readonly startMilliseconds?: number;
  } = {},
): AwsEnvironment {
  const api = createSsmApi({ region: place.region });
  const artifacts = createArtifactStore({ region: place.region, bucket: place.bucket });
  const now = options.now ?? Date.now;
  const clock = wallClock(now);
  const { startMilliseconds = 500 } = options;
  const polling = { clock, random: Math.random, startMilliseconds };
  const { app, environment, owner, leaseSeconds } = place;
  return {
    fleet: createFleet(api, {
      ...polling,
      ...place.limits,
      app,
      runId: place.attemptId,
      document: place.document,
      ...(options.observe === undefined ? {} : { observe: options.observe }),
    }),
    ledger: createLedger(api, { app, environment }),
    lock: createLock(api, { app, environment, owner, leaseSeconds, now, token: randomUUID }),
    artifacts,
    clock,
    verifyDocument: () => verifyDocument(api, place.document),
    watch: (command, seconds, signal) =>
      watchCommand(api, command, polling, { deadline: now() + seconds * 1000, signal }),
    calls: () => api.calls() + artifacts.calls(),
    close: () => api.close(),
  };
}
