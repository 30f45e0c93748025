import type { Account } from './account.ts';
import { openAccount } from './account.ts';
import type { Ending } from './ending.ts';
import { cancelled, endingOf, lockLost, stopped, withHostFacts } from './ending.ts';
import type { Observe } from './events.ts';
import type { LedgerDraft, LedgerRecord } from './ledger.ts';
import { takeLock } from './lock-step.ts';
import { releaseName } from './model.ts';
import type { ReleaseRef } from './model.ts';
import type { DeliveryPorts } from './ports.ts';
import type { RolloutPlan, RolloutResult, WaveResult } from './rollout-model.ts';
import { runWave } from './rollout-wave.ts';
import { verifyHosts } from './verify-hosts.ts';
import { proveWayBack } from './way-back.ts';
import { planWaves } from './waves.ts';

/** What a rollout has come to so far. */
interface Progress {
  readonly account: Account;
  readonly waves: WaveResult[];
  generation: number | null;
  previousRelease: ReleaseRef | null;
}

/**
 * Brings a release to every host, wave by wave, and stops at the first thing that is not proven good. It never takes
 * anything back: `touched` says which hosts a rollback has to look at. The lock stays held, so that no other delivery
 * comes between a failed rollout and its rollback.
 *
 * Errors of the ports end the rollout with their reason code; the account of the hosts is always returned.
 */
export async function rollout(
  plan: RolloutPlan,
  ports: DeliveryPorts,
  observe: Observe = () => undefined,
): Promise<RolloutResult> {
  const started = ports.clock.now();
  const progress: Progress = {
    account: openAccount(plan.hosts),
    waves: [],
    generation: null,
    previousRelease: null,
  };
  const ending = await deliver(plan, ports, progress, observe).catch(endingOf);
  return {
    ...withHostFacts(ending, progress.account.all()),
    release: { version: plan.release.version, digest: plan.release.digest },
    previousRelease: progress.previousRelease,
    waves: progress.waves,
    wavesPlanned: planWaves(plan.hosts, plan.strategy).length,
    touched: progress.account.touched(),
    untouched: progress.account.untouched(),
    hosts: progress.account.all(),
    generation: progress.generation,
    startedAt: new Date(started).toISOString(),
    seconds: Math.round((ports.clock.now() - started) / 1000),
  };
}

async function deliver(
  plan: RolloutPlan,
  ports: DeliveryPorts,
  progress: Progress,
  observe: Observe,
): Promise<Ending> {
  const waves = planWaves(plan.hosts, plan.strategy);
  if (waves.length === 0) return stopped('no-host-matches', 'the roster holds no host');
  ports.ledger.check(verifiedRecord(plan, ports));

  const lock = await takeLock(ports, observe);
  if (lock.kind === 'ended') return lock.ending;
  progress.generation = lock.generation;

  const unready = await preflight(plan, ports, progress, lock.generation, observe);
  if (unready !== undefined) return unready;

  for (const wave of waves) {
    const { result, ending } = await runWave(
      { plan, wave, waves: waves.length, generation: lock.generation },
      progress.account,
      ports,
      observe,
    );
    if (result !== undefined) progress.waves.push(result);
    if (ending !== undefined) return ending;
  }
  return conclude(plan, ports, progress, observe);
}

/** Read-only: every host must be fit, and every host must have a proven way back. */
async function preflight(
  plan: RolloutPlan,
  ports: DeliveryPorts,
  progress: Progress,
  generation: number,
  observe: Observe,
): Promise<Ending | undefined> {
  if (ports.signal.aborted) return cancelled();
  const records = await ports.ledger.read();
  observe({ kind: 'looking', hosts: plan.hosts.length });
  const reports = await ports.fleet.run(
    { kind: 'preflight', step: 'preflight', generation, release: plan.release },
    plan.hosts,
    ports.signal,
  );
  progress.account.see(reports);
  if (ports.signal.aborted) return cancelled();
  const unready = reports.filter((report) => report.outcome !== 'ready');
  const [first] = unready;
  if (first !== undefined) {
    const names = unready.map((report) => report.host.id).join(', ');
    return stopped(first.reasonCode, `not every host is ready: ${names}; no host was changed`, {
      checked: unready.map((report) => `${report.host.id}: ${report.outcome}, ${report.detail}`),
      remedy: 'Mend what the hosts report, then run again.',
    });
  }
  return proven(plan, records, reports, progress, observe);
}

function proven(
  plan: RolloutPlan,
  records: readonly LedgerRecord[],
  reports: Parameters<typeof proveWayBack>[2],
  progress: Progress,
  observe: Observe,
): Ending | undefined {
  const wayBack = proveWayBack(plan, records, reports);
  if (wayBack.kind === 'none') return wayBack.ending;
  progress.previousRelease = wayBack.kind === 'release' ? wayBack.release : null;
  observe({ kind: 'way-back', release: progress.previousRelease });
  return undefined;
}

/** Verifies the whole fleet together and writes the proof down. */
async function conclude(
  plan: RolloutPlan,
  ports: DeliveryPorts,
  progress: Progress,
  observe: Observe,
): Promise<Ending> {
  // One wave is the whole fleet, and its verification has just passed.
  if (progress.waves.length > 1) {
    const { ending } = await verifyHosts(plan.release, progress.account.all(), ports, observe);
    if (ending !== undefined) return ending;
  }
  if (!(await ports.lock.renew())) return lockLost();
  if (ports.signal.aborted) return cancelled();
  observe({ kind: 'recorded', record: await ports.ledger.append(verifiedRecord(plan, ports)) });
  const proof =
    ports.verify === 'off' ? 'its own health hook passed on each' : 'its checks passed on each';
  return {
    verdict: 'pass',
    reasonCode: 'delivered',
    explanation: `${plan.hosts.length} hosts serve ${releaseName(plan.release)}; ${proof}`,
    checked: [],
    remedy: '',
  };
}

function verifiedRecord(plan: RolloutPlan, ports: DeliveryPorts): LedgerDraft {
  const { version, digest, source, commit, rollbackMode, verify } = plan.release;
  return {
    schema: 'gatewright.ledger/1',
    kind: 'verified',
    version,
    digest,
    source,
    commit,
    runId: plan.runId,
    at: new Date(ports.clock.now()).toISOString(),
    verify,
    rollbackMode,
    reason: '',
  };
}
