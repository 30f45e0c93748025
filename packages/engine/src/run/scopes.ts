import type { JsonRecord } from '../expressions/data.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { Conclusion } from '../platform.ts';
import type { Frame, Instance, JobState } from './state.ts';

/** What a job leaves to the jobs that need it. */
export interface JobResult {
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  /** Results of the job and of everything before it in the chain of needs. */
  readonly chain: readonly Conclusion[];
}

/** The `strategy` context of a job without a matrix. */
const onlyJob: JsonRecord = {
  'fail-fast': true,
  'job-index': 0,
  'job-total': 1,
  'max-parallel': 1,
};

export type Needs = Readonly<Record<string, JobResult>>;

/** What the keys of a job can see before it has a runner. */
export function jobScope(instance: Instance, needs: Needs): Scope {
  const chain = Object.values(needs).flatMap((need) => need.chain);
  // Asked anew each time: a cancel has the condition of a running job evaluated once more.
  const cancelled = (): boolean => instance.signal.aborted;
  return {
    contexts: {
      github: instance.run.github,
      inputs: instance.inputs,
      needs: needsContext(needs),
      vars: instance.run.options.variables ?? {},
      strategy: onlyJob,
      matrix: {},
    },
    status: {
      // A job is also held back by what was skipped or failed before the jobs that it needs.
      success: () => !cancelled() && chain.every((result) => result === 'success'),
      failure: () => chain.includes('failure'),
      cancelled,
    },
  };
}

export function needsContext(needs: Needs): JsonRecord {
  return Object.fromEntries(
    Object.entries(needs).map(([id, { result, outputs }]) => [id, { result, outputs }]),
  );
}

/** What a step can see; `env` is what `env:` and GITHUB_ENV have set up to here. */
export function stepScope(frame: Frame, env: Readonly<Record<string, string>>): Scope {
  const { job } = frame;
  return {
    contexts: {
      ...job.contexts,
      github: { ...job.contexts.github, ...frame.github },
      inputs: frame.inputs,
      env,
      steps: stepsContext(frame),
      job: jobContext(job),
      runner: runnerContext(job),
      secrets: { GITHUB_TOKEN: job.session.token },
      strategy: onlyJob,
      matrix: {},
    },
    status: {
      success: () => frame.status() === 'success',
      failure: () => frame.status() === 'failure',
      cancelled: () => job.status === 'cancelled',
    },
  };
}

/** Steps without an id of their own cannot be named in expressions. */
function stepsContext(frame: Frame): JsonRecord {
  const named = Object.entries(frame.steps).filter(([id]) => !id.startsWith('__'));
  return Object.fromEntries(
    named.map(([id, { outputs, outcome, conclusion }]) => [id, { outputs, outcome, conclusion }]),
  );
}

function jobContext(job: JobState): JsonRecord {
  const { origin, path } = job.file;
  return {
    status: job.status,
    workflow_ref: `${origin.repository}/${path}@${origin.ref}`,
    workflow_sha: origin.sha,
    workflow_repository: origin.repository,
    workflow_file_path: path,
  };
}

export function runnerContext(job: JobState): JsonRecord {
  return {
    name: 'gatewright',
    os: process.platform === 'darwin' ? 'macOS' : 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    environment: 'self-hosted',
    temp: job.directories.temp,
    tool_cache: job.directories.toolCache,
  };
}
