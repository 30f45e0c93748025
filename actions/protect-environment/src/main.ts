import { relative, resolve } from 'node:path';
import { runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, { run: context, signal }) => {
  // Only now: a wrong input should be told at once, without loading what the work needs.
  const { run } = await import('./run.ts');
  const { readPolicy } = await import('@gatewright/config');
  const { createGitHub } = await import('@gatewright/github');
  const { apiUrl, repository, workspace } = context;
  return run(inputs, {
    run: context,
    readPolicy: (path) => readPolicy(workspace, relative(workspace, resolve(workspace, path))),
    github: createGitHub({ token: inputs.githubToken, apiUrl, repository, signal }),
  });
});
