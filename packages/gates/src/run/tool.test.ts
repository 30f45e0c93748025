import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '@gatewright/process';
import { makeTree } from './test-support.ts';
import type { Tree } from './test-support.ts';
import { toolEnvironment } from './tool-environment.ts';
import { endProblem, unexplainedEnd } from './tool-problems.ts';
import { captureTool, toolRunner } from './tool.ts';

const runner = (shown: string[], signal = new AbortController().signal) =>
  toolRunner({
    runCommand,
    env: { ...process.env, GITHUB_TOKEN: 't0ken' },
    signal,
    show: (line) => void shown.push(line),
  });

describe('a tool', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = makeTree();
  });
  afterEach(() => tree.remove());

  const shell = (text: string) => ({
    argv: ['/bin/sh', '-c', text] as const,
    cwd: tree.root,
    timeoutSeconds: 60,
  });

  it('is shown line by line, and its last words are kept', async () => {
    const shown: string[] = [];
    const end = await runner(shown)(shell('printf "a\\nb"; sleep 0; echo last >&2; exit 3'));
    expect(shown.toSorted()).toEqual(['a', 'b', 'last']);
    expect(end).toEqual({ exitCode: 3, timedOut: false, lastLine: 'last' });
  });

  it('that prints its report has it in a file, and not in the log', async () => {
    const shown: string[] = [];
    const file = join(tree.root, 'out');
    await captureTool(runner(shown), shell('printf "{}\\n"; echo progress >&2'), file);
    expect(readFileSync(file, 'utf8')).toBe('{}\n');
    expect(shown).toEqual(['progress']);
  });

  it('that was cancelled with the run ends in the reason of that', async () => {
    const cancel = new AbortController();
    cancel.abort(new Error('Received SIGINT.'));
    await expect(runner([], cancel.signal)(shell(':'))).rejects.toThrow('Received SIGINT.');
  });
});

describe('the environment of a tool', () => {
  it('has nothing by which it could act as the runner or the job', () => {
    const given = {
      PATH: '/bin',
      GITHUB_SHA: 'abc',
      NODE_OPTIONS: '--no-warnings',
      GITHUB_TOKEN: 't0ken',
      MY_COPY: 't0ken',
      ACTIONS_RUNTIME_TOKEN: 'r',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x',
      'INPUT_RESULT-PATH': 'x',
      STATE_x: 'x',
      GITHUB_OUTPUT: '/o',
      AWS_SESSION_TOKEN: 's',
      EMPTY: '',
      UNSET: undefined,
    };
    expect(toolEnvironment(given)).toEqual({
      PATH: '/bin',
      GITHUB_SHA: 'abc',
      NODE_OPTIONS: '--no-warnings',
      EMPTY: '',
    });
  });
});

const end = (exitCode: number, timedOut = false) => ({
  name: 'ESLint',
  end: { exitCode, timedOut, lastLine: 'Oops: \u001b[31mno config' },
  completeWith: [0, 1],
});

describe('how a tool ended', () => {
  it.each([
    [end(0), undefined],
    [end(1), undefined],
    [end(2), 'tool-failed'],
    [end(137), 'tool-failed'],
    [end(143, true), 'tool-timed-out'],
  ])('%j is %s', (run, reasonCode) => {
    expect(endProblem(run, 60)?.reasonCode).toBe(reasonCode);
  });

  it('must be explained by the reports, unless it is 0', () => {
    expect(unexplainedEnd(end(0), 0)).toBeUndefined();
    expect(unexplainedEnd(end(1), 1)).toBeUndefined();
    expect(unexplainedEnd(end(1), 0)).toMatchObject({
      reasonCode: 'tool-failed',
      checked: ['its last line: Oops: no config'],
    });
  });
});
