import type { ActionContract } from '@gatewright/contract';
import { coreRunner } from './core-runner.ts';
import { runActionOn } from './run-action.ts';
import type { ActionRun } from './run-action.ts';
import { runPostOn } from './run-post.ts';
import type { PostRun } from './run-post.ts';

/**
 * Runs an action from its inputs to its exit code. Never rejects: whatever happens, the outputs `verdict`,
 * `reason-code` and `result-path`, the result file and the job summary are written. The exit code is 0 for the verdicts
 * `pass` and `skipped`, 1 for all others.
 */
export async function runAction<C extends ActionContract>(
  contract: C,
  run: ActionRun<C>,
): Promise<void> {
  await runActionOn(coreRunner(), contract, run);
}

/** Runs the post step of an action. Never rejects: an error becomes an annotation and the exit code 1. */
export async function runPost(contract: ActionContract, post: PostRun): Promise<void> {
  await runPostOn(coreRunner(), contract, post);
}

export type { ActionRun } from './run-action.ts';
export type { PostRun } from './run-post.ts';
