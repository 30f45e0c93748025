import type { ActionContract } from '@gatewright/contract';
import { InternalError } from '@gatewright/verdict';
import { runActionOn } from './run-action.ts';
import type { ActionRun } from './run-action.ts';
import { runPostOn } from './run-post.ts';
import type { PostRun } from './run-post.ts';
import type { RunnerPort } from './runner-port.ts';

/** What an action does in each of its steps. */
export interface ActionSteps<C extends ActionContract> {
  readonly main: ActionRun<C>;
  readonly post?: PostRun | undefined;
}

const noPost: PostRun = async () => {
  throw new InternalError('This action has nothing to do in a post step.');
};

/** Runs the step that the runner asked for. A post step never turns into the main one, whatever is missing. */
export async function runStepOn<C extends ActionContract>(
  runner: RunnerPort,
  contract: C,
  steps: ActionSteps<C>,
): Promise<void> {
  if (runner.step === 'post') await runPostOn(runner, contract, steps.post ?? noPost);
  else await runActionOn(runner, contract, steps.main);
}
