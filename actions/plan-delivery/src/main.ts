import { readPolicy, readReleaseManifest } from '@gatewright/config';
import { runAction } from '@gatewright/runtime';
import { basename, dirname, resolve } from 'node:path';
import { contract } from './contract.ts';
import { hashFile } from './hash-file.ts';
import { run } from './run.ts';

await runAction(contract, async (inputs, { run: facts, signal }) => {
  const { createGitHub } = await import('@gatewright/github');
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
