import { runAction } from '@gatewright/runtime';

import { contract } from './contract.ts';
import { post } from './post.ts';

await runAction(
  contract,
  async (inputs, context) => {
    // Only now: a wrong input should be told at once, without loading an SDK.
    const { run } = await import('./run.ts');
    const { openEnvironment } = await import('@gatewright/aws');
    const { httpProbe, systemClock } = await import('@gatewright/verify');
    return run(inputs, { context, openEnvironment, probe: httpProbe(), probeClock: systemClock() });
  },
  post,
);
