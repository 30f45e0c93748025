import { describePlan } from '@gatewright/delivery';
import type { DeliveryLimits, Strategy } from '@gatewright/delivery';
import { hostDocument } from '@gatewright/host';

import type { EnvironmentPlace } from './environment.ts';

/** What is needed of the policy of an environment. */
export interface PlacePolicy {
  readonly aws: {
    readonly region: string;
    readonly artifactBucket: string;
    readonly document: {
      readonly name: string;
      readonly version: string;
      readonly sha256?: string | undefined;
    };
  };
  readonly strategy: Strategy;
  readonly limits: DeliveryLimits & {
    readonly lockMinutes: number;
    readonly keepReleases: number;
  };
}

/** What is needed of the workflow run. */
export interface PlaceRun {
  readonly repository: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly jobName: string;
}

/** The lease outlives the longest wave by this much. */
const leaseSlackSeconds = 120;

/**
 * Where a delivery works and who it is. Without a hash in the policy the document must be the one that this release of
 * Gatewright ships.
 *
 * @param what.verifySeconds The longest time that one verification can take.
 */
export function placeOf(
  policy: PlacePolicy,
  run: PlaceRun,
  what: { readonly app: string; readonly environment: string; readonly verifySeconds: number },
): EnvironmentPlace {
  const { aws, limits, strategy } = policy;
  const { worstCaseWaveSeconds } = describePlan({
    hosts: [],
    strategy,
    limits,
    verifyDeadlineSeconds: what.verifySeconds,
  });
  const { deliveryTimeoutSeconds, hostTimeoutSeconds, keepReleases } = limits;
  const { name, version, sha256 } = aws.document;
  return {
    region: aws.region,
    bucket: aws.artifactBucket,
    document: { name, version, sha256: sha256 ?? hostDocument().sha256 },
    app: what.app,
    environment: what.environment,
    // Without the attempt: a job that is run again may enter the lock that its killed attempt left behind.
    owner: `${run.repository} run ${run.runId} job ${run.jobName}`,
    attemptId: `${run.runId}.${run.runAttempt}`,
    leaseSeconds: Math.max(limits.lockMinutes * 60, worstCaseWaveSeconds + leaseSlackSeconds),
    limits: { deliveryTimeoutSeconds, hostTimeoutSeconds, keepReleases },
  };
}
