import type { ActionContract } from '@gatewright/contract';
import { coreRunner } from './core-runner.ts';
import type { ActionRun } from './run-action.ts';
import type { PostRun } from './run-post.ts';
import { runStepOn } from './run-step.ts';

/**
 * Runs an action from its inputs to its exit code. Never rejects: whatever happens, the outputs `verdict`,
 * `reason-code` and `result-path`, the result file and the job summary are written. The exit code is 0 for the verdicts
 * `pass` and `skipped`, 1 for all others.
 *
 * @param post - what the post step does instead, for a contract that says `post: true`; an error of it becomes an
 *   annotation and the exit code 1
 */
export async function runAction<C extends ActionContract>(
  contract: C,
  run: ActionRun<C>,
  post?: PostRun,
): Promise<void> {
  await runStepOn(coreRunner(), contract, { main: run, post });
}

export type { ActionRun } from './run-action.ts';
export type { PostRun } from './run-post.ts';
export { readResultFiles } from './read-result-files.ts';
export type { FoundFile, FoundResults } from './read-result-files.ts';
