import type { Ending } from './ending.ts';
import { cancelled, endingOf, lockLost, stopped } from './ending.ts';
import type { Observe } from './events.ts';
import type { HostReport, ReleaseRef, Wave } from './model.ts';
import { releaseName, sameRelease } from './model.ts';
import type { DeliveryPorts } from './ports.ts';
import type { RollbackDecision, RollbackPlan, RollbackProgress } from './rollback-model.ts';
import { verifyHosts } from './verify-hosts.ts';
import { planReverseWaves } from './waves.ts';

/** Reverts the chosen hosts, the last one first; stops at the first wave that did not go back. */
export async function revertWaves(
  plan: RollbackPlan,
  decision: RollbackDecision,
  progress: RollbackProgress,
  ports: DeliveryPorts,
  observe: Observe,
): Promise<Ending | undefined> {
  const waves = planReverseWaves(decision.revert, plan.strategy);
  for (const wave of waves) {
    if (!(await ports.lock.renew())) return lockLost();
    if (ports.signal.aborted) return cancelled();
    observe({ kind: 'wave-started', wave, waves: waves.length });
    const reports = await revert(wave, decision, progress, ports);
    if (!Array.isArray(reports)) return reports;
    for (const report of reports) {
      observe({ kind: 'host-reported', wave, waves: waves.length, report });
    }
    const bad = judgeReverted(wave, reports, progress);
    if (bad !== undefined) return bad;
    // The last wave is verified together with the others.
    if (wave.number === waves.length || decision.target === null) continue;
    const hosts = progress.account.of(wave.hosts);
    const { ending } = await verifyHosts(decision.target, hosts, ports, observe);
    if (ending !== undefined) return ending;
  }
  return undefined;
}

async function revert(
  wave: Wave,
  decision: RollbackDecision,
  progress: RollbackProgress,
  ports: DeliveryPorts,
): Promise<HostReport[] | Ending> {
  const to = decision.target;
  progress.account.touch(wave.hosts);
  try {
    const reports = await ports.fleet.run(
      {
        kind: 'revert',
        step: `revert-${wave.number}`,
        generation: decision.generation,
        to: to === null ? null : { version: to.version, digest: to.digest, source: to.source },
      },
      wave.hosts,
      ports.signal,
    );
    const judged = reports.map((report) => judgeHost(report, progress.to));
    progress.account.record(judged);
    const back = judged.filter((report) => report.outcome === 'restored');
    progress.restored.push(...back.map((report) => report.host.id));
    return judged;
  } catch (error) {
    const ending = endingOf(error);
    if (ending.reasonCode !== 'internal-error') progress.account.untouch(wave.hosts);
    return ending;
  }
}

/** "Restored" counts only from a host that names the target as what it serves. */
function judgeHost(report: HostReport, target: ReleaseRef | null): HostReport {
  if (report.outcome !== 'restored' || sameRelease(report.current, target)) return report;
  const detail = `the host reports success but serves ${releaseName(report.current)}`;
  return { ...report, outcome: 'unknown', reasonCode: 'host-state-unknown', detail };
}

function judgeReverted(
  wave: Wave,
  reports: readonly HostReport[],
  progress: RollbackProgress,
): Ending | undefined {
  const back = new Set(progress.restored);
  const stuck = wave.hosts.filter((host) => !back.has(host.id));
  if (stuck.length === 0) return undefined;
  const names = stuck.map((host) => host.id).join(', ');
  const explanation = `${names} did not go back to ${releaseName(progress.to)}`;
  return stopped('rollback-failed', explanation, {
    checked: reports.map(
      (report) =>
        `${report.host.id}: ${report.outcome} (${report.reasonCode}), serves ${releaseName(report.current)}; ${report.detail}`,
    ),
    remedy:
      'Take these hosts out of service and look at their logs; a rollback is not tried twice.',
  });
}
