import { join } from 'node:path';
import type { Scope } from '../expressions/evaluate.ts';
import type { NodeAction } from '../syntax/action-file.ts';
import type { UsesWork } from '../syntax/workflow-file.ts';
import { actionInputs, inputVariables } from './action-inputs.ts';
import { runProgram } from './run-program.ts';
import type { ProgramEnd } from './run-program.ts';
import type { PostStep, StepRun } from './state.ts';
import type { TargetEnd } from './target-end.ts';

export interface NodeStep {
  readonly step: StepRun;
  readonly name: string;
  readonly action: NodeAction;
  readonly work: UsesWork;
  /** What the `pre` script of this step has saved. */
  readonly saved: Record<string, string>;
}

/** Runs the `main` script of a JavaScript action; its `post` script is put on the job's list first. */
export async function runNodeMain(node: NodeStep, scope: Scope): Promise<TargetEnd> {
  const inputs = actionInputs(node.action, node.work, scope, node.step.reporter);
  registerPost(node, inputs);
  const { action, saved } = node;
  const end = await runNodeScript(node.step, { action, script: action.main, inputs, state: saved });
  Object.assign(saved, end.state);
  return end;
}

/** Runs the `pre` script of a JavaScript action before any step of the job. */
export async function runNodePre(node: NodeStep, script: string, scope: Scope): Promise<TargetEnd> {
  const inputs = actionInputs(node.action, node.work, scope, node.step.reporter);
  registerPost(node, inputs);
  const { action, saved } = node;
  const end = await runNodeScript(node.step, { action, script, inputs, state: saved });
  Object.assign(saved, end.state);
  return end;
}

/** Whoever ran `pre` or `main` gets its `post`, once. */
function registerPost(
  { step, name, action, saved }: NodeStep,
  inputs: Readonly<Record<string, string>>,
): void {
  const { frame, id, env } = step;
  const { posts } = frame.job;
  if (action.post === undefined || posts.some((post) => post.state === saved)) return;
  const script = action.post;
  posts.push({ name: `Post ${name}`, action, script, frame, id, env, inputs, state: saved });
}

/** Runs one script of a JavaScript action under Node 24. */
export function runNodeScript(
  step: StepRun,
  call: Pick<PostStep, 'action' | 'script' | 'inputs' | 'state'>,
): Promise<ProgramEnd> {
  const { job } = step.frame;
  const { origin, directory } = call.action;
  const state = Object.entries(call.state).map(([key, value]) => [`STATE_${key}`, value]);
  return runProgram(step, {
    command: job.run.options.node24,
    args: [join(directory, call.script)],
    cwd: job.directories.workspace,
    env: {
      ...inputVariables(call.inputs),
      ...Object.fromEntries(state),
      GITHUB_ACTION_REPOSITORY: origin.repository,
      GITHUB_ACTION_REF: origin.ref,
    },
  });
}
