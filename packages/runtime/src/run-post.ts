import type { ActionContext, ActionContract } from '@gatewright/contract';
import { concludeError, errorStory } from './conclusion.ts';
import type { RunnerPort } from './runner-port.ts';
import { openSession } from './session.ts';

/** What an action does at the end of the job. `state` gives what the main step saved, empty when it saved nothing. */
export type PostRun = (state: (key: string) => string, context: ActionContext) => Promise<void>;

/** Runs the post step of an action on a given runner; see `runAction`. */
export async function runPostOn(
  runner: RunnerPort,
  contract: ActionContract,
  post: PostRun,
): Promise<void> {
  const session = openSession(runner, contract);
  try {
    await session.guard(async () => post((key) => runner.getState(key), await session.context()));
    session.annotations.finish();
    runner.exit(0);
  } catch (error) {
    runner.debug(session.masks.redact(errorStory(error)));
    const { explanation, reasonCode, checked, remedy } = concludeError(
      error,
      session.cancelledBy(),
    );
    const lines = [
      `${explanation} (post step, ${reasonCode})`,
      ...checked.map((fact) => `- ${fact}`),
      ...(remedy ? [`Next: ${remedy}`] : []),
      `See docs/07-TROUBLESHOOTING.md#${reasonCode}`,
    ];
    session.annotations.finish({
      level: 'error',
      title: contract.title,
      message: lines.join('\n'),
    });
    runner.exit(1);
  }
}
