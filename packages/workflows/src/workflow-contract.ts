import { isScalar } from 'yaml';
import type { ParsedNode } from 'yaml';
import { at, parseWorkflow, scalar, textOf } from './workflow-source.ts';
import type { WorkflowSource } from './workflow-source.ts';

/** What callers of a reusable workflow may rely on, as plain data: two versions of it can be compared. */
export interface WorkflowContract {
  readonly inputs: Readonly<
    Record<string, { readonly type: string; readonly required: boolean; readonly default?: string }>
  >;
  readonly outputs: readonly string[];
  /** Names, and whether they are required. */
  readonly secrets: Readonly<Record<string, boolean>>;
  /** What the jobs need of the token, all together: what a caller has to grant. */
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}

/** The contract of a workflow, `undefined` when nobody can call it. */
export function workflowContract(text: string): WorkflowContract | undefined {
  const source = parseWorkflow(text);
  const call = at(at(source.top, 'on'), 'workflow_call');
  if (call === undefined) return undefined;
  const inputs = source
    .entries(at(call, 'inputs'))
    .map(({ key, value }) => [key, describeInput(value)] as const);
  const secrets = source
    .entries(at(call, 'secrets'))
    .map(({ key, value }) => [key, scalar(at(value, 'required')) === true] as const);
  return {
    inputs: Object.fromEntries(inputs),
    outputs: source.entries(at(call, 'outputs')).map(({ key }) => key),
    secrets: Object.fromEntries(secrets),
    permissions: sumOfPermissions(source),
  };
}

function describeInput(node: ParsedNode | null) {
  const required = scalar(at(node, 'required')) === true;
  const value = at(node, 'default');
  return {
    type: textOf(at(node, 'type')) ?? 'string',
    required,
    ...(required ? {} : { default: value ? sourceOf(value) : '' }),
  };
}

/** A default as it is written, whatever its type. */
function sourceOf(node: ParsedNode): string {
  return textOf(node) ?? (isScalar(node) ? (node.source ?? '') : '');
}

function sumOfPermissions(source: WorkflowSource): Record<string, 'read' | 'write'> {
  const sum: Record<string, 'read' | 'write'> = {};
  const granted = source
    .entries(at(source.top, 'jobs'))
    .flatMap(({ value }) => source.entries(at(value, 'permissions')));
  for (const { key, value } of granted.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    const level = textOf(value);
    if (level === 'write' || (level === 'read' && sum[key] !== 'write')) sum[key] = level;
  }
  return sum;
}
