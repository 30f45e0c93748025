import type { Host, HostReport } from '@gatewright/delivery';
import { InternalError, ServiceError } from '@gatewright/verdict';

import { commandRequest, deadlineSeconds, isLook } from './command-task.ts';
import type { CommandTask } from './command-task.ts';
import { awsErrorName } from './errors.ts';
import { silentReport } from './host-reports.ts';
import { diagnoseInstances } from './instances.ts';
import { readReports } from './read-reports.ts';
import { sendCommand } from './send-command.ts';
import { settleHosts } from './settle-hosts.ts';

/**
 * Sends one command, waits for it, and asks the hosts again whose answer is not a plain success.
 *
 * @throws GatewrightError when it is certain that no host got the command.
 */
export async function runCommand(task: CommandTask, signal: AbortSignal): Promise<HostReport[]> {
  if (signal.aborted) {
    throw new ServiceError('cancelled', 'the run was cancelled before the command was sent');
  }
  const { clock, random, startMilliseconds = 500 } = task.options;
  try {
    const sending = await sendCommand(task.api, commandRequest(task), {
      clock,
      random,
      signal,
      lookUpMilliseconds: startMilliseconds,
    });
    const deadline = clock.now() + deadlineSeconds(task) * 1000;
    const first = await readReports(task, sending, { deadline, signal });
    const open = first.filter((entry) => !entry.settled).map((entry) => entry.report);
    // A look changed nothing, and after a cancel no host gets another command: the post step settles.
    const settled =
      open.length === 0 || isLook(task.operation) || signal.aborted
        ? []
        : await settleHosts(task, open, runCommand, signal);
    return first.map(({ report }) => reportFor(report.host, settled) ?? report);
  } catch (error) {
    if (awsErrorName(error) !== 'InvalidInstanceId') throw error;
    return withoutLostHosts(task, signal);
  }
}

/**
 * SSM refused the whole command because of one id. Before a change that is the end: the roster is not what was
 * planned. A look or a way back goes on with the hosts that can be reached.
 */
async function withoutLostHosts(task: CommandTask, signal: AbortSignal): Promise<HostReport[]> {
  const diagnoses = await diagnoseInstances(
    task.api,
    task.hosts.map((host) => host.id),
  );
  const lost = new Map(
    diagnoses.filter((found) => !found.reachable).map((found) => [found.id, found.detail]),
  );
  const mayGoOn = task.operation.kind === 'status' || task.operation.kind === 'revert';
  if (!mayGoOn || lost.size === 0) {
    const names = [...lost.keys()].join(', ') || 'at least one host';
    throw new ServiceError('host-offline', `SSM does not accept commands for ${names}`, {
      checked: diagnoses.map((found) => `${found.id}: ${found.detail}`),
      remedy:
        'Check that the instances run, that their SSM agent is connected and that their instance profile allows it; then run again.',
    });
  }
  const reachable = task.hosts.filter((host) => !lost.has(host.id));
  const reports =
    reachable.length === 0 ? [] : await runCommand({ ...task, hosts: reachable }, signal);
  return task.hosts.map((host) => {
    const detail = lost.get(host.id);
    if (detail !== undefined) return silentReport(host, 'unknown', 'host-offline', detail);
    const report = reportFor(host, reports);
    if (report === undefined) throw new InternalError(`no report of ${host.id}`);
    return report;
  });
}

function reportFor(host: Host, reports: readonly HostReport[]): HostReport | undefined {
  return reports.find((candidate) => candidate.host.id === host.id);
}
