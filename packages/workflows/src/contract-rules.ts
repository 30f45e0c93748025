import { allOutputs } from '@gatewright/contract';
import type { ActionContract } from '@gatewright/contract';
import type { WorkflowFinding } from './finding.ts';
import { ownContract } from './step-rules.ts';
import type { StepScope } from './step-rules.ts';
import { at, items, textOf } from './workflow-source.ts';
import type { Entry } from './workflow-source.ts';

const outputReference = /\bsteps\.([A-Za-z_][\w-]*)\.outputs\.([A-Za-z_][\w-]*)/g;
const levels = new Map([
  ['read', 1],
  ['write', 2],
]);

function level(name: string | undefined): number {
  return levels.get(name ?? '') ?? 0;
}

/** Whether the job grants every scope that the contracts of its own actions name. */
export function checkGrants(scope: StepScope, job: Entry): WorkflowFinding[] {
  const granted = at(job.value, 'permissions');
  return items(at(job.value, 'steps')).flatMap((step) =>
    Object.entries(ownContract(scope, step)?.permissions ?? {})
      .filter(([name, needed]) => level(textOf(at(granted, name))) < level(needed))
      .map(([name, needed]) => ({
        line: scope.source.lineOf(at(step, 'uses') ?? step),
        rule: 'action-permissions' as const,
        message: `job ${job.key} does not grant \`${name}: ${needed}\``,
      })),
  );
}

/** Whether every `steps.<id>.outputs.<name>` of an own action names an output that exists. */
export function checkOutputs(scope: StepScope, job: Entry): WorkflowFinding[] {
  if (!job.value) return [];
  const contracts = new Map<string, ActionContract>();
  for (const step of items(at(job.value, 'steps'))) {
    const id = textOf(at(step, 'id'));
    const contract = ownContract(scope, step);
    if (id !== undefined && contract) contracts.set(id, contract);
  }
  // Whole lines of the job, so that references in every kind of scalar are found.
  return scope.source.text
    .slice(0, job.value.range[1])
    .split('\n')
    .flatMap((line, index) =>
      index + 1 < job.line ? [] : unknownOutputs(contracts, line, index + 1),
    );
}

function unknownOutputs(
  contracts: ReadonlyMap<string, ActionContract>,
  text: string,
  line: number,
): WorkflowFinding[] {
  return [...text.matchAll(outputReference)].flatMap(([, id = '', name = '']) => {
    const contract = contracts.get(id);
    if (!contract || Object.hasOwn(allOutputs(contract), name)) return [];
    return [{ line, rule: 'action-outputs', message: `${contract.name} has no output ${name}` }];
  });
}
