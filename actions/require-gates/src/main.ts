import { relative, resolve } from 'node:path';
import { runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, context) => {
  // Only now: a wrong input should be told at once, without loading what the work needs.
  const { run } = await import('./run.ts');
  const { readRecord } = await import('./read-record.ts');
  const { readPolicy } = await import('@gatewright/config');
  const { createGitHub } = await import('@gatewright/github');
  const { apiUrl, repository, workspace } = context.run;
  return run(inputs, {
    run: context.run,
    now: () => context.now(),
    readPolicy: (path) => readPolicy(workspace, relative(workspace, resolve(workspace, path))),
    readRecord: (path) => readRecord(resolve(workspace, path)),
    github: createGitHub({ token: inputs.githubToken, apiUrl, repository, signal: context.signal }),
  });
});
