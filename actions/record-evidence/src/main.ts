import { resolve } from 'node:path';
import { readResultFiles, runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, context) => {
  // Only now: a wrong input should be told at once, without loading what the work needs.
  const { run } = await import('./run.ts');
  const { writeEvidence } = await import('./files.ts');
  const inWorkspace = (path: string): string => resolve(context.run.workspace, path);
  return run(inputs, {
    run: context.run,
    now: () => context.now(),
    findResults: (directory) => readResultFiles(inWorkspace(directory)),
    writeEvidence: (directory, evidence, found) =>
      writeEvidence(inWorkspace(directory), evidence, found),
  });
});
