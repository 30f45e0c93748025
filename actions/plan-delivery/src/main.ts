import { relative, resolve } from 'node:path';
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
  // Messages name the file as the workflow does.
  const short = (path: string): string => relative(workspace, whole(path));
  return run(inputs, {
    run: facts,
    readPolicy: (path) => readPolicy(workspace, short(path)),
    readManifest: (path) => readReleaseManifest(workspace, short(path)),
    hashFile: (path) => hashFile(whole(path)),
    github: createGitHub({ token: inputs.githubToken, apiUrl, repository, signal }),
  });
});
