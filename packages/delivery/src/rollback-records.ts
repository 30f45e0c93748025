import type { Ending } from './ending.ts';
import { endingOf, stopped } from './ending.ts';
import type { Observe } from './events.ts';
import type { LedgerDraft } from './ledger.ts';
import { releaseName } from './model.ts';
import type { DeliveryPorts } from './ports.ts';
import type { RollbackDecision, RollbackPlan, RollbackProgress } from './rollback-model.ts';

/**
 * Writes down what happened: the denial of the release left behind, also when the rollback failed, so that nothing
 * returns to it; and the proof of the release returned to.
 *
 * @returns An ending when the hosts are right but the ledger could not be written.
 */
export async function recordRollback(
  plan: RollbackPlan,
  decision: RollbackDecision,
  progress: RollbackProgress,
  ports: DeliveryPorts,
  result: { readonly proven: boolean; readonly observe: Observe },
): Promise<Ending | undefined> {
  const at = new Date(ports.clock.now()).toISOString();
  try {
    const denial = denialOf(plan, progress, at);
    if (denial !== undefined) {
      result.observe({ kind: 'recorded', record: await ports.ledger.append(denial) });
      progress.denied = true;
    }
    if (result.proven && decision.target !== null) {
      const { sequence: _, ...proof } = decision.target;
      const record: LedgerDraft = {
        ...proof,
        kind: 'rolled-back',
        runId: plan.runId,
        at,
        reason: plan.reason,
      };
      result.observe({ kind: 'recorded', record: await ports.ledger.append(record) });
    }
    return undefined;
  } catch (error) {
    const { reasonCode, explanation, checked, remedy } = endingOf(error);
    const state = result.proven
      ? `the hosts serve ${releaseName(progress.to)}`
      : 'the rollback did not succeed';
    return stopped(reasonCode, `${state}, but the ledger could not be written: ${explanation}`, {
      checked,
      remedy,
    });
  }
}

function denialOf(
  plan: RollbackPlan,
  progress: RollbackProgress,
  at: string,
): LedgerDraft | undefined {
  if (plan.leaving === undefined || progress.leaving === null) return undefined;
  return {
    schema: 'gatewright.ledger/1',
    kind: 'denied',
    version: progress.leaving.version,
    digest: progress.leaving.digest,
    source: '',
    commit: '',
    runId: plan.runId,
    at,
    verify: null,
    rollbackMode: 'safe',
    reason: plan.reason,
  };
}
