import type { HostReport, Operation } from '@gatewright/delivery';
import { GatewrightError } from '@gatewright/verdict';

import type { CommandTask } from './command-task.ts';
import { settledReport } from './host-reports.ts';

type RunCommand = (task: CommandTask, signal: AbortSignal) => Promise<HostReport[]>;

/** A host that is still at work is asked again after these waits, which grow to 15 seconds. */
const firstWaitMilliseconds = 1000;
const mostWaitMilliseconds = 15_000;

/**
 * Settles hosts whose write did not end well by what SSM or the host said: SSM reports failures of scripts that
 * finished and successes that come late, so the host's journal is read, by a command that changes nothing.
 */
export async function settleHosts(
  task: CommandTask,
  open: readonly HostReport[],
  runCommand: RunCommand,
  signal: AbortSignal,
): Promise<HostReport[]> {
  const { clock, hostTimeoutSeconds } = task.options;
  const until = clock.now() + hostTimeoutSeconds * 1000;
  const settled = new Map<string, HostReport>();
  let waiting = [...open];
  let wait = firstWaitMilliseconds;
  for (let attempt = 1; ; attempt += 1) {
    const looks = await look(task, waiting, attempt, runCommand, signal);
    for (const first of waiting) {
      const status = looks.find((candidate) => candidate.host.id === first.host.id);
      const report = status === undefined ? first : settledReport(task.operation, first, status);
      settled.set(first.host.id, report);
    }
    waiting = waiting.filter((first) => isAtWork(settled.get(first.host.id)));
    if (waiting.length === 0 || signal.aborted || clock.now() >= until) break;
    await clock.sleep(wait, signal);
    if (signal.aborted) break;
    wait = Math.min(mostWaitMilliseconds, wait * 2);
  }
  return open.map((first) => settled.get(first.host.id) ?? first);
}

/** The step that nobody waits for any more still runs on the host. */
function isAtWork(report: HostReport | undefined): boolean {
  return report?.outcome === 'unknown' && report.reasonCode === 'host-busy';
}

async function look(
  task: CommandTask,
  waiting: readonly HostReport[],
  attempt: number,
  runCommand: RunCommand,
  signal: AbortSignal,
): Promise<HostReport[]> {
  const { operation } = task;
  const status: Operation = {
    kind: 'status',
    step: `${operation.step}-settle-${attempt}`,
    generation: operation.generation,
    ...about(operation),
  };
  const hosts = waiting.map((report) => report.host);
  try {
    return await runCommand({ ...task, operation: status, hosts }, signal);
  } catch (error) {
    // What could not be asked stays unknown, with the reason that it had.
    if (error instanceof GatewrightError) return [];
    throw error;
  }
}

function about(operation: Operation): Pick<Extract<Operation, { kind: 'status' }>, 'about'> {
  if (operation.kind === 'apply') {
    const { version, digest } = operation.release;
    return { about: { version, digest } };
  }
  if (operation.kind === 'revert' && operation.to !== null) {
    const { version, digest } = operation.to;
    return { about: { version, digest } };
  }
  return {};
}
