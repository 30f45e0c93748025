import { runPost } from '@gatewright/runtime';

import { contract } from './contract.ts';

await runPost(contract, async (state, context) => {
  // Nothing was begun: no reason to load an SDK.
  if (state('place') === '') return;
  const { openEnvironment, readRunState, settleRun } = await import('@gatewright/aws');
  const left = readRunState(state);
  if (left === undefined) return;
  const cloud = openEnvironment(left.place, { now: () => context.now() });
  await settleRun(left, cloud, context.log, context.signal).finally(() => cloud.close());
});
