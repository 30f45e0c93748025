import type { HostAccount } from './account.ts';
import type { Ending } from './ending.ts';
import { cancelled, stopped } from './ending.ts';
import type { Observe } from './events.ts';
import type { ReleaseRef } from './model.ts';
import { releaseName } from './model.ts';
import type { DeliveryPorts, VerifyOutcome } from './ports.ts';

/** The address at which the runner reaches the application on a host. */
export function hostUrl(host: { readonly ipAddress: string; readonly port: number }): string {
  const address = host.ipAddress.includes(':') ? `[${host.ipAddress}]` : host.ipAddress;
  return `http://${address}:${host.port}`;
}

/** What a verification of some hosts came to: no outcome where probing is off, no ending where all is well. */
export interface HostsVerified {
  readonly outcome?: VerifyOutcome;
  readonly ending?: Ending;
}

/** Has the verifier prove that these hosts serve the release, by the suite of that release. */
export async function verifyHosts(
  release: ReleaseRef & { readonly verify: unknown },
  hosts: readonly HostAccount[],
  ports: DeliveryPorts,
  observe: Observe,
): Promise<HostsVerified> {
  if (ports.signal.aborted) return { ending: cancelled() };
  if (ports.verify === 'off' || hosts.length === 0) return {};
  const unreachable = hosts.filter((host) => host.ipAddress === '' || host.port === 0);
  if (unreachable.length > 0) return { ending: withoutAddress(unreachable) };
  observe({ kind: 'verifying', release, targets: hosts.length });
  const outcome = await ports.verify({
    targets: hosts.map((host) => ({ name: host.id, baseUrl: hostUrl(host) })),
    release: { version: release.version, digest: release.digest },
    suite: release.verify,
    signal: ports.signal,
  });
  // A verification that was cut short says nothing about the release.
  if (ports.signal.aborted) return { ending: cancelled() };
  observe({ kind: 'verified', outcome });
  return outcome.verdict === 'pass'
    ? { outcome }
    : { outcome, ending: unproven(release, outcome, hosts) };
}

function unproven(
  release: ReleaseRef,
  outcome: VerifyOutcome,
  hosts: readonly HostAccount[],
): Ending {
  return {
    verdict: outcome.verdict,
    reasonCode: outcome.reasonCode,
    explanation: outcome.explanation,
    checked: hosts.map((host) => `${host.id} at ${hostUrl(host)} for ${releaseName(release)}`),
    remedy:
      outcome.verdict === 'fail'
        ? 'Repair the release and deploy it as a new version.'
        : 'Check that the runner can reach the hosts, or set probe-hosts: false in policy.yml.',
  };
}

function withoutAddress(hosts: readonly HostAccount[]): Ending {
  const names = hosts.map((host) => host.id).join(', ');
  return stopped('smoke-no-data', `no address is known to reach the application on ${names}`, {
    checked: hosts.map(
      (host) => `${host.id}: address "${host.ipAddress}", port ${host.port || 'unknown'}`,
    ),
    remedy: 'Check the inventory of these instances, or switch probe-hosts off in policy.yml.',
  });
}
