import type { ActionOutcome, RunContext } from '@gatewright/contract';
import type { RollbackResult } from '@gatewright/delivery';

import type { contract } from './contract.ts';
import { renderRollback } from './render.ts';

type Outcome = ActionOutcome<typeof contract>;

/** What the action tells of a rollback. */
export function conclude(
  result: RollbackResult,
  facts: { readonly app: string; readonly environment: string; readonly apiCalls: number },
): Outcome {
  const { app, environment } = facts;
  const { verdict, reasonCode, explanation, checked, remedy } = result;
  return {
    verdict,
    reasonCode,
    explanation,
    outputs: {
      toRelease: result.to?.version ?? '',
      hostsRestored: result.restored.join(','),
      denied: result.denied,
    },
    record: { ...facts, ...result },
    summary: renderRollback(result, { app, environment }),
    checked,
    ...(remedy === '' ? {} : { remedy }),
  };
}

/** A run that may carry foreign code never changes a host. */
export function refuse({ eventName, ref }: RunContext): Outcome {
  return {
    verdict: 'fail',
    reasonCode: 'untrusted-context',
    explanation: 'This run may carry code from a fork, so it must not roll back.',
    outputs: { toRelease: '', hostsRestored: '', denied: false },
    record: { eventName },
    summary: 'No host was changed.',
    checked: [`event: ${eventName}`, `ref: ${ref}`],
    remedy: 'Roll back by workflow_dispatch in this repository.',
  };
}
