import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createMasks } from '../commands/masks.ts';
import type { JsonRecord } from '../expressions/data.ts';
import { evaluateTexts } from '../expressions/evaluate.ts';
import type { JobSession } from '../platform.ts';
import type { JobStart } from './job-start.ts';
import { needsContext } from './scopes.ts';
import type { Frame, JobDirectories, JobState } from './state.ts';

/** Prepares the folders and the state of a job whose environment is ready. */
export async function openState(start: JobStart, session: JobSession): Promise<JobState> {
  const { instance, job, scope, needs, name, id } = start;
  const { run, workflow } = instance;
  const { file } = workflow;
  const directories = await createDirectories(start);
  const masks = createMasks();
  masks.add(session.token);
  masks.add(session.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '');
  const server = session.env.GITHUB_SERVER_URL ?? 'https://github.com';
  const api = session.env.GITHUB_API_URL ?? 'https://api.github.com';
  const github: JsonRecord = {
    ...run.github,
    job: job.spec.id,
    token: session.token,
    server_url: server,
    api_url: api,
    graphql_url: session.env.GITHUB_GRAPHQL_URL ?? `${api}/graphql`,
    event_path: run.eventPath,
    workspace: directories.workspace,
  };
  const contexts = { ...scope.contexts, github, secrets: { GITHUB_TOKEN: session.token } };
  const env = {
    ...evaluateTexts(file.env, { contexts }),
    ...evaluateTexts(job.spec.env, { contexts }),
  };
  return {
    run,
    file,
    id,
    name,
    permissions: job.permissions,
    defaults: [job.spec.defaults, file.defaults],
    contexts: { github, needs: needsContext(needs), vars: run.options.variables ?? {} },
    session,
    directories,
    masks,
    trackingId: `gatewright_${randomUUID()}`,
    processGroups: [],
    canceller: new AbortController(),
    killer: new AbortController(),
    records: [],
    annotations: [],
    summaries: [],
    posts: [],
    status: 'success',
    env,
    paths: [],
    steps: 0,
  };
}

/** The frame of the job's own steps. */
export function jobFrame(job: JobState, inputs: JsonRecord): Frame {
  return {
    job,
    inputs,
    env: {},
    github: {},
    steps: {},
    status: () => job.status,
    fail: () => {
      if (job.status === 'success') job.status = 'failure';
    },
  };
}

async function createDirectories({ instance, id }: JobStart): Promise<JobDirectories> {
  const { run } = instance;
  const name = run.options.repository.fullName.split('/')[1] ?? 'repository';
  const root = join(run.directory, 'jobs', id.replaceAll(/[^\w.-]+/g, '-'));
  const directories = {
    workspace: join(root, 'work', name, name),
    temp: join(root, 'work', '_temp'),
    toolCache: join(root, 'tools'),
    home: join(root, 'home'),
    scratch: join(root, 'tmp'),
  };
  await Promise.all(Object.values(directories).map((path) => mkdir(path, { recursive: true })));
  return directories;
}
