import { isMap } from 'yaml';
import type { ParsedNode } from 'yaml';
import type { WorkflowFinding, WorkflowRule } from './finding.ts';
import { at, scalar, texts, textOf } from './workflow-source.ts';
import type { Entry, WorkflowSource } from './workflow-source.ts';

/** A finding at the line of a job's name. */
function atJob(job: Entry, rule: WorkflowRule, message: string): WorkflowFinding {
  return { line: job.line, rule, message: `job ${job.key}: ${message}` };
}

function checkPermissions(job: Entry): WorkflowFinding[] {
  return isMap(at(job.value, 'permissions'))
    ? []
    : [atJob(job, 'job-permissions', 'name its permissions one by one, or `permissions: {}`')];
}

function checkTimeout(job: Entry): WorkflowFinding[] {
  const needed = at(job.value, 'uses') === undefined;
  return needed && at(job.value, 'timeout-minutes') === undefined
    ? [atJob(job, 'timeout-minutes', 'set timeout-minutes')]
    : [];
}

function checkSecrets(job: Entry): WorkflowFinding[] {
  return textOf(at(job.value, 'secrets')) === 'inherit'
    ? [atJob(job, 'secrets-inherit', '`secrets: inherit` hands over every secret; name the needed')]
    : [];
}

function checkConcurrency(job: Entry): WorkflowFinding[] {
  if (at(job.value, 'environment') === undefined) return [];
  const concurrency = at(job.value, 'concurrency');
  const kept =
    textOf(at(concurrency, 'group')) && scalar(at(concurrency, 'cancel-in-progress')) === false;
  return kept
    ? []
    : [
        atJob(
          job,
          'environment-concurrency',
          'set concurrency with a group and `cancel-in-progress: false`',
        ),
      ];
}

/** The rules of single jobs. */
export function checkJob(job: Entry): WorkflowFinding[] {
  return [
    ...checkPermissions(job),
    ...checkTimeout(job),
    ...checkSecrets(job),
    ...checkConcurrency(job),
  ];
}

/** The names of all jobs that a job waits for, also by way of others. */
function waitedFor(name: string, jobs: ReadonlyMap<string, ParsedNode | null>): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const needed of texts(at(jobs.get(next), 'needs'))) {
      if (!found.has(needed)) open.push(needed);
      found.add(needed);
    }
  }
  return found;
}

/** A required check on a job that can be skipped looks green: the last job must run whatever happened. */
export function checkFinalJob(jobs: readonly Entry[]): WorkflowFinding[] {
  const last = jobs.at(-1);
  if (!last || jobs.length === 1) return [];
  const always = /^(?:\$\{\{\s*)?always\(\)(?:\s*\}\})?$/;
  const condition = (textOf(at(last.value, 'if')) ?? '').trim();
  const reached = waitedFor(last.key, new Map(jobs.map(({ key, value }) => [key, value])));
  const missed = jobs.filter(({ key }) => key !== last.key && !reached.has(key));
  return [
    ...(always.test(condition) ? [] : [atJob(last, 'final-job', 'set `if: ${{ always() }}`')]),
    ...missed.map(({ key }) => atJob(last, 'final-job', `does not wait for ${key}`)),
  ];
}

/** The rules of the file as a whole. */
export function checkTop(source: WorkflowSource): WorkflowFinding[] {
  const permissions = at(source.top, 'permissions');
  const empty = isMap(permissions) && permissions.items.length === 0;
  const on = at(source.top, 'on');
  const events = [...texts(on), ...source.entries(on).map(({ key }) => key)];
  return [
    ...(empty
      ? []
      : [
          {
            line: permissions ? source.lineOf(permissions) : 1,
            rule: 'top-permissions' as const,
            message: 'set `permissions: {}` at the top',
          },
        ]),
    ...(events.includes('pull_request_target')
      ? [
          {
            line: source.lineOf(on ?? null),
            rule: 'no-pull-request-target' as const,
            message: 'do not run on pull_request_target',
          },
        ]
      : []),
  ];
}
