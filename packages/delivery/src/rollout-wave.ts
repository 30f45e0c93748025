import type { VerificationVerdict } from '@gatewright/verdict';

import type { Account } from './account.ts';
import type { Ending } from './ending.ts';
import { cancelled, endingOf, lockLost, stopped } from './ending.ts';
import type { Observe } from './events.ts';
import { sameRelease } from './model.ts';
import type { HostReport, Release, Wave } from './model.ts';
import type { DeliveryPorts, VerifyOutcome } from './ports.ts';
import type { RolloutPlan, WaveResult } from './rollout-model.ts';
import { verifyHosts } from './verify-hosts.ts';

/** Between two live checks of a baking wave. */
const bakeCheckMilliseconds = 10_000;

/** One wave and its place in the rollout. */
export interface WaveTask {
  readonly plan: RolloutPlan;
  readonly wave: Wave;
  readonly waves: number;
  readonly generation: number;
}

/** What a wave came to: no result when it never began, no ending when it is good. */
interface WaveEnd {
  readonly result?: WaveResult;
  readonly ending?: Ending;
}

/** Changes the hosts of one wave, proves them, and lets them bake. */
export async function runWave(
  task: WaveTask,
  account: Account,
  ports: DeliveryPorts,
  observe: Observe,
): Promise<WaveEnd> {
  if (!(await ports.lock.renew())) return { ending: lockLost() };
  // Last safe point: past it, this wave's hosts count as touched.
  if (ports.signal.aborted) return { ending: cancelled() };
  observe({ kind: 'wave-started', wave: task.wave, waves: task.waves });
  const failed = await apply(task, account, ports, observe);
  if (failed !== undefined) return waveEnd(task, account, failed);
  const checked = await verifyHosts(task.plan.release, account.of(task.wave.hosts), ports, observe);
  if (checked.ending !== undefined) return waveEnd(task, account, checked.ending, checked.outcome);
  const baked = await bake(task, account, ports, observe);
  return waveEnd(task, account, baked.ending, baked.outcome ?? checked.outcome);
}

async function apply(
  task: WaveTask,
  account: Account,
  ports: DeliveryPorts,
  observe: Observe,
): Promise<Ending | undefined> {
  const { wave, waves, generation, plan } = task;
  account.touch(wave.hosts);
  let reports: HostReport[];
  try {
    const step = `wave-${wave.number}`;
    const operation = { kind: 'apply', step, generation, release: plan.release } as const;
    reports = await ports.fleet.run(operation, wave.hosts, ports.signal);
  } catch (error) {
    const ending = endingOf(error);
    // The port throws our errors only when no host got the command; of any other error nobody knows.
    if (ending.reasonCode !== 'internal-error') account.untouch(wave.hosts);
    return ending;
  }
  const judged = reports.map((report) => judgeApplied(report, plan.release));
  account.record(judged);
  for (const report of judged) observe({ kind: 'host-reported', wave, waves, report });
  if (ports.signal.aborted) return cancelled();
  return judgeWave(judged, wave);
}

/** "Applied" counts only from a host that names this very release as the one it serves. */
function judgeApplied(report: HostReport, release: Release): HostReport {
  if (report.outcome !== 'applied' || sameRelease(report.current, release)) return report;
  const detail = 'the host reports success but serves another release';
  return { ...report, outcome: 'unknown', reasonCode: 'host-state-unknown', detail };
}

function judgeWave(reports: readonly HostReport[], wave: Wave): Ending | undefined {
  const answered = new Set(reports.map((report) => report.host.id));
  const silent = wave.hosts.filter((host) => !answered.has(host.id));
  const bad = reports.filter((report) => report.outcome !== 'applied');
  const [first] = bad;
  if (first === undefined && silent.length === 0) return undefined;
  const names = [...bad.map((report) => report.host.id), ...silent.map((host) => host.id)];
  const reasonCode = first?.reasonCode ?? 'host-state-unknown';
  const why = first?.detail ?? 'no report';
  return stopped(reasonCode, `wave ${wave.number} failed on ${names.join(', ')}: ${why}`, {
    checked: [
      ...bad.map((report) => `${report.host.id}: ${report.outcome}, ${report.detail}`),
      ...silent.map((host) => `${host.id}: no report`),
    ],
    remedy: 'Read the log of the hosts above; the touched hosts are to be rolled back.',
  });
}

async function bake(
  task: WaveTask,
  account: Account,
  ports: DeliveryPorts,
  observe: Observe,
): Promise<{ ending?: Ending; outcome?: VerifyOutcome }> {
  const { strategy, release } = task.plan;
  const seconds = strategy.kind === 'rolling' ? (strategy.bakeSeconds ?? 0) : 0;
  if (seconds === 0) return {};
  observe({ kind: 'baking', wave: task.wave, seconds });
  const until = ports.clock.now() + seconds * 1000;
  let last: VerifyOutcome | undefined;
  while (ports.clock.now() < until) {
    const wait = Math.min(bakeCheckMilliseconds, until - ports.clock.now());
    await ports.clock.sleep(wait, ports.signal);
    const checked = await verifyHosts(release, account.of(task.wave.hosts), ports, observe);
    if (checked.ending !== undefined) return checked;
    last = checked.outcome;
  }
  return last === undefined ? {} : { outcome: last };
}

function waveEnd(
  task: WaveTask,
  account: Account,
  ending: Ending | undefined,
  outcome?: VerifyOutcome,
): WaveEnd {
  const verdict: VerificationVerdict = ending?.verdict ?? 'pass';
  const hosts = account.of(task.wave.hosts);
  const verifyReport = outcome === undefined ? {} : { verifyReport: outcome };
  return {
    result: { number: task.wave.number, hosts, verdict, ...verifyReport },
    ...(ending === undefined ? {} : { ending }),
  };
}
