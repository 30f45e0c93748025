import { runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, context) => {
  // Only now: a wrong input should be told at once, without loading what the work needs.
  const { run } = await import('./run.ts');
  const { runCommand } = await import('@gatewright/process');
  return run(inputs, { context, runCommand, env: process.env });
});
