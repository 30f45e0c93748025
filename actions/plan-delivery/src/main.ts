import { basename, dirname, resolve } from 'node:path';
import { runAction } from '@gatewright/runtime';
import { contract } from './contract.ts';

await runAction(contract, async (inputs, { run: facts, signal }) => {
  // Only now: a wrong input should be told at once, without loading what the work needs.
  const { run } = await import('./run.ts');
  const { readPolicy, readReleaseManifest } = await import('@gatewright/config');
  const { createGitHub } = await import('@gatewright/github');
  const { hashFile } = await import('./hash-file.ts');
  const { apiUrl, repository, workspace } = facts;
  const whole = (path: string): string => resolve(workspace, path);
  return run(inputs, {
    run: facts,
    readPolicy: (path) => readPolicy(dirname(whole(path)), basename(path)),
    readManifest: (path) => readReleaseManifest(dirname(whole(path)), basename(path)),
    hashFile: (path) => hashFile(whole(path)),
    github: createGitHub({ token: inputs.githubToken, apiUrl, repository, signal }),
  });
});
