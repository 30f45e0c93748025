import type { Host, Strategy } from './model.ts';
import { planWaves } from './waves.ts';

/** SSM takes at most this many explicit ids in one command, and lists as many invocations on one page. */
export const hostsPerCommand = 50;

/** The limits of the policy, in seconds. */
export interface DeliveryLimits {
  readonly deliveryTimeoutSeconds: number;
  readonly hostTimeoutSeconds: number;
}

/** What a reviewer should know of a rollout before it starts. */
export interface PlanDescription {
  readonly waves: readonly { readonly number: number; readonly hosts: readonly string[] }[];
  /** The longest time, in seconds, that one wave can take. */
  readonly worstCaseWaveSeconds: number;
  /** The longest time, in seconds, that the whole rollout can take before it ends by itself. */
  readonly worstCaseSeconds: number;
  /** AWS API calls: `least` when every host answers at the first look, `most` when each uses all its time. */
  readonly apiCalls: { readonly least: number; readonly most: number };
}

/** Between two looks at a running command lie at most this many seconds. */
const slowestPollSeconds = 5;
/** DescribeDocument, PutObject, and for the lock: list, create, list again. */
const openingCalls = 5;
/** The ledger: list twice, create. */
const ledgerCalls = 3;
/** The lock: look for a takeover, prolong, look again. */
const renewCalls = 3;

/** Predicts a rollout from the plan alone, without asking any service. */
export function describePlan(plan: {
  readonly hosts: readonly Host[];
  readonly strategy: Strategy;
  readonly limits: DeliveryLimits;
  /** The deadline of the release's own verification, in seconds. */
  readonly verifyDeadlineSeconds: number;
}): PlanDescription {
  const waves = planWaves(plan.hosts, plan.strategy);
  const bake = plan.strategy.kind === 'rolling' ? (plan.strategy.bakeSeconds ?? 0) : 0;
  const command = plan.limits.deliveryTimeoutSeconds + plan.limits.hostTimeoutSeconds;
  // A bad command is followed by a read-only one that settles what the host serves.
  const worstCaseWaveSeconds = 2 * command + 2 * plan.verifyDeadlineSeconds + bake;
  const pollsAtMost = Math.ceil((2 * command) / slowestPollSeconds);
  const commands =
    chunks(plan.hosts.length) + waves.reduce((sum, wave) => sum + chunks(wave.hosts.length), 0);
  const fixed =
    openingCalls + ledgerCalls + chunks(plan.hosts.length) + renewCalls * (waves.length + 1);
  return {
    waves: waves.map((wave) => ({ number: wave.number, hosts: wave.hosts.map((host) => host.id) })),
    worstCaseWaveSeconds,
    worstCaseSeconds: command + waves.length * worstCaseWaveSeconds + plan.verifyDeadlineSeconds,
    apiCalls: { least: fixed + commands * 2, most: fixed + commands * (2 + pollsAtMost) },
  };
}

function chunks(hosts: number): number {
  return Math.ceil(hosts / hostsPerCommand);
}
