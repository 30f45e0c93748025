import type { PostRun } from '@gatewright/runtime';

/** At the end of the job: waits for what a cancelled main step left under way, and gives the lock back. */
export const post: PostRun = async (state, context) => {
  // Nothing was begun: no reason to load an SDK.
  if (state('place') === '') return;
  const { openEnvironment, readRunState, settleRun } = await import('@gatewright/aws');
  const left = readRunState(state);
  if (left === undefined) return;
  const cloud = openEnvironment(left.place, { now: () => context.now() });
  await settleRun(left, cloud, context.log, context.signal).finally(() => cloud.close());
};
