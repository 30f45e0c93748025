import { readGateRules } from '@gatewright/config';
import type { ActionOutcome, InputsOf } from '@gatewright/contract';
import { gateOutcome, gatePlace, judgeProject, auditGate, writeSarif } from '@gatewright/gates';
import type { ActionParts } from '@gatewright/gates';
import type { contract } from './contract.ts';

/** Gathers the reports of the scanners, judges them by the policy that holds, and tells. */
export async function run(
  inputs: InputsOf<typeof contract>,
  deps: ActionParts,
): Promise<ActionOutcome<typeof contract>> {
  const place = await gatePlace(deps);
  const rules = await readGateRules(place.workspace, inputs);
  const account = await judgeProject(auditGate, inputs, rules, place);
  await writeSarif(account, inputs.sarifPath, deps.context);
  return {
    ...gateOutcome(account),
    outputs: {
      findingsTotal: account.result.findings.length + account.result.findingsOmitted,
      reportsDirectory: place.reportsDirectory,
    },
  };
}
