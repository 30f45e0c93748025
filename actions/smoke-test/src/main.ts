import { runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, context) => {
  const { run } = await import('./run.ts');
  const { httpProbe, systemClock } = await import('@gatewright/verify');
  return run(inputs, { context, probe: httpProbe(), clock: systemClock() });
});
