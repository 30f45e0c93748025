import { allInputs } from '@gatewright/contract';
import type { ActionContract } from '@gatewright/contract';
import type { ParsedNode } from 'yaml';
import type { WorkflowFinding, WorkflowRule } from './finding.ts';
import { at, commentOf, items, scalar, textOf } from './workflow-source.ts';
import type { WorkflowSource } from './workflow-source.ts';

const ownAction = /^\$\/actions\/([a-z0-9-]+)$/;
const pinned = /^[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?@[0-9a-f]{40}$/;
const pinnedImage = /^docker:\/\/[^\s]+@sha256:[0-9a-f]{64}$/;
const versionComment = /^v?\d+(?:\.\d+)*\b/;

/** What the step rules look at. */
export interface StepScope {
  readonly source: WorkflowSource;
  readonly contracts: ReadonlyMap<string, ActionContract>;
}

/** The contract of the own action that a step uses. */
export function ownContract(scope: StepScope, step: ParsedNode): ActionContract | undefined {
  const name = ownAction.exec(textOf(at(step, 'uses')) ?? '')?.[1];
  return name === undefined ? undefined : scope.contracts.get(name);
}

/** Checks the value of a `uses` of a step or job. */
export function checkUses(
  scope: StepScope,
  uses: ParsedNode | null | undefined,
): WorkflowFinding[] {
  const name = textOf(uses);
  if (!uses || name === undefined) return [];
  const found = (rule: WorkflowRule, message: string): WorkflowFinding[] => [
    { line: scope.source.lineOf(uses), rule, message: `${name}: ${message}` },
  ];
  if (name.startsWith('$/.github/workflows/')) return [];
  if (name.startsWith('$/')) {
    const own = ownAction.exec(name)?.[1];
    const known = own !== undefined && scope.contracts.has(own);
    return known ? [] : found('own-actions', 'no such action here');
  }
  if (name.startsWith('.')) {
    return found('own-actions', 'this is a path in the caller’s checkout; write $/actions/<name>');
  }
  if (pinnedImage.test(name)) return [];
  if (!pinned.test(name)) return found('pinned-uses', 'name a full 40-digit commit SHA');
  return versionComment.test(commentOf(uses))
    ? []
    : found('pinned-uses', 'add a comment with the version, such as `# v1.2.3`');
}

function checkScripts(scope: StepScope, step: ParsedNode): WorkflowFinding[] {
  const scripts = [at(step, 'run'), at(at(step, 'with'), 'script')];
  return scripts.flatMap((script) =>
    script && textOf(script)?.includes('${{')
      ? [
          {
            line: scope.source.lineOf(script),
            rule: 'run-expression' as const,
            message: 'an expression in a script is an injection; pass the value through `env`',
          },
        ]
      : [],
  );
}

function checkCheckout(scope: StepScope, step: ParsedNode): WorkflowFinding[] {
  const uses = at(step, 'uses');
  if (!uses || !textOf(uses)?.startsWith('actions/checkout@')) return [];
  return scalar(at(at(step, 'with'), 'persist-credentials')) === false
    ? []
    : [
        {
          line: scope.source.lineOf(uses),
          rule: 'persist-credentials',
          message: 'set `persist-credentials: false`',
        },
      ];
}

function checkInputs(scope: StepScope, step: ParsedNode): WorkflowFinding[] {
  const contract = ownContract(scope, step);
  if (!contract) return [];
  const inputs = allInputs(contract);
  const given = scope.source.entries(at(step, 'with'));
  const names = new Set(given.map(({ key }) => key));
  const missing = Object.entries(inputs)
    .filter(([name, codec]) => codec.default === undefined && !codec.optional && !names.has(name))
    .map(([name]) => `${contract.name} needs the input ${name}`);
  return [
    ...given
      .filter(({ key }) => !Object.hasOwn(inputs, key))
      .map(({ key, line }) => ({
        line,
        rule: 'action-inputs' as const,
        message: `${contract.name} has no input ${key}`,
      })),
    ...missing.map((message) => ({
      line: scope.source.lineOf(at(step, 'uses') ?? step),
      rule: 'action-inputs' as const,
      message,
    })),
  ];
}

/** The rules of the steps of one job. */
export function checkSteps(scope: StepScope, job: ParsedNode | null): WorkflowFinding[] {
  return items(at(job, 'steps')).flatMap((step) => [
    ...checkUses(scope, at(step, 'uses')),
    ...checkScripts(scope, step),
    ...checkCheckout(scope, step),
    ...checkInputs(scope, step),
  ]);
}
