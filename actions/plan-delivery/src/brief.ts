import type { EnvironmentPolicy, ReleaseManifest, VerifyCheck } from '@gatewright/config';
import type { RunContext } from '@gatewright/contract';
import { describePlan } from '@gatewright/delivery';
import type { Host, PlanDescription } from '@gatewright/delivery';
import type { Comparison, SuccessfulDeployment } from '@gatewright/github';
import { unknownsOf } from './unknowns.ts';
import type { Unknown } from './unknowns.ts';

/** Something that was asked for and came, or the reason why it did not. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unreadable'; readonly why: string };

/** What could be learnt of what is there now. */
export interface Readings {
  /** `undefined` inside: GitHub knows no successful deployment to the environment. */
  readonly deployed: Reading<SuccessfulDeployment | undefined>;
  /** Absent when there is nothing to compare with. */
  readonly changes?: Reading<Comparison>;
  /** Whether the bytes of the artifact were compared with the manifest. */
  readonly artifactCompared: boolean;
}

/** Everything that the page tells, in the order in which it tells it. */
export interface Brief {
  readonly environment: string;
  readonly release: ReleaseManifest;
  readonly run: RunContext;
  readonly readings: Readings;
  readonly policy: EnvironmentPolicy;
  readonly checks: readonly {
    readonly name: string;
    readonly request: string;
    readonly expects: string;
  }[];
  readonly plan: PlanDescription;
  readonly minimumHosts: number;
  readonly strategy: string;
  readonly forwardOnly: boolean;
  readonly unknowns: readonly Unknown[];
}

/** Puts the facts together. Pure. */
export function makeBrief(given: {
  readonly environment: string;
  readonly policy: EnvironmentPolicy;
  readonly release: ReleaseManifest;
  readonly run: RunContext;
  readonly readings: Readings;
}): Brief {
  const { environment, policy, release, run, readings } = given;
  const { minimumHosts } = policy.targets;
  return {
    environment,
    release,
    run,
    readings,
    policy,
    checks: release.verify.checks.map((check) => ({
      name: check.name,
      request: `${check.method} ${check.path}`,
      expects: expectationText(check),
    })),
    plan: describePlan({
      hosts: assumedHosts(minimumHosts),
      strategy: policy.strategy,
      limits: policy.limits,
      verifyDeadlineSeconds: release.verify.deadlineSeconds,
    }),
    minimumHosts,
    strategy: strategyText(policy.strategy),
    forwardOnly: release.rollback.mode === 'forward-only',
    unknowns: unknownsOf(given),
  };
}

/** The plan in one sentence. */
export function planText({ release, environment, plan, minimumHosts, strategy }: Brief): string {
  const hosts = `${minimumHosts} ${minimumHosts === 1 ? 'host' : 'hosts'} at least`;
  const waves = `${plan.waves.length} ${plan.waves.length === 1 ? 'wave' : 'waves'}`;
  return `${release.app} ${release.version} to ${environment}: ${hosts}, in ${waves} (${strategy}), at most ${durationText(plan.worstCaseSeconds)}.`;
}

/** `1 h 5 min`, `2 min 30 s` */
export function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    hours === 0 && seconds % 60 > 0 ? `${Math.ceil(seconds % 60)} s` : '',
  ];
  return parts.filter((part) => part !== '').join(' ') || '0 s';
}

/** Hosts are not known before the approval; the policy says how many there are at least. */
function assumedHosts(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `host ${index + 1}`;
    return { id: String(index).padStart(6, '0'), name, ipAddress: '' };
  });
}

function strategyText(strategy: EnvironmentPolicy['strategy']): string {
  if (strategy.kind === 'all-at-once') return 'all at once';
  const size =
    typeof strategy.waveSize === 'number' ? String(strategy.waveSize) : strategy.waveSize;
  const bake = strategy.bakeSeconds > 0 ? `, each watched for ${strategy.bakeSeconds} s` : '';
  return `rolling, ${size} at a time${bake}`;
}

function expectationText({ expect }: VerifyCheck): string {
  return [
    `status ${expect.status}`,
    ...Object.entries(expect.headers).map(([name, value]) => `${name} contains "${value}"`),
    ...(expect.bodyContains === undefined ? [] : [`body contains "${expect.bodyContains}"`]),
    ...expect.json.map((one) =>
      one.kind === 'equals'
        ? `${one.path} is ${JSON.stringify(one.equals)}`
        : `${one.path} ${one.exists ? 'exists' : 'is absent'}`,
    ),
    ...(expect.latencyMs === undefined ? [] : [`within ${expect.latencyMs} ms`]),
  ].join(', ');
}
