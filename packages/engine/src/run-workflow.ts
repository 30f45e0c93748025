import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConcurrencyGroups } from './concurrency.ts';
import type { ConcurrencyGroups } from './concurrency.ts';
import { locate, WorkflowFileError } from './errors.ts';
import type { JsonRecord } from './expressions/data.ts';
import { evaluateText } from './expressions/evaluate.ts';
import type { Scope } from './expressions/evaluate.ts';
import { dispatchInputs } from './plan/inputs.ts';
import { planRun } from './plan/load-workflows.ts';
import type { Plan } from './plan/load-workflows.ts';
import type { Platform, RunConclusion } from './platform.ts';
import { runnerSignalGrace } from './process/run-process.ts';
import { createArtifactStore } from './run/artifact-store.ts';
import { takeTurn } from './run/concurrency-turn.ts';
import { eventPayload, githubContext } from './run/github-context.ts';
import type { RunOptions } from './run/options.ts';
import type { Annotation, JobRecord, WorkflowRun } from './run/result.ts';
import { conclude, workflowOutputs } from './run/run-call.ts';
import { failureAnnotation } from './run/run-job.ts';
import { runJobs } from './run/run-jobs.ts';
import type { RunState } from './run/state.ts';
import type { Origin, WorkflowFile } from './syntax/workflow-file.ts';

/**
 * Runs a workflow of the caller's repository as GitHub would, with everything it calls.
 *
 * Files are read and checked completely before anything starts. A run that GitHub would refuse to start for its
 * permissions ends as `startup_failure`; everything after that is told by the result, never by an exception.
 *
 * @throws WorkflowFileError when a file breaks a rule of GitHub (`file:line:column` in the message).
 * @throws UnsupportedSyntaxError when a file uses what the engine does not run; it is never ignored.
 */
export async function runWorkflow(options: RunOptions): Promise<WorkflowRun> {
  const plan = await planRun(options, entryOrigin(options), options.workflow);
  const { file } = plan.workflow;
  const inputs = entryInputs(options, file);
  const { repository, event } = options;
  const numbers = await options.platform.openRun({
    repository: repository.fullName,
    workflow: options.workflow,
    event: event.name,
    ref: event.ref,
    sha: event.sha,
    actor: event.actor,
    inputs: event.inputs ?? {},
  });
  const payload = eventPayload(options, inputs);
  const github = githubContext(options, file, numbers, payload);
  const run = await openRun(options, numbers.runId, github);
  const name = runName(file, { contexts: { github, inputs, vars: options.variables ?? {} } });
  run.emit({ kind: 'run-started', runId: numbers.runId, name });
  // From here on nothing is thrown: a run that was opened must be closed.
  const end = await runPlan(run, plan, inputs).catch((error: unknown) =>
    withoutJobs(run, 'failure', [failureAnnotation(error).message]),
  );
  await options.platform.closeRun(numbers.runId, end.conclusion);
  const standInsUsed = [...run.standInsUsed].toSorted();
  run.emit({ kind: 'run-finished', conclusion: end.conclusion, standInsUsed });
  return { runId: numbers.runId, name, ...end, standInsUsed, artifacts: run.artifacts.list() };
}

type RunEnd = Pick<WorkflowRun, 'conclusion' | 'jobs' | 'outputs' | 'annotations'>;

