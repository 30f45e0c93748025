import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findNode24 } from '@gatewright/engine';
import { beginJob, killStepsIn, runAction } from './harness-runner.ts';
import type { ActionEnd, Job } from './harness-runner.ts';

/** A job in a checked out repository, as the gates need it: no AWS, no GitHub. */
export interface GateJob {
  readonly workspace: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly git: (...words: readonly string[]) => string;
  readonly run: (gate: string, inputs?: Readonly<Record<string, string>>) => Promise<ActionEnd>;
  readonly stop: () => Promise<void>;
}

/** What is different from an ordinary job. */
export interface GateJobOptions {
  /** Committed before the job begins. */
  readonly files?: Readonly<Record<string, string>>;
  readonly job?: Partial<Job>;
}

/** Secrets of the runner that no program of the application may see. */
export const runnerSecrets = {
  ACTIONS_RUNTIME_TOKEN: 'runtime-token-nobody-may-see',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'id-token-nobody-may-see',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.org/nobody-may-see',
  GITHUB_TOKEN: 'github-token-nobody-may-see',
};

/** Begins a job in a repository with these files. */
export async function openGateJob({ files = {}, job = {} }: GateJobOptions = {}): Promise<GateJob> {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-gates-'));
  const workspace = join(directory, 'work');
  mkdirSync(workspace);
  const write: GateJob['write'] = (some) => {
    for (const [name, text] of Object.entries(some)) {
      mkdirSync(dirname(join(workspace, name)), { recursive: true });
      writeFileSync(join(workspace, name), text);
    }
  };
  const identity = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org'];
  const git: GateJob['git'] = (...words) =>
    execFileSync('git', [...identity, ...words], { cwd: workspace, encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  write({ 'README.md': 'sample\n', ...files });
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const whole: Job = {
    directory,
    workspace,
    repository: 'acme/orders',
    sha: git('rev-parse', 'HEAD').trim(),
    runId: '1',
    // Nobody answers there: a gate that asks would fail.
    apiUrl: 'http://127.0.0.1:9',
    token: runnerSecrets.GITHUB_TOKEN,
    ...job,
    // The application's own Node is the one that the tests were given.
    env: {
      ...runnerSecrets,
      PATH: `${dirname(findNode24())}:${process.env['PATH'] ?? ''}`,
      ...job.env,
    },
  };
  await beginJob(whole);
  return {
    workspace,
    write,
    git,
    run: (gate, inputs = {}) => runAction(gate, whole, inputs),
    stop: async () => {
      await killStepsIn(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
