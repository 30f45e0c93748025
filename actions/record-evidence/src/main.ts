import { runAction } from '@gatewright/runtime';
import { resolve } from 'node:path';
import { contract } from './contract.ts';
import { findResults, writeEvidence } from './files.ts';
import { run } from './run.ts';

await runAction(contract, (inputs, context) => {
  const inWorkspace = (path: string): string => resolve(context.run.workspace, path);
  return run(inputs, {
    run: context.run,
    now: () => context.now(),
    findResults: (directory) => findResults(inWorkspace(directory)),
    writeEvidence: (directory, evidence, found) =>
      writeEvidence(inWorkspace(directory), evidence, found),
  });
});
