import type { Clock } from '@gatewright/delivery';
import {
  AccessError,
  ConfigurationError,
  GatewrightError,
  InternalError,
} from '@gatewright/verdict';
import * as z from 'zod';

import type { PinnedDocument } from './document.ts';
import { awsErrorName, toGatewrightError } from './errors.ts';
import { allPages, parseAnswer } from './pages.ts';
import type { SsmApi } from './ssm-api.ts';

/** One SendCommand, made to be sent once. */
export interface CommandRequest {
  readonly document: PinnedDocument;
  readonly hostIds: readonly string[];
  readonly parameters: Record<string, string[]>;
  /** Unique for this command; it is found by it when the reply gets lost. At most 100 characters. */
  readonly comment: string;
  readonly deliveryTimeoutSeconds: number;
}

const sent = z.object({ Command: z.object({ CommandId: z.string() }) });
const commandPage = z.object({
  Commands: z.array(z.object({ CommandId: z.string(), Comment: z.string().nullish() })).nullish(),
});

const mostAttempts = 6;
const mostLookUps = 3;
const baseMilliseconds = 1000;
/** The clocks of the runner and of AWS may differ by this much. */
const skewMilliseconds = 600_000;

/** Whether a command exists; `uncertain` when AWS may have taken it and nothing more could be learnt. */
export type Sending =
  | { readonly kind: 'sent'; readonly commandId: string }
  | { readonly kind: 'uncertain'; readonly error: GatewrightError };

/** What sending needs besides the request. */
export interface SendTime {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Before a lost command is looked for, in milliseconds; twice as long the second time. */
  readonly lookUpMilliseconds: number;
}

/**
 * Sends a command. SendCommand cannot be repeated safely by itself: after a reply that got lost the command is looked
 * for by its comment, and only when it is nowhere it is sent again (and even then a host does not run the same step
 * twice).
 *
 * @throws GatewrightError when it is certain that no host got the command.
 */
export async function sendCommand(
  api: SsmApi,
  request: CommandRequest,
  time: SendTime,
): Promise<Sending> {
  const since = time.clock.now() - skewMilliseconds;
  let lost = false;
  for (let attempt = 1; ; attempt += 1) {
    const error = await trySend(api, request);
    if (typeof error === 'string') return { kind: 'sent', commandId: error };
    const throttled = error.reasonCode === 'throttled';
    if (!throttled && !isAnswer(error)) {
      lost = true;
      const found = await findCommand(api, request, time, since);
      if (found !== undefined) return { kind: 'sent', commandId: found };
    }
    if (isAnswer(error) || attempt === mostAttempts || time.signal.aborted) {
      if (lost) return { kind: 'uncertain', error };
      throw error;
    }
    // Full jitter, as the SDK does for what it repeats itself.
    const backOff = Math.min(20_000, baseMilliseconds * 2 ** (attempt - 1)) * time.random();
    await time.clock.sleep(throttled ? backOff : 0, time.signal);
    if (time.signal.aborted && !lost) throw error;
    if (time.signal.aborted) return { kind: 'uncertain', error };
  }
}

async function trySend(api: SsmApi, request: CommandRequest): Promise<string | GatewrightError> {
  try {
    const answer = await api.sendCommand(sendInput(request));
    return parseAnswer(sent, answer, 'SendCommand').Command.CommandId;
  } catch (error) {
    return toGatewrightError(error, 'SendCommand', 'ssm:SendCommand');
  }
}

function sendInput(request: CommandRequest): Parameters<SsmApi['sendCommand']>[0] {
  const { document, hostIds } = request;
  return {
    DocumentName: document.name,
    DocumentVersion: document.version,
    DocumentHash: document.sha256,
    DocumentHashType: 'Sha256',
    InstanceIds: [...hostIds],
    Parameters: request.parameters,
    Comment: request.comment,
    TimeoutSeconds: request.deliveryTimeoutSeconds,
    // Every host of the wave is to be attempted; failures are counted by us, not by the service.
    MaxConcurrency: String(hostIds.length),
    MaxErrors: String(hostIds.length),
  };
}

/** AWS said no, in words: then the command does not exist. Anything else may have come after it began. */
function isAnswer(error: Error): boolean {
  if (error instanceof AccessError || error instanceof ConfigurationError) return true;
  if (error instanceof InternalError) return true;
  return [
    'DuplicateInstanceId',
    'InvalidInstanceId',
    'MaxDocumentSizeExceeded',
    'UnsupportedPlatformType',
  ].includes(awsErrorName(error));
}

async function findCommand(
  api: SsmApi,
  request: CommandRequest,
  time: SendTime,
  since: number,
): Promise<string | undefined> {
  const filters = [
    { key: 'DocumentName' as const, value: request.document.name },
    { key: 'InvokedAfter' as const, value: new Date(since).toISOString() },
  ];
  for (let lookUp = 1; lookUp <= mostLookUps; lookUp += 1) {
    // A new command takes a moment to be listed.
    await time.clock.sleep(time.lookUpMilliseconds * lookUp, new AbortController().signal);
    try {
      const pages = await allPages((token) =>
        api.listCommands({ Filters: filters, MaxResults: 50, ...token }),
      );
      const found = pages
        .flatMap((page) => parseAnswer(commandPage, page, 'ListCommands').Commands ?? [])
        .find((command) => command.Comment === request.comment);
      if (found !== undefined) return found.CommandId;
    } catch (error) {
      // Not being able to look is not the same as having found nothing: the caller stays uncertain.
      if (!(error instanceof GatewrightError)) throw error;
    }
  }
  return undefined;
}
