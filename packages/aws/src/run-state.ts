import type { DeliveryEvent, HostReport } from '@gatewright/delivery';
import { releaseName } from '@gatewright/delivery';
import { GatewrightError } from '@gatewright/verdict';
import * as z from 'zod';

import type { CommandEvent } from './command-task.ts';
import type { AwsEnvironment, EnvironmentPlace } from './environment.ts';
import { parseJson } from './ledger.ts';

const seconds = z.number().min(0);
const place: z.ZodType<EnvironmentPlace> = z.strictObject({
  region: z.string(),
  bucket: z.string(),
  document: z.strictObject({ name: z.string(), version: z.string(), sha256: z.string() }),
  app: z.string(),
  environment: z.string(),
  owner: z.string(),
  attemptId: z.string(),
  leaseSeconds: seconds,
  limits: z.strictObject({
    deliveryTimeoutSeconds: seconds,
    hostTimeoutSeconds: seconds,
    keepReleases: z.number(),
  }),
});
const host = z.strictObject({ id: z.string(), name: z.string(), ipAddress: z.string() });
const command = z.strictObject({ id: z.string(), hostIds: z.array(z.string()) });

/** What a main step keeps for its post step, as it goes: a killed process cannot say goodbye. */
export interface RunStateWriter {
  /** Before the lock is asked for: from here on there may be something to settle. */
  readonly begin: (place: EnvironmentPlace) => void;
  readonly noteCommand: (event: CommandEvent) => void;
  readonly noteDelivery: (event: DeliveryEvent) => void;
  /** The main step came to its end by itself; nothing is under way. */
  readonly end: () => void;
}

/** Writes the state through the runner's `saveState`, of which the last value of a key counts. */
export function writeRunState(save: (key: string, value: string) => void): RunStateWriter {
  const touched = new Map<string, z.infer<typeof host>>();
  const live = new Map<string, readonly string[]>();
  const saveLive = (): void => {
    const commands = [...live].map(([id, hostIds]) => ({ id, hostIds }));
    save('commands', JSON.stringify(commands));
  };
  return {
    begin: (where) => save('place', JSON.stringify(where)),
    noteCommand: (event) => {
      if (event.kind === 'command-sent') live.set(event.commandId, event.hostIds);
      else live.delete(event.commandId);
      saveLive();
    },
    noteDelivery: (event) => {
      if (event.kind === 'lock-acquired') save('generation', String(event.generation));
      if (event.kind !== 'wave-started') return;
      for (const { id, name, ipAddress } of event.wave.hosts)
        touched.set(id, { id, name, ipAddress });
      save('touched', JSON.stringify([...touched.values()]));
    },
    end: () => save('ended', 'yes'),
  };
}

/** What the main step left behind; undefined when it never came to the lock. */
export interface RunState {
  readonly place: EnvironmentPlace;
  readonly generation: number;
  readonly commands: readonly z.infer<typeof command>[];
  readonly touched: readonly z.infer<typeof host>[];
  readonly ended: boolean;
}

/** Reads the state in the post step. */
export function readRunState(read: (key: string) => string): RunState | undefined {
  const where = place.safeParse(parseJson(read('place')));
  if (!where.success) return undefined;
  const commands = z.array(command).safeParse(parseJson(read('commands')));
  const touched = z.array(host).safeParse(parseJson(read('touched')));
  const generation = Number(read('generation'));
  return {
    place: where.data,
    generation: Number.isSafeInteger(generation) ? generation : 0,
    commands: commands.success ? commands.data : [],
    touched: touched.success ? touched.data : [],
    ended: read('ended') === 'yes',
  };
}

/** A cancelled job gives its post steps some minutes; a command gets this much of them. */
const mostWaitSeconds = 150;

/**
 * Settles what a main step left behind, and may do so more than once: waits for its live commands, reads what the
 * touched hosts serve, and gives the lock back. Whatever fails on the way, the lock is given back.
 */
export async function settleRun(
  state: RunState,
  cloud: AwsEnvironment,
  log: { info(line: string): void; warning(line: string): void },
  signal: AbortSignal,
): Promise<void> {
  try {
    if (state.ended) return;
    for (const live of state.commands) {
      const wait = Math.min(mostWaitSeconds, state.place.limits.hostTimeoutSeconds);
      const { end } = await cloud.watch(live, wait, signal);
      log.info(`Command ${live.id} of the interrupted run: ${end}.`);
    }
    if (state.touched.length === 0) return;
    const look = { kind: 'status', step: 'post-status', generation: state.generation } as const;
    const reports = await cloud.fleet.run(look, state.touched, signal);
    for (const report of reports) log.warning(hostLine(report));
  } catch (error) {
    if (!(error instanceof GatewrightError)) throw error;
    const names = state.touched.map((one) => one.id).join(', ');
    log.warning(`What ${names || 'the hosts'} serve could not be read: ${error.message}`);
  } finally {
    await cloud.lock.release();
  }
}

function hostLine(report: HostReport): string {
  const state =
    report.outcome === 'unknown'
      ? 'is in an unknown state'
      : `serves ${releaseName(report.current)}`;
  return `${report.host.id} was touched by the interrupted run and ${state}: ${report.detail}`;
}
