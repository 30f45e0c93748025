import type { RunningStep, StepEnd } from './harness-runner.ts';

const betweenLooks = 15;
/** No test measures this: it only keeps a broken product from hanging the suite. */
const patienceMilliseconds = 45_000;

type Condition = () => boolean | Promise<boolean>;

/**
 * Resolves when something is so.
 *
 * @throws Error when that never comes.
 */
export async function comesTrue(what: string, condition: Condition): Promise<void> {
  const end = Date.now() + patienceMilliseconds;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`It never came to this: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, betweenLooks));
  }
}

/**
 * Resolves when a step has come so far that something is so.
 *
 * @throws Error with its log when the step ends before.
 */
export async function reaches<E extends StepEnd>(
  step: RunningStep<E>,
  what: string,
  condition: Condition,
): Promise<void> {
  let ended: string | undefined;
  step.ended.then(
    ({ log }) => (ended = log),
    (error: unknown) => (ended = String(error)),
  );
  await comesTrue(what, async () => {
    if (await condition()) return true;
    if (ended !== undefined) throw new Error(`The step ended before this: ${what}.\n${ended}`);
    return false;
  });
}
