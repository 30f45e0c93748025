import type { ActionContract } from '@gatewright/contract';
import { checkGrants, checkOutputs } from './contract-rules.ts';
import type { WorkflowFinding } from './finding.ts';
import { checkFinalJob, checkJob, checkTop } from './job-rules.ts';
import { checkSteps, checkUses } from './step-rules.ts';
import { at, parseWorkflow } from './workflow-source.ts';

/**
 * Holds a product workflow against the house rules and against the contracts of the actions that it uses.
 *
 * @param text - a source in `workflows/` or the file that was rendered from it
 * @returns findings by line; none means that the file keeps every rule
 */
export function checkWorkflow(
  text: string,
  contracts: readonly ActionContract[],
): readonly WorkflowFinding[] {
  const source = parseWorkflow(text);
  if (source.errors.length > 0) {
    return source.errors.map((error) => ({ ...error, rule: 'syntax' as const }));
  }
  const jobs = source.entries(at(source.top, 'jobs'));
  if (jobs.length === 0) return [{ line: 1, rule: 'syntax', message: 'the file has no jobs' }];
  const scope = {
    source,
    contracts: new Map(contracts.map((contract) => [contract.name, contract])),
  };
  const findings = [
    ...checkTop(source),
    ...jobs.flatMap((job) => [
      ...checkJob(job),
      ...checkUses(scope, at(job.value, 'uses')),
      ...checkSteps(scope, job.value),
      ...checkGrants(scope, job),
      ...checkOutputs(scope, job),
    ]),
    ...checkFinalJob(jobs),
  ];
  return findings.toSorted((a, b) => a.line - b.line);
}
