import { openAccount } from './account.ts';
import type { Ending } from './ending.ts';
import { cancelled, endingOf, lockLost, stopped, withHostFacts } from './ending.ts';
import type { Observe } from './events.ts';
import { chooseRollbackTarget } from './history.ts';
import { takeLock } from './lock-step.ts';
import type { Host, HostReport } from './model.ts';
import { releaseName } from './model.ts';
import type { DeliveryPorts } from './ports.ts';
import { decideHost, releaseBeingLeft } from './rollback-decision.ts';
import type { HostDecision } from './rollback-decision.ts';
import type {
  RollbackDecision,
  RollbackPlan,
  RollbackProgress,
  RollbackResult,
} from './rollback-model.ts';
import { recordRollback } from './rollback-records.ts';
import { revertWaves } from './rollback-waves.ts';
import { verifyHosts } from './verify-hosts.ts';

/**
 * Takes hosts back to an earlier release and proves that they are there, with the suite of that release. It is never
 * tried twice: what did not go back is reported host by host, for people to look at.
 *
 * Errors of the ports end the rollback with their reason code; the account of the hosts is always returned.
 */
export async function rollback(
  plan: RollbackPlan,
  ports: DeliveryPorts,
  observe: Observe = () => undefined,
): Promise<RollbackResult> {
  const started = ports.clock.now();
  const progress: RollbackProgress = {
    account: openAccount(plan.hosts),
    restored: [],
    generation: null,
    leaving: null,
    to: null,
    denied: false,
  };
  const ending = await goBack(plan, ports, progress, observe).catch(endingOf);
  return {
    ...withHostFacts(ending, progress.account.all()),
    to: progress.to,
    leaving: progress.leaving,
    restored: progress.restored,
    hosts: [...progress.account.all(), ...plan.unreachable.map(unreachableHost)],
    denied: progress.denied,
    ...(progress.verifyReport === undefined ? {} : { verifyReport: progress.verifyReport }),
    generation: progress.generation,
    startedAt: new Date(started).toISOString(),
    seconds: Math.round((ports.clock.now() - started) / 1000),
  };
}

async function goBack(
  plan: RollbackPlan,
  ports: DeliveryPorts,
  progress: RollbackProgress,
  observe: Observe,
): Promise<Ending> {
  const lock = await takeLock(ports, observe);
  if (lock.kind === 'ended') return lock.ending;
  progress.generation = lock.generation;

  const decision = await decide(plan, ports, progress, lock.generation, observe);
  if ('reasonCode' in decision) return decision;

  const failed =
    (await revertWaves(plan, decision, progress, ports, observe)) ??
    (await prove(plan, decision, progress, ports, observe));
  // Without the lock another delivery owns the hosts and the ledger.
  if (failed?.reasonCode === 'lock-lost') return failed;
  if (!(await ports.lock.renew())) return failed ?? lockLost();
  // Bookkeeping comes last: it must never keep a host from going back.
  const unrecorded = await recordRollback(plan, decision, progress, ports, {
    proven: failed === undefined,
    observe,
  });
  return failed ?? unrecorded ?? success(plan, decision, ports);
}

