import { delimiter } from 'node:path';
import { toText } from '../expressions/data.ts';
import type { JsonRecord } from '../expressions/data.ts';
import { trackingVariable } from '../process/process-tree.ts';
import { runnerContext } from './scopes.ts';
import type { Frame, JobState, StepRun } from './state.ts';

/** The only variables that a step gets from whoever runs the engine. */
const passedOn = ['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'] as const;

/** Fields of the `github` context that steps find in their environment, as `GITHUB_<NAME>`. */
const githubVariables = [
  'action',
  'action_path',
  'action_ref',
  'action_repository',
  'actor',
  'api_url',
  'base_ref',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_owner',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
] as const;

/** The complete environment of a process of a step. As on GitHub, nothing can override GITHUB_* and RUNNER_*. */
export function processEnvironment(
  { frame, id, env }: Pick<StepRun, 'frame' | 'id' | 'env'>,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const { job } = frame;
  const own = { ...job.run.options.environment, ...job.env, ...frame.env, ...env };
  const path = own.PATH ?? process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  return {
    ...inherited(),
    CI: 'true',
    HOME: job.directories.home,
    TMPDIR: job.directories.scratch,
    ...own,
    PATH: [...job.paths, path].join(delimiter),
    GITHUB_ACTIONS: 'true',
    ...githubEnvironment({ ...job.contexts.github, ...frame.github, action: id }),
    ...prefixed('RUNNER_', runnerContext(job)),
    ...sessionEnvironment(job),
    ...extra,
    [trackingVariable]: job.trackingId,
  };
}

/** The variables of the platform; the ones for OIDC only with `id-token: write`. */
function sessionEnvironment(job: JobState): Readonly<Record<string, string>> {
  if (job.permissions['id-token'] === 'write') return job.session.env;
  const allowed = Object.entries(job.session.env).filter(
    ([name]) => !name.startsWith('ACTIONS_ID_TOKEN_REQUEST_'),
  );
  return Object.fromEntries(allowed);
}

function githubEnvironment(github: JsonRecord): Readonly<Record<string, string>> {
  const fields = githubVariables.flatMap((name) => {
    const value = github[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return prefixed('GITHUB_', Object.fromEntries(fields));
}

function prefixed(prefix: string, record: JsonRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [prefix + name.toUpperCase(), toText(value)]),
  );
}

function inherited(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The `env` context: what `env:` and GITHUB_ENV have set, without the runner's own variables. */
export function environmentContext(frame: Frame): Readonly<Record<string, string>> {
  return { ...frame.job.env, ...frame.env };
}
