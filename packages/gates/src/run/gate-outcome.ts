import type { ActionOutcome } from '@gatewright/contract';
import { isReasonCode } from '@gatewright/verdict';
import { gateAnnotations, gateSummary } from '../show/index.ts';
import type { GateAccount } from '../show/index.ts';

/** What every gate's action tells, whatever outputs of its own it has. */
export function gateOutcome(account: GateAccount): Omit<ActionOutcome, 'outputs'> {
  const { result, breaches, notes } = account;
  const { verdict, reasonCode, explanation, ...rest } = result;
  const remedy = breaches[0]?.remedy;
  return {
    verdict,
    reasonCode: isReasonCode(reasonCode) ? reasonCode : 'internal-error',
    explanation,
    record: { verdict, reasonCode, explanation, ...rest, notes },
    summary: gateSummary(account),
    annotations: gateAnnotations(account),
    checked: [
      ...breaches.slice(1).map((breach) => `${breach.explanation} (${breach.reasonCode})`),
      ...result.evidence.map(
        ({ path, format, items }) =>
          `${path}: ${format}, ${items} ${items === 1 ? 'item' : 'items'}`,
      ),
    ],
    ...(remedy === undefined ? {} : { remedy }),
  };
}