/** Reads the hosts and the ledger, and decides where to go and whom to take there. */
async function decide(
  plan: RollbackPlan,
  ports: DeliveryPorts,
  progress: RollbackProgress,
  generation: number,
  observe: Observe,
): Promise<RollbackDecision | Ending> {
  const records = await ports.ledger.read();
  observe({ kind: 'looking', hosts: plan.hosts.length });
  const reports = await look(plan, ports, generation);
  progress.account.see(reports);
  if (ports.signal.aborted) return cancelled();
  progress.leaving = releaseBeingLeft(plan.leaving, reports, records);
  const target = chooseRollbackTarget(records, {
    to: plan.to,
    // A named version is an order: hosts that already serve it are simply there.
    from: plan.leaving === undefined && plan.to !== 'previous' ? null : progress.leaving,
    runId: plan.runId,
  });
  if (target.kind === 'refused') {
    return stopped(target.reasonCode, target.explanation, {
      checked: [...target.checked, ...reports.map(hostFact)],
      remedy: target.remedy,
    });
  }
  if (target.kind === 'nothing' && plan.leaving === undefined && plan.to !== 'nothing') {
    return stopped('no-way-back', 'no release was ever verified in this environment', {
      checked: reports.map(hostFact),
      remedy: 'To stop the application and remove what runs, ask for it: to: nothing.',
    });
  }
  const record = target.kind === 'release' ? target.record : null;
  progress.to = record === null ? null : { version: record.version, digest: record.digest };
  observe({ kind: 'way-back', release: progress.to });
  const scope = plan.leaving === undefined ? 'all' : 'leaving';
  const wish = { leaving: progress.leaving, target: progress.to, scope } as const;
  const decided = reports.map((report) => ({
    host: report.host,
    decision: decideHost(report, wish),
  }));
  const having = (...kinds: HostDecision[]): Host[] =>
    decided.filter((entry) => kinds.includes(entry.decision)).map((entry) => entry.host);
  const lost = [...having('lost'), ...plan.unreachable].map((host) => host.id);
  return {
    target: record,
    revert: having('revert'),
    back: having('revert', 'keep'),
    lost,
    generation,
  };
}

async function look(
  plan: RollbackPlan,
  ports: DeliveryPorts,
  generation: number,
): Promise<HostReport[]> {
  if (plan.hosts.length === 0) return [];
  const operation = { kind: 'status', step: 'rollback-status', generation } as const;
  return ports.fleet.run(operation, plan.hosts, ports.signal);
}

/** Every host in scope must be reachable and serve the target, and the target's own suite must pass. */
async function prove(
  plan: RollbackPlan,
  decision: RollbackDecision,
  progress: RollbackProgress,
  ports: DeliveryPorts,
  observe: Observe,
): Promise<Ending | undefined> {
  if (decision.target !== null) {
    const hosts = progress.account.of(decision.back);
    const verified = await verifyHosts(decision.target, hosts, ports, observe);
    if (verified.outcome !== undefined) progress.verifyReport = verified.outcome;
    if (verified.ending !== undefined) return notProven(verified.ending, progress);
  }
  if (decision.lost.length === 0) return undefined;
  const explanation = `${decision.lost.join(', ')} could not be reached and may still serve the release being left`;
  return stopped('rollback-failed', explanation, {
    checked: plan.unreachable.map((host) => `${host.id}: ${host.detail}`),
    remedy: 'Take these hosts out of service, then run the rollback again when they are back.',
  });
}

function notProven(ending: Ending, progress: RollbackProgress): Ending {
  if (ending.reasonCode === 'cancelled') return ending;
  const explanation = `the hosts went back to ${releaseName(progress.to)}, but it could not be verified: ${ending.explanation}`;
  return {
    ...stopped('rollback-failed', explanation, {
      checked: [`${ending.reasonCode}: ${ending.explanation}`, ...ending.checked],
      remedy:
        'Look at the hosts by hand: the earlier release does not pass its own checks either, so the cause may lie outside of the release.',
    }),
    verdict: ending.verdict,
  };
}

function success(plan: RollbackPlan, decision: RollbackDecision, ports: DeliveryPorts): Ending {
  const proof = ports.verify === 'off' ? 'healthy by its own hook' : 'verified by its own suite';
  const names = `${decision.revert.length} of ${plan.hosts.length} hosts went back`;
  const explanation =
    decision.target === null
      ? `${names}; they serve nothing, as before the first deployment`
      : `${names}; ${decision.back.length} serve ${releaseName(decision.target)}, ${proof}`;
  return { verdict: 'pass', reasonCode: 'rolled-back', explanation, checked: [], remedy: '' };
}

function hostFact(report: HostReport): string {
  const served = report.outcome === 'unknown' ? 'something unknown' : releaseName(report.current);
  return `${report.host.id} serves ${served}`;
}

function unreachableHost(
  host: RollbackPlan['unreachable'][number],
): RollbackResult['hosts'][number] {
  return {
    id: host.id,
    name: '',
    ipAddress: '',
    outcome: 'unknown',
    reasonCode: host.reasonCode,
    release: null,
    port: 0,
    seconds: 0,
    detail: host.detail,
    log: '',
  };
}
