import type { Host, HostReport } from '@gatewright/delivery';
import { readEnvelope } from '@gatewright/host';
import { GatewrightError } from '@gatewright/verdict';

import { stepIdOf } from './command-task.ts';
import type { CommandTask } from './command-task.ts';
import { answers, reasonOfStatus, reportOf, silentReport } from './host-reports.ts';
import { readWholeOutput } from './invocations.ts';
import type { Invocation } from './invocations.ts';
import type { Sending } from './send-command.ts';
import { watchCommand } from './watch-command.ts';
import type { Watched } from './watch-command.ts';

/** SSM shows no more of an invocation's output in a listing. */
const shownCharacters = 2500;

/** What a command came to on one host, before anybody looked again. */
export interface FirstReport {
  readonly report: HostReport;
  /** The host itself said so, and SSM agrees that it ended well. */
  readonly settled: boolean;
}

/** Waits for a command and turns what the hosts said into reports. Never throws: a write may have happened. */
export async function readReports(
  task: CommandTask,
  sending: Sending,
  limits: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<FirstReport[]> {
  if (sending.kind === 'sent') return watchReports(task, sending.commandId, limits);
  const { reasonCode, message } = sending.error;
  return task.hosts.map((host) => unsettled(host, reasonCode, message));
}

async function watchReports(
  task: CommandTask,
  commandId: string,
  limits: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<FirstReport[]> {
  const { api, options, operation } = task;
  const hostIds = task.hosts.map((host) => host.id);
  options.observe?.({ kind: 'command-sent', commandId, operation: operation.kind, hostIds });
  const watched = await watchCommand(api, { id: commandId, hostIds }, options, limits);
  if (watched.end === 'final') options.observe?.({ kind: 'command-ended', commandId });
  return Promise.all(
    task.hosts.map((host) =>
      firstReport(task, commandId, host, watched, watched.invocations.get(host.id)),
    ),
  );
}

async function firstReport(
  task: CommandTask,
  commandId: string,
  host: Host,
  watched: Watched,
  invocation: Invocation | undefined,
): Promise<FirstReport> {
  const ended = invocation?.phase === 'succeeded' || invocation?.phase === 'ended';
  if (invocation === undefined || !ended) return unfinished(host, watched, invocation);
  const said = await hostWord(task, commandId, host, invocation);
  if (said === undefined) {
    const { reasonCode, detail } = reasonOfStatus(invocation.status);
    return unsettled(host, reasonCode, `${detail}, and the host said nothing that can be read`);
  }
  // A definite word together with a success is the end of it; in any other case the host is asked again.
  const settled = invocation.phase === 'succeeded' && said.outcome !== 'unknown';
  return { report: said, settled };
}

function unfinished(host: Host, watched: Watched, invocation: Invocation | undefined): FirstReport {
  const status = invocation?.status || 'nothing yet';
  if (watched.end === 'aborted') {
    return unsettled(host, 'cancelled', `the run was cancelled while SSM reported ${status}`);
  }
  if (watched.trouble !== undefined) {
    return unsettled(host, watched.trouble.reasonCode, watched.trouble.message);
  }
  const neverTaken = invocation === undefined || invocation.phase === 'waiting';
  const reasonCode = neverTaken ? 'host-offline' : 'deadline-exceeded';
  return unsettled(host, reasonCode, `no end before the deadline; SSM reported ${status}`);
}

function unsettled(host: Host, reasonCode: HostReport['reasonCode'], detail: string): FirstReport {
  return { report: silentReport(host, 'unknown', reasonCode, detail), settled: false };
}

/** The host's own report, if it printed one for this very step. */
async function hostWord(
  task: CommandTask,
  commandId: string,
  host: Host,
  invocation: Invocation,
): Promise<HostReport | undefined> {
  const { operation, options } = task;
  const asked = { kind: operation.kind, runId: options.runId, stepId: stepIdOf(operation) };
  let { output } = invocation;
  let envelope = readEnvelope(output);
  if (envelope === undefined && output.length >= shownCharacters) {
    output = await wholeOutput(task, commandId, host);
    envelope = readEnvelope(output);
  }
  return envelope !== undefined && answers(envelope, asked)
    ? reportOf(host, envelope, output)
    : undefined;
}

async function wholeOutput(task: CommandTask, commandId: string, host: Host): Promise<string> {
  try {
    return await readWholeOutput(task.api, commandId, host.id);
  } catch (error) {
    if (error instanceof GatewrightError) return '';
    throw error;
  }
}
