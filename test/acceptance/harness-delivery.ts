import { join } from 'node:path';
import type { CallRecord } from '@gatewright/emulators';
import * as z from 'zod';
import { startAction } from './harness-runner.ts';
import type { ActionEnd, Job, RunningStep, StepEnd } from './harness-runner.ts';
import { allAtOnce, environment } from './harness-policy.ts';
import { startStage } from './harness-stage.ts';
import type { PackedRelease, Stage, StageOptions } from './harness-stage.ts';

const releaseRef = z.object({ version: z.string(), digest: z.string() }).nullable();
const host = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.string(),
  reasonCode: z.string().nullable(),
  release: releaseRef,
  detail: z.string(),
  log: z.string(),
});
const rolloutRecord = z.object({
  app: z.string(),
  environment: z.string(),
  release: releaseRef,
  previousRelease: releaseRef,
  waves: z.array(z.object({ number: z.number(), verdict: z.string() })),
  touched: z.array(z.string()),
  untouched: z.array(z.string()),
  hosts: z.array(host),
  generation: z.number().nullable(),
  apiCalls: z.number(),
});
const rollbackRecord = z.object({
  to: releaseRef,
  leaving: releaseRef,
  restored: z.array(z.string()),
  hosts: z.array(host),
  denied: z.boolean(),
  apiCalls: z.number(),
});

/** What deploy-ssm wrote about a rollout; throws when it did not come to one. */
export function rolloutOf(end: ActionEnd): z.infer<typeof rolloutRecord> {
  return rolloutRecord.parse(end.result);
}

/** What rollback-ssm wrote about a rollback; throws when it did not come to one. */
export function rollbackOf(end: ActionEnd): z.infer<typeof rollbackRecord> {
  return rollbackRecord.parse(end.result);
}

const sendCommand = z.object({
  InstanceIds: z.array(z.string()),
  Parameters: z.record(z.string(), z.tuple([z.string()])),
});

/** The hosts of every command that SSM took for one operation (and one release), in order. */
export function commandsSent(
  calls: readonly CallRecord[],
  operation: string,
  version?: string,
): string[][] {
  return calls
    .filter(
      (call) => call.operation === 'SendCommand' && call.errorCode !== 'AccessDeniedException',
    )
    .map(({ parameters }) => sendCommand.parse(parameters))
    .filter(({ Parameters: { Operation, Version } }) => {
      return Operation?.[0] === operation && (version === undefined || Version?.[0] === version);
    })
    .map(({ InstanceIds }) => InstanceIds);
}

/** How a delivery differs from the usual one. */
export interface DeliveryChange {
  readonly policyPath?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly job?: Partial<Job>;
}

/** A main step and the post step that the runner ran after it. */
export interface DeliveryEnd extends ActionEnd {
  readonly post: StepEnd;
}

/** Starts deploy-ssm for a packed release. */
export async function startDelivery(
  stage: Stage,
  release: PackedRelease,
  change: DeliveryChange = {},
): Promise<RunningStep<ActionEnd>> {
  return startAction('deploy-ssm', await stage.job(change.job), {
    environment,
    'policy-path': change.policyPath ?? (await stage.policy()),
    'manifest-path': join(release.directory, 'manifest.json'),
    'expected-digest': release.digest,
    ...change.inputs,
  });
}

/** Runs deploy-ssm to its end, and its post step, as in a job. */
export async function deliver(
  stage: Stage,
  release: PackedRelease,
  change: DeliveryChange = {},
): Promise<DeliveryEnd> {
  return withPost(await startDelivery(stage, release, change));
}

/** Runs rollback-ssm to its end, and its post step, as in a job. */
export async function takeBack(stage: Stage, change: DeliveryChange = {}): Promise<DeliveryEnd> {
  const step = await startAction('rollback-ssm', await stage.job(change.job), {
    environment,
    app: 'orders',
    'policy-path': change.policyPath ?? (await stage.policy()),
    ...change.inputs,
  });
  return withPost(step);
}

async function withPost(step: RunningStep<ActionEnd>): Promise<DeliveryEnd> {
  const end = await step.ended;
  const post = await (await end.startPost()).ended;
  return { ...end, post };
}

/** A stage whose whole fleet serves a verified 1.0.0. */
export interface ServingStage extends Stage {
  readonly first: PackedRelease;
}

/** Starts a stage, and delivers 1.0.0 to its whole fleet. */
export async function startServingStage(options: StageOptions = {}): Promise<ServingStage> {
  const stage = await startStage(options);
  try {
    const first = await stage.pack('1.0.0');
    const policyPath = await stage.policy(allAtOnce);
    const { exitCode, log } = await deliver(stage, first, { policyPath });
    if (exitCode !== 0) throw new Error(`1.0.0 was not delivered:\n${log}`);
    return { ...stage, first };
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

/** Cases that are played on several stages side by side: most of the time of a delivery is waiting. */
export interface PlayedCases<C, R> {
  readonly start: () => Promise<void>;
  /** What the case came to. */
  readonly of: (one: C) => Promise<R>;
  readonly stop: () => Promise<void>;
}

/** Plays each case on whichever of `count` stages is free; a case must leave its stage fit for the next one. */
export function playSideBySide<C, R>(
  count: number,
  cases: readonly C[],
  play: (stage: ServingStage, one: C) => Promise<R>,
  options: StageOptions = {},
): PlayedCases<C, R> {
  const stages: ServingStage[] = [];
  const played = new Map<C, Promise<R>>();
  const open = [...cases];
  const lane = async (stage: ServingStage): Promise<void> => {
    for (let one = open.shift(); one !== undefined; one = open.shift()) {
      const result = play(stage, one);
      played.set(one, result);
      // Its own test tells of a failure.
      await result.catch(() => undefined);
    }
  };
  return {
    start: async () => {
      const started = await Promise.allSettled(
        Array.from({ length: count }, () => startServingStage(options)),
      );
      for (const one of started) if (one.status === 'fulfilled') stages.push(one.value);
      for (const one of started) if (one.status === 'rejected') throw one.reason;
      await Promise.all(stages.map(lane));
    },
    of: async (one) => {
      const result = played.get(one);
      if (result === undefined) throw new Error('This case was not played.');
      return result;
    },
    stop: async () => {
      await Promise.all(stages.map((stage) => stage.stop()));
    },
  };
}
