import type { ActionOutcome, Annotation } from '@gatewright/contract';
import { isReasonCode } from '@gatewright/verdict';
import type { GateAccount } from './stand-in.ts';
import { presentGate } from './present.ts';

/** What every gate's action tells, whatever outputs of its own it has. */
export function gateOutcome(account: GateAccount): Omit<ActionOutcome, 'outputs'> {
  const { result, breaches, notes } = account;
  const { verdict, reasonCode, explanation, ...rest } = result;
  const shown: { summary: string; annotations: readonly Annotation[] } = presentGate(account);
  const remedy = breaches[0]?.remedy;
  return {
    verdict,
    reasonCode: isReasonCode(reasonCode) ? reasonCode : 'internal-error',
    explanation,
    record: { verdict, reasonCode, explanation, ...rest, notes },
    summary: shown.summary,
    annotations: shown.annotations,
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
