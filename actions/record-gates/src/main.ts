import { resolve } from 'node:path';
import { readResultFiles, runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, context) => {
  // Only now: a wrong input should be told at once, without loading what the work needs.
  const { run } = await import('./run.ts');
  const { writeRecord } = await import('./write-record.ts');
  const { createGitHub } = await import('@gatewright/github');
  const { apiUrl, repository, workspace } = context.run;
  return run(inputs, {
    run: context.run,
    now: () => context.now(),
    findResults: (directory) => readResultFiles(resolve(workspace, directory)),
    writeRecord: (directory, record) => writeRecord(resolve(workspace, directory), record),
    github: createGitHub({ token: inputs.githubToken, apiUrl, repository, signal: context.signal }),
  });
});
