import { locate, UnsupportedSyntaxError } from '../errors.ts';
import type { StandIn } from '../stand-ins/stand-in.ts';
import { readAction } from '../syntax/action-file.ts';
import type { ActionFile, CompositeAction, NodeAction } from '../syntax/action-file.ts';
import type { Origin, RunWork, StepSpec, UsesWork } from '../syntax/workflow-file.ts';
import { parseReference } from './reference.ts';
import { labelOf, standInFor, treeOf } from './sources.ts';
import type { Remote, Sources } from './sources.ts';

/** What a step will run, found before anything runs; only `./` actions wait for the workspace. */
export type StepTarget =
  | { readonly kind: 'run'; readonly work: RunWork }
  | { readonly kind: 'node24'; readonly action: NodeAction; readonly work: UsesWork }
  | {
      readonly kind: 'composite';
      readonly action: CompositeAction;
      readonly steps: readonly PlannedStep[];
      readonly work: UsesWork;
    }
  | {
      readonly kind: 'stand-in';
      readonly name: string;
      readonly standIn: StandIn;
      readonly work: UsesWork;
    }
  | { readonly kind: 'workspace'; readonly path: string; readonly work: UsesWork };

export interface PlannedStep {
  readonly spec: StepSpec;
  readonly target: StepTarget;
  /** The tree that `$/` means in this step. */
  readonly origin: Origin;
}

/** GitHub runs composite actions in composite actions nine levels deep. */
const maximumDepth = 9;

interface Place {
  readonly sources: Sources;
  readonly origin: Origin;
  readonly depth: number;
}

/** @throws UnsupportedSyntaxError | WorkflowFileError naming the line of every action that cannot be had. */
export async function planSteps(
  sources: Sources,
  origin: Origin,
  steps: readonly StepSpec[],
  depth = 0,
): Promise<readonly PlannedStep[]> {
  const problems: string[] = [];
  const planned: PlannedStep[] = [];
  for (const spec of steps) {
    const target = await targetOf(spec, { sources, origin, depth });
    if (typeof target === 'string') problems.push(target);
    else planned.push({ spec, target, origin });
  }
  if (problems.length > 0) throw new UnsupportedSyntaxError(problems);
  return planned;
}

/** Reads a `./` action once the workspace holds it. `$/` in it means the tree of the workflow that uses it. */
export async function planWorkspaceAction(
  sources: Sources,
  origin: Origin,
  workspace: string,
  work: UsesWork,
): Promise<StepTarget> {
  const path = work.uses.slice(2);
  const found = await readAction({ ...origin, directory: workspace }, path, (file) => `./${file}`);
  if (found === undefined) {
    throw new UnsupportedSyntaxError([
      locate(work.at, `${work.uses}: the workspace has no action.yml there (is it checked out?)`),
    ]);
  }
  const target = await withSteps({ ...found, origin }, work, { sources, origin, depth: 0 });
  if (typeof target === 'string') throw new UnsupportedSyntaxError([target]);
  return target;
}

async function targetOf(spec: StepSpec, place: Place): Promise<StepTarget | string> {
  if (spec.work.kind === 'run') return { kind: 'run', work: spec.work };
  const { work } = spec;
  const reference = parseReference(work.uses);
  if (reference.kind === 'remote') return fromRemote(reference, work, place);
  if (reference.kind === 'self') return fromTree(place.origin, reference.path, work, place);
  if (reference.kind === 'workspace') return { kind: 'workspace', path: reference.path, work };
  return locate(work.at, `${work.uses}: ${reference.reason}`);
}

async function fromRemote(
  reference: Remote,
  work: UsesWork,
  place: Place,
): Promise<StepTarget | string> {
  const tree = treeOf(place.sources, reference);
  if (tree !== undefined) return fromTree(tree, reference.path, work, place);
  const found = standInFor(place.sources, reference);
  if (found === undefined) {
    return locate(work.at, `${work.uses}: this third-party action has no stand-in`);
  }
  const known = new Set(found.standIn.inputs.map((name) => name.toLowerCase()));
  const unknown = (work.with?.entries ?? []).filter((entry) => !known.has(entry.key.toLowerCase()));
  if (unknown.length > 0) {
    return unknown
      .map((e) => locate(e.at, `the stand-in for ${found.name} does not support '${e.key}'`))
      .join('\n');
  }
  return { kind: 'stand-in', ...found, work };
}

async function fromTree(
  tree: Origin,
  path: string,
  work: UsesWork,
  place: Place,
): Promise<StepTarget | string> {
  const action = await readAction(tree, path, (file) => labelOf(place.sources, tree, file));
  if (action === undefined) return locate(work.at, `${work.uses}: no action.yml there`);
  return withSteps(action, work, place);
}

async function withSteps(
  action: ActionFile,
  work: UsesWork,
  place: Place,
): Promise<StepTarget | string> {
  if (action.kind === 'node24') {
    if (action.pre !== undefined && place.depth > 0) {
      return locate(
        work.at,
        `${work.uses}: 'pre' of an action in a composite action is not supported`,
      );
    }
    return { kind: 'node24', action, work };
  }
  const depth = place.depth + 1;
  if (depth > maximumDepth) {
    throw new UnsupportedSyntaxError([
      locate(work.at, `composite actions are nested deeper than ${maximumDepth} levels`),
    ]);
  }
  const steps = await planSteps(place.sources, action.origin, action.steps, depth);
  return { kind: 'composite', action, steps, work };
}
