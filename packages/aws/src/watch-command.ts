import type { Clock } from '@gatewright/delivery';
import { AccessError, GatewrightError } from '@gatewright/verdict';

import { isFinal, readInvocations } from './invocations.ts';
import type { Invocation } from './invocations.ts';
import type { SsmApi } from './ssm-api.ts';

/** How often running commands are looked at. */
export interface Polling {
  readonly clock: Clock;
  /** From 0 to below 1; spreads the polls of many runs. */
  readonly random: () => number;
  /** The first wait, in milliseconds; default 500. */
  readonly startMilliseconds?: number;
  /** The waits grow to this; default 5 000. */
  readonly mostMilliseconds?: number;
}

/** A command that was sent. */
export interface SentCommand {
  readonly id: string;
  readonly hostIds: readonly string[];
}

/** What became of a command: what was seen of it, and why the watch ended. */
export interface Watched {
  readonly invocations: ReadonlyMap<string, Invocation>;
  readonly end: 'final' | 'deadline' | 'aborted' | 'refused';
  /** The last trouble in looking at it. */
  readonly trouble?: GatewrightError;
}

/** After an abort the runner gives us 7.5 seconds. */
const abortGraceMilliseconds = 5000;
/** After our own deadline and a cancel, how long the service may take to say so. */
const cancelGraceMilliseconds = 20_000;
const growth = 1.3;

/**
 * Watches a command until every invocation is final. At its own deadline it cancels whatever is left. On an abort it
 * cancels only what no agent has taken yet: a cancel kills a running script at once, perhaps in the middle of the
 * switch, while left alone the script ends by itself and leaves the host whole. Never throws.
 */
export async function watchCommand(
  api: SsmApi,
  command: SentCommand,
  polling: Polling,
  limits: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<Watched> {
  const first = await pollUntil(api, command, polling, limits);
  if (first.end === 'deadline') {
    await cancelQuietly(api, command, first.invocations, ['waiting', 'running']);
    return finish(api, command, polling, first, cancelGraceMilliseconds);
  }
  if (first.end === 'aborted') {
    await cancelQuietly(api, command, first.invocations, ['waiting']);
    return finish(api, command, polling, first, abortGraceMilliseconds);
  }
  return first;
}

async function finish(
  api: SsmApi,
  command: SentCommand,
  polling: Polling,
  first: Watched,
  grace: number,
): Promise<Watched> {
  const deadline = polling.clock.now() + grace;
  const limits = { deadline, signal: new AbortController().signal };
  const quick = { ...polling, mostMilliseconds: polling.startMilliseconds ?? 500 };
  const last = await pollUntil(api, command, quick, limits);
  return { ...last, end: last.end === 'final' ? 'final' : first.end };
}

async function pollUntil(
  api: SsmApi,
  command: SentCommand,
  polling: Polling,
  limits: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<Watched> {
  const { clock, random } = polling;
  const invocations = new Map<string, Invocation>();
  const most = polling.mostMilliseconds ?? 5000;
  let wait = polling.startMilliseconds ?? 500;
  let trouble: GatewrightError | undefined;
  const seen = (end: Watched['end']): Watched => ({
    invocations,
    end,
    ...(trouble === undefined ? {} : { trouble }),
  });
  for (;;) {
    await clock.sleep(wait * (0.75 + random() / 2), limits.signal);
    wait = Math.min(most, wait * growth);
    if (limits.signal.aborted) return seen('aborted');
    try {
      for (const found of await readInvocations(api, command.id)) {
        invocations.set(found.hostId, found);
      }
    } catch (error) {
      if (!(error instanceof GatewrightError)) throw error;
      trouble = error;
      // A refused read stays refused; throttling and outages pass, and the command goes on meanwhile.
      if (error instanceof AccessError) return seen('refused');
    }
    if (command.hostIds.every((id) => isFinal(invocations.get(id)))) return seen('final');
    if (clock.now() >= limits.deadline) return seen('deadline');
  }
}

/** Asks the service to stop; whether it did shows when the command is looked at again. */
async function cancelQuietly(
  api: SsmApi,
  command: SentCommand,
  invocations: ReadonlyMap<string, Invocation>,
  phases: readonly Invocation['phase'][],
): Promise<void> {
  const ids = command.hostIds.filter((id) =>
    phases.includes(invocations.get(id)?.phase ?? 'waiting'),
  );
  if (ids.length === 0) return;
  await api.cancelCommand({ CommandId: command.id, InstanceIds: [...ids] }).catch(() => undefined);
}
