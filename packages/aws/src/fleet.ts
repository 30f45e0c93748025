import { hostsPerCommand } from '@gatewright/delivery';
import type { Fleet, Host, HostReport, Operation } from '@gatewright/delivery';
import { GatewrightError } from '@gatewright/verdict';

import { isLook } from './command-task.ts';
import type { FleetOptions } from './command-task.ts';
import { silentReport } from './host-reports.ts';
import { discoverInstances } from './instances.ts';
import { runCommand } from './run-command.ts';
import type { SsmApi } from './ssm-api.ts';

/** The hosts of an environment, commanded over SSM Run Command. */
export function createFleet(api: SsmApi, options: FleetOptions): Fleet {
  return {
    discover: (tags) => discoverInstances(api, tags),
    run: async (operation, hosts, signal) => {
      const chunks = chunksOf(hosts);
      const results = await Promise.allSettled(
        chunks.map((chunk) => runCommand({ api, options, operation, hosts: chunk }, signal)),
      );
      const failures = results.filter((result) => result.status === 'rejected');
      const [first] = failures;
      // Only when no command went out nobody was touched.
      if (first !== undefined && failures.length === results.length) throw first.reason;
      return results.flatMap((result, index) =>
        result.status === 'fulfilled'
          ? result.value
          : notSent(operation, chunks[index] ?? [], result.reason),
      );
    },
  };
}

/** At most 50 explicit ids fit into one command; the commands of one operation run side by side. */
function chunksOf(hosts: readonly Host[]): Host[][] {
  const count = Math.ceil(hosts.length / hostsPerCommand);
  return Array.from({ length: count }, (_, index) =>
    hosts.slice(index * hostsPerCommand, (index + 1) * hostsPerCommand),
  );
}

function notSent(operation: Operation, hosts: readonly Host[], error: unknown): HostReport[] {
  if (!(error instanceof GatewrightError)) {
    return hosts.map((host) => silentReport(host, 'unknown', 'internal-error', String(error)));
  }
  const outcome = isLook(operation) ? 'unknown' : 'not-applied';
  const detail = `the command was not sent: ${error.message}`;
  return hosts.map((host) => silentReport(host, outcome, error.reasonCode, detail));
}
