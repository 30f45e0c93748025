import type { ResultDocument } from '@gatewright/contract';
import type { GateName, GatewrightError } from '@gatewright/verdict';
import type { GateAccount } from '../show/index.ts';
import { gateOutcome } from './gate-outcome.ts';

const schema: ResultDocument['schema'] = 'gatewright.result/1';

/** What the action of the gate would leave in its result file. */
export function gateDocument(account: GateAccount): object {
  const { verdict, reasonCode, explanation, checked, remedy, record } = gateOutcome(account);
  const action = `${account.result.gate}-gate`;
  const fixed = { schema, action, verdict, reasonCode, explanation };
  return { ...fixed, checked, remedy, ...record };
}

/** The same of a gate that could not begin. */
export function refusalDocument(gate: GateName, error: GatewrightError): object {
  const { reasonCode, message: explanation, checked, remedy } = error;
  const fixed = { schema, action: `${gate}-gate`, verdict: 'error' };
  return { ...fixed, reasonCode, explanation, checked, remedy };
}
