import { readFile } from 'node:fs/promises';
import type { RunContext } from '@gatewright/contract';
import { ConfigurationError } from '@gatewright/verdict';
import * as z from 'zod';

const filled = z.string().min(1);

const environment = z.object({
  GITHUB_REPOSITORY: z.templateLiteral([filled, '/', filled]),
  GITHUB_SHA: filled,
  GITHUB_REF: filled,
  GITHUB_EVENT_NAME: filled,
  GITHUB_ACTOR: filled,
  GITHUB_RUN_ID: z.string().regex(/^\d+$/),
  GITHUB_RUN_ATTEMPT: z.string().regex(/^[1-9]\d*$/),
  GITHUB_JOB: filled,
  GITHUB_WORKSPACE: filled,
  RUNNER_TEMP: filled,
  GITHUB_SERVER_URL: z.url(),
  GITHUB_API_URL: z.url(),
});

const pullRequest = z.object({
  head: z.object({ repo: z.object({ full_name: z.string() }).nullable() }),
});

const pullRequestEvents = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

const workflowRunPayload = z.object({
  workflow_run: z.object({
    head_repository: z.object({ full_name: z.string() }).nullable(),
  }),
});

const commentPayload = z.object({ issue: z.object({ pull_request: z.unknown().optional() }) });

function isOther(fullName: string | undefined, repository: string): boolean {
  return fullName?.toLowerCase() !== repository.toLowerCase();
}

/**
 * Whether a run may carry code of somebody who cannot push to the repository. What cannot be read counts as foreign.
 *
 * @param payload - the parsed event, `undefined` when there was none
 */
export function carriesForeignCode(
  eventName: string,
  repository: string,
  payload: unknown,
): boolean {
  if (eventName === 'pull_request_target') return true;
  if (!z.looseObject({}).safeParse(payload).success) return true;
  if (pullRequestEvents.has(eventName)) {
    const read = z.object({ pull_request: pullRequest }).safeParse(payload);
    return !read.success || isOther(read.data.pull_request.head.repo?.full_name, repository);
  }
  if (eventName === 'workflow_run') {
    const read = workflowRunPayload.safeParse(payload);
    return !read.success || isOther(read.data.workflow_run.head_repository?.full_name, repository);
  }
  if (eventName === 'issue_comment') {
    // The event of a comment on a pull request does not tell where the pull request comes from.
    const read = commentPayload.safeParse(payload);
    return !read.success || read.data.issue.pull_request !== undefined;
  }
  return false;
}

async function readEvent(path: string | undefined): Promise<unknown> {
  if (!path) return undefined;
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Reads the facts of the run from the environment that GitHub documents.
 *
 * @throws {@link ConfigurationError} `runner-context-invalid` that names every variable that is missing or malformed
 */
export async function readRunContext(
  env: Readonly<Record<string, string | undefined>>,
): Promise<RunContext> {
  const read = environment.safeParse(env);
  if (!read.success) {
    const names = [...new Set(read.error.issues.map((issue) => String(issue.path[0])))];
    throw new ConfigurationError(
      'runner-context-invalid',
      `The runner's environment lacks usable values: ${names.join(', ')}.`,
      {
        checked: names.map((name) => `${name} is ${env[name] ? 'malformed' : 'not set'}`),
        remedy: 'Run the action in a job of GitHub Actions, or with `gatewright rehearse`.',
      },
    );
  }
  const facts = read.data;
  const payload = await readEvent(env['GITHUB_EVENT_PATH']);
  return {
    repository: facts.GITHUB_REPOSITORY,
    sha: facts.GITHUB_SHA,
    ref: facts.GITHUB_REF,
    eventName: facts.GITHUB_EVENT_NAME,
    actor: facts.GITHUB_ACTOR,
    runId: facts.GITHUB_RUN_ID,
    runAttempt: Number(facts.GITHUB_RUN_ATTEMPT),
    jobName: facts.GITHUB_JOB,
    workspace: facts.GITHUB_WORKSPACE,
    temp: facts.RUNNER_TEMP,
    serverUrl: facts.GITHUB_SERVER_URL,
    apiUrl: facts.GITHUB_API_URL,
    isFork: carriesForeignCode(facts.GITHUB_EVENT_NAME, facts.GITHUB_REPOSITORY, payload),
  };
}
