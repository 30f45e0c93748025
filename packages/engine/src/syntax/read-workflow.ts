import { completeCondition } from '../expressions/inspect.ts';
import { entriesOf, find, literalText } from './node.ts';
import type { MappingNode, Node, Position } from './node.ts';
import { inputTypes } from './workflow-file.ts';
import type {
  Condition,
  Defaults,
  InputDefinition,
  InputType,
  JobSpec,
  Origin,
  StepSpec,
  WorkflowFile,
} from './workflow-file.ts';

/** Reads the tree of a valid workflow file into what the engine works with. */
export function readWorkflow(root: Node, origin: Origin, path: string): WorkflowFile {
  const on = find(root, 'on');
  const call = find(on, 'workflow_call');
  return {
    origin,
    path,
    at: root.at,
    name: literalText(find(root, 'name')) ?? path,
    runName: find(root, 'run-name'),
    events: eventsOf(on),
    dispatchInputs: inputsOf(find(on, 'workflow_dispatch')),
    callInputs: inputsOf(call),
    callOutputs: entriesOf(find(call, 'outputs')).map((entry) => ({
      name: entry.key,
      value: find(entry.value, 'value') ?? entry.value,
    })),
    env: mapping(find(root, 'env')),
    permissions: find(root, 'permissions'),
    concurrency: find(root, 'concurrency'),
    defaults: defaultsOf(root),
    jobs: entriesOf(find(root, 'jobs')).map((entry) => readJob(entry.key, entry.value, entry.at)),
  };
}

/** Reads the steps of a job or of a composite action. Steps without an id get one that no expression can name. */
export function readSteps(steps: Node | undefined): readonly StepSpec[] {
  if (steps?.kind !== 'sequence') return [];
  return steps.items.map((step, index) => readStep(step, `__${index + 1}`));
}

function readJob(id: string, job: Node, at: Position): JobSpec {
  const base = {
    id,
    at,
    name: find(job, 'name'),
    needs: textsOf(find(job, 'needs')),
    condition: conditionOf(job),
    permissions: find(job, 'permissions'),
    concurrency: find(job, 'concurrency'),
  };
  const uses = find(job, 'uses');
  if (uses !== undefined) {
    return {
      ...base,
      kind: 'call',
      uses: literalText(uses) ?? '',
      usesAt: uses.at,
      with: mapping(find(job, 'with')),
    };
  }
  return {
    ...base,
    kind: 'steps',
    env: mapping(find(job, 'env')),
    environment: find(job, 'environment'),
    outputs: mapping(find(job, 'outputs')),
    defaults: defaultsOf(job),
    timeoutMinutes: find(job, 'timeout-minutes'),
    continueOnError: find(job, 'continue-on-error'),
    steps: readSteps(find(job, 'steps')),
  };
}

function readStep(step: Node, generatedId: string): StepSpec {
  const uses = find(step, 'uses');
  const script = find(step, 'run');
  const work: StepSpec['work'] =
    script === undefined
      ? {
          kind: 'uses',
          uses: literalText(uses) ?? '',
          at: uses?.at ?? step.at,
          with: mapping(find(step, 'with')),
        }
      : {
          kind: 'run',
          script,
          shell: find(step, 'shell'),
          workingDirectory: find(step, 'working-directory'),
        };
  return {
    id: literalText(find(step, 'id')) ?? generatedId,
    at: step.at,
    name: find(step, 'name'),
    condition: conditionOf(step),
    env: mapping(find(step, 'env')),
    continueOnError: find(step, 'continue-on-error'),
    timeoutMinutes: find(step, 'timeout-minutes'),
    work,
  };
}

function conditionOf(node: Node): Condition {
  const condition = find(node, 'if');
  if (condition?.kind === 'template') {
    const [only] = condition.segments;
    const text = typeof only === 'object' ? only.expression : '';
    return { expression: completeCondition(text), at: condition.at };
  }
  const text = literalText(condition) ?? '';
  return { expression: completeCondition(text), at: condition?.at ?? node.at };
}

function defaultsOf(node: Node): Defaults {
  const run = find(find(node, 'defaults'), 'run');
  return { shell: find(run, 'shell'), workingDirectory: find(run, 'working-directory') };
}

function eventsOf(on: Node | undefined): readonly string[] {
  return on?.kind === 'mapping' ? on.entries.map((entry) => entry.key) : textsOf(on);
}

function inputsOf(trigger: Node | undefined): readonly InputDefinition[] {
  return entriesOf(find(trigger, 'inputs')).map((entry) => ({
    name: entry.key,
    at: entry.at,
    type: inputType(literalText(find(entry.value, 'type'))),
    required: literalText(find(entry.value, 'required')) === 'true',
    default: find(entry.value, 'default'),
    options: textsOf(find(entry.value, 'options')),
  }));
}

function inputType(text: string | undefined): InputType {
  return inputTypes.find((type) => type === text) ?? 'string';
}

function textsOf(node: Node | undefined): readonly string[] {
  if (node?.kind === 'sequence') return node.items.map((item) => literalText(item) ?? '');
  const text = literalText(node);
  return text === undefined ? [] : [text];
}

function mapping(node: Node | undefined): MappingNode | undefined {
  return node?.kind === 'mapping' ? node : undefined;
}
