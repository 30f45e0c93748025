import * as z from 'zod';

import { allPages, parseAnswer } from './pages.ts';
import type { SsmApi } from './ssm-api.ts';

/** One command on one host, as the service reports it. What really happened is for the host to say. */
export interface Invocation {
  readonly hostId: string;
  /**
   * `waiting`: the agent has not taken it. `running`: it has, or the status is one we do not know, which may be live.
   * `succeeded`: the script ended with 0. `ended`: anything else that is final.
   */
  readonly phase: 'waiting' | 'running' | 'succeeded' | 'ended';
  /** Detailed status in lower case, without spaces: `deliverytimedout`. */
  readonly status: string;
  /** The first 2500 characters of what the script printed. */
  readonly output: string;
}

const listPage = z.object({
  CommandInvocations: z
    .array(
      z.object({
        InstanceId: z.string(),
        Status: z.string().nullish(),
        StatusDetails: z.string().nullish(),
        CommandPlugins: z.array(z.object({ Output: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
});

const waiting = new Set(['pending', 'delayed', '']);
const ended = new Set([
  'accessdenied',
  'cancelled',
  'deliverytimedout',
  'executiontimedout',
  'failed',
  'invalidplatform',
  'terminated',
  'timedout',
  'undeliverable',
]);

/** Reads all invocations of a command; just after sending, some or all may not be visible yet. */
export async function readInvocations(api: SsmApi, commandId: string): Promise<Invocation[]> {
  const pages = await allPages((token) =>
    api.listCommandInvocations({ CommandId: commandId, Details: true, MaxResults: 50, ...token }),
  );
  return pages
    .flatMap(
      (page) => parseAnswer(listPage, page, 'ListCommandInvocations').CommandInvocations ?? [],
    )
    .map((found) => {
      const status = normalStatus(found.StatusDetails ?? found.Status ?? '');
      const output = (found.CommandPlugins ?? []).map((plugin) => plugin.Output ?? '').join('');
      return { hostId: found.InstanceId, phase: phaseOf(status), status, output };
    });
}

/** The documents spell "Delivery Timed Out", the API "DeliveryTimedOut", and one of them "Canceled". */
function normalStatus(status: string): string {
  return status
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace('canceled', 'cancelled');
}

function phaseOf(status: string): Invocation['phase'] {
  if (status === 'success') return 'succeeded';
  if (ended.has(status)) return 'ended';
  return waiting.has(status) ? 'waiting' : 'running';
}

/** Whether the service will not change its mind about it. */
export function isFinal(invocation: Invocation | undefined): boolean {
  return invocation?.phase === 'succeeded' || invocation?.phase === 'ended';
}

const wholeOutput = z.object({ StandardOutputContent: z.string().nullish() });

/** The first 24 000 characters of what the script printed, for when the listing was cut too short. */
export async function readWholeOutput(
  api: SsmApi,
  commandId: string,
  hostId: string,
): Promise<string> {
  const answer = await api.getCommandInvocation({ CommandId: commandId, InstanceId: hostId });
  return parseAnswer(wholeOutput, answer, 'GetCommandInvocation').StandardOutputContent ?? '';
}