async function runPlan(run: RunState, plan: Plan, inputs: JsonRecord): Promise<RunEnd> {
  if (plan.startupProblems.length > 0) {
    return withoutJobs(run, 'startup_failure', plan.startupProblems);
  }
  const { workflow } = plan;
  const cancel = new AbortController();
  const outer = run.options.signal;
  const follow = (): void => cancel.abort();
  if (outer?.aborted === true) follow();
  outer?.addEventListener('abort', follow, { once: true });
  try {
    const scope: Scope = {
      contexts: { github: run.github, inputs, vars: run.options.variables ?? {} },
    };
    const waiter = { scope, name: workflow.file.name, cancel };
    const turn = await takeTurn({ run, heldGroups: [] }, workflow.file.concurrency, waiter);
    if (turn.kind === 'cancelled') return withoutJobs(run, 'cancelled', [turn.reason]);
    try {
      const instance = {
        run,
        workflow,
        inputs,
        names: [],
        ids: [],
        heldGroups: turn.groups,
        signal: cancel.signal,
      };
      const end = await runJobs(instance);
      const { outputs, problem } = workflowOutputs(instance, end);
      const conclusion =
        problem === undefined ? conclusionOf(end.records, cancel.signal) : 'failure';
      const annotations = problem === undefined ? [] : [problem];
      return { conclusion, jobs: end.records, outputs, annotations };
    } finally {
      turn.release();
    }
  } finally {
    outer?.removeEventListener('abort', follow);
  }
}

/** A cancelled run is cancelled, unless something had failed or everything was already done. */
function conclusionOf(records: readonly JobRecord[], cancel: AbortSignal): RunConclusion {
  const conclusion = conclude(records);
  return conclusion === 'skipped' && cancel.aborted ? 'cancelled' : conclusion;
}

function withoutJobs(
  run: RunState,
  conclusion: RunConclusion,
  messages: readonly string[],
): RunEnd {
  const annotations = messages.map((message): Annotation => ({ level: 'error', message }));
  for (const annotation of annotations) run.emit({ kind: 'annotation', annotation });
  return { conclusion, jobs: [], outputs: {}, annotations };
}

async function openRun(options: RunOptions, runId: string, github: JsonRecord): Promise<RunState> {
  const directory = join(options.workRoot, `run-${runId}`);
  await mkdir(directory, { recursive: true });
  const eventPath = join(directory, 'event.json');
  await writeFile(eventPath, JSON.stringify(github.event, undefined, 2));
  const now = options.now ?? Date.now;
  return {
    options,
    runId,
    github,
    directory,
    eventPath,
    grace: { ...runnerSignalGrace, ...options.signalGraceMs },
    groups: options.concurrencyGroups ?? groupsOf(options.platform),
    artifacts: createArtifactStore(join(directory, 'artifacts')),
    standInsUsed: new Set(),
    emit: (happening) => options.observe({ ...happening, at: now() }),
    now,
  };
}

const groupsByPlatform = new WeakMap<Platform, ConcurrencyGroups>();

/** One platform is one GitHub: its runs share the concurrency groups. */
function groupsOf(platform: Platform): ConcurrencyGroups {
  const groups = groupsByPlatform.get(platform) ?? createConcurrencyGroups();
  groupsByPlatform.set(platform, groups);
  return groups;
}

function entryOrigin({ repository, event }: RunOptions): Origin {
  const tree = repository.directory(event.sha) ?? repository.directory(event.ref);
  if (tree === undefined) {
    throw new WorkflowFileError([`${repository.fullName} has no tree at ${event.sha}`]);
  }
  return {
    repository: repository.fullName,
    ref: event.ref,
    sha: tree.sha,
    directory: tree.directory,
  };
}

function entryInputs({ event }: RunOptions, file: WorkflowFile): JsonRecord {
  if (!file.events.includes(event.name)) {
    const text = `the workflow is not triggered by '${event.name}' (only by ${file.events.join(', ')})`;
    throw new WorkflowFileError([locate(file.at, text)]);
  }
  if (event.name !== 'workflow_dispatch') return {};
  const { inputs, problems } = dispatchInputs(file.dispatchInputs, event.inputs ?? {}, file.at);
  if (problems.length > 0) throw new WorkflowFileError(problems);
  return inputs;
}

function runName(file: WorkflowFile, scope: Scope): string {
  try {
    const name = file.runName === undefined ? '' : evaluateText(file.runName, scope);
    return name === '' ? file.name : name;
  } catch {
    // GitHub, too, falls back when the run's name cannot be evaluated.
    return file.name;
  }
}
