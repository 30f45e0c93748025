import { readGateRules } from '@gatewright/config';
import type { ActionOutcome, InputsOf } from '@gatewright/contract';
import { gateOutcome, gatePlace, judgeProject, testGate, writeSarif } from '@gatewright/gates';
import type { ActionParts } from '@gatewright/gates';
import type { contract } from './contract.ts';

/** Gathers the reports of the tests and of what they covered, judges them by the policy that holds, and tells. */
export async function run(
  inputs: InputsOf<typeof contract>,
  deps: ActionParts,
): Promise<ActionOutcome<typeof contract>> {
  const place = await gatePlace(deps);
  const rules = await readGateRules(place.workspace, inputs);
  const account = await judgeProject(testGate, inputs, rules, place);
  await writeSarif(account, inputs.sarifPath, deps.context);
  const { counts, findings, findingsOmitted } = account.result;
  return {
    ...gateOutcome(account),
    outputs: {
      testsTotal: 'tests' in counts ? counts.tests : 0,
      coveragePercent: ('coverage' in counts ? counts.coverage?.percent : undefined) ?? '',
      findingsTotal: findings.length + findingsOmitted,
      reportsDirectory: place.reportsDirectory,
    },
  };
}
