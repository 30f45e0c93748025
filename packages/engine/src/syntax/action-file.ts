import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { locate, UnsupportedSyntaxError, WorkflowFileError } from '../errors.ts';
import { unsupportedInComposite } from './allowed-keys.ts';
import { entriesOf, find, literalText } from './node.ts';
import type { Node } from './node.ts';
import { parseActionFile } from './parse-file.ts';
import { readSteps } from './read-workflow.ts';
import type { Condition, Origin, StepSpec } from './workflow-file.ts';

export interface ActionInput {
  readonly name: string;
  readonly default: Node | undefined;
}

interface ActionBase {
  readonly origin: Origin;
  /** The folder of the action. */
  readonly directory: string;
  /** How the action's file is named in messages. */
  readonly label: string;
  readonly name: string;
  readonly inputs: readonly ActionInput[];
}

export interface NodeAction extends ActionBase {
  readonly kind: 'node24';
  readonly main: string;
  readonly pre: string | undefined;
  readonly preIf: Condition;
  readonly post: string | undefined;
  readonly postIf: Condition;
}

export interface CompositeAction extends ActionBase {
  readonly kind: 'composite';
  readonly outputs: readonly { readonly name: string; readonly value: Node }[];
  readonly steps: readonly StepSpec[];
}

export type ActionFile = NodeAction | CompositeAction;

/** Finds and reads `action.yml` or `action.yaml` in a folder; undefined when there is neither. `show` names files. */
export async function readAction(
  origin: Origin,
  path: string,
  show: (path: string) => string,
): Promise<ActionFile | undefined> {
  const directory = join(origin.directory, path);
  for (const file of ['action.yml', 'action.yaml']) {
    const content = await readFile(join(directory, file), 'utf8').catch(() => undefined);
    if (content === undefined) continue;
    const label = show(posix.join(path, file));
    const root = await parseActionFile(label, content);
    return describe(root, { origin, directory, label });
  }
  return undefined;
}

function describe(
  root: Node,
  place: Pick<ActionBase, 'origin' | 'directory' | 'label'>,
): ActionFile {
  const runs = find(root, 'runs');
  const using = literalText(find(runs, 'using'));
  const base = {
    ...place,
    name: literalText(find(root, 'name')) ?? place.label,
    inputs: entriesOf(find(root, 'inputs')).map((entry) => ({
      name: entry.key,
      default: find(entry.value, 'default'),
    })),
  };
  if (using === 'composite') {
    const unsupported = unsupportedInComposite(root);
    if (unsupported.length > 0) throw new UnsupportedSyntaxError(unsupported);
    const outputs = entriesOf(find(root, 'outputs')).map((entry) => ({
      name: entry.key,
      value: requiredValue(entry.value),
    }));
    return { ...base, kind: 'composite', outputs, steps: readSteps(find(runs, 'steps')) };
  }
  if (using !== 'node24') {
    const at = find(runs, 'using')?.at ?? root.at;
    throw new UnsupportedSyntaxError([
      locate(at, `using: ${using ?? '?'} is not supported (node24 or composite)`),
    ]);
  }
  return {
    ...base,
    kind: 'node24',
    main: literalText(find(runs, 'main')) ?? '',
    pre: literalText(find(runs, 'pre')),
    preIf: runsIf(find(runs, 'pre-if'), root),
    post: literalText(find(runs, 'post')),
    postIf: runsIf(find(runs, 'post-if'), root),
  };
}

function requiredValue(output: Node): Node {
  const value = find(output, 'value');
  if (value !== undefined) return value;
  throw new WorkflowFileError([locate(output.at, 'an output of a composite action needs a value')]);
}

/** `pre-if` and `post-if` are taken as they are: unlike a step's `if`, no `success()` is put before them. */
function runsIf(node: Node | undefined, root: Node): Condition {
  const text = literalText(node);
  if (text !== undefined) return { expression: text, at: node?.at ?? root.at };
  const [only] = node?.kind === 'template' ? node.segments : [];
  const expression = typeof only === 'object' ? only.expression : 'always()';
  return { expression, at: node?.at ?? root.at };
}
