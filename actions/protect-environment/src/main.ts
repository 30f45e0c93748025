import { relative, resolve } from 'node:path';
import { readPolicy } from '@gatewright/config';
import { runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';
import { run } from './run.ts';

await runAction(contract, async (inputs, { run: context, signal }) => {
  // Only now: a wrong input should be told at once.
  const { createGitHub } = await import('@gatewright/github');
  const { apiUrl, repository, workspace } = context;
  return run(inputs, {
    run: context,
    readPolicy: (path) => readPolicy(workspace, relative(workspace, resolve(workspace, path))),
    github: createGitHub({ token: inputs.githubToken, apiUrl, repository, signal }),
  });
});
