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
    const left = command.hostIds.filter((id) => !isFinal(first.invocations.get(id)));
    await cancelQuietly(api, command, left);
    const last = await lookFor(api, command, polling, cancelGraceMilliseconds);
    return { ...last, end: last.end === 'final' ? 'final' : 'deadline' };
  }
  if (first.end === 'aborted') return takeBack(api, command, polling);
  return first;
}

/**
 * What the last poll saw waiting may have begun since, and what is not listed yet may have begun as well: it is looked at
 * again, and what still cannot be seen is left alone.
 */
async function takeBack(api: SsmApi, command: SentCommand, polling: Polling): Promise<Watched> {
  const until = polling.clock.now() + abortGraceMilliseconds;
  const fresh = await lookFor(api, command, polling, abortGraceMilliseconds, isSeen);
  const waiting = command.hostIds.filter((id) => fresh.invocations.get(id)?.phase === 'waiting');
  await cancelQuietly(api, command, waiting);
  const last = await lookFor(api, command, polling, until - polling.clock.now());
  return { ...last, end: last.end === 'final' ? 'final' : 'aborted' };
}

/** Looks often, for a short time. */
function lookFor(
  api: SsmApi,
  command: SentCommand,
  polling: Polling,
  milliseconds: number,
  isDone = isFinal,
): Promise<Watched> {
  const deadline = polling.clock.now() + milliseconds;
  const limits = { deadline, signal: new AbortController().signal };
  const quick = { ...polling, mostMilliseconds: polling.startMilliseconds ?? 500 };
  return pollUntil(api, command, quick, limits, isDone);
}

function isSeen(invocation: Invocation | undefined): boolean {
  return invocation !== undefined;
}

async function pollUntil(
  api: SsmApi,
  command: SentCommand,
  polling: Polling,
  limits: { readonly deadline: number; readonly signal: AbortSignal },
  isDone = isFinal,
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
    if (command.hostIds.every((id) => isDone(invocations.get(id)))) return seen('final');
    if (clock.now() >= limits.deadline) return seen('deadline');
  }
}

/** Asks the service to stop; whether it did shows when the command is looked at again. */
async function cancelQuietly(
  api: SsmApi,
  command: SentCommand,
  hostIds: readonly string[],
): Promise<void> {
  if (hostIds.length === 0) return;
  const input = { CommandId: command.id, InstanceIds: [...hostIds] };
  await api.cancelCommand(input).catch(() => undefined);
}
