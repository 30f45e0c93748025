import { messageOf } from '../errors.ts';
import { evaluateText } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { PlannedStepsJob } from '../plan/load-workflows.ts';
import type { Conclusion, JobSession } from '../platform.ts';
import { killLeftovers } from '../process/process-tree.ts';
import { find } from '../syntax/node.ts';
import { startTimeout, superviseCancel, timeoutMinutes } from './cancellation.ts';
import { jobOutputs } from './job-outputs.ts';
import type { JobStart } from './job-start.ts';
import { jobFrame, openState } from './open-state.ts';
import { environmentContext } from './process-environment.ts';
import type { Annotation, JobRecord } from './result.ts';
import { runSteps } from './run-steps.ts';
import { stepScope } from './scopes.ts';

/** GitHub's limit for a job that sets none. */
const defaultTimeoutMinutes = 360;

/** Opens a job on the platform, waits for its environment, runs its steps and closes it. */
export async function runStepsJob(start: JobStart): Promise<JobRecord> {
  const { instance, job, scope, name } = start;
  const { run, workflow } = instance;
  const environment = environmentName(job, scope);
  const { origin, path } = workflow.file;
  const session = await run.options.platform.openJob(run.runId, {
    name,
    ...(environment === undefined ? {} : { environment: { name: environment } }),
    permissions: { ...job.permissions },
    jobWorkflowRef: `${origin.repository}/${path}@${origin.ref}`,
    jobWorkflowSha: origin.sha,
  });
  const record = await runOpened(start, session, environment).catch((error: unknown) =>
    emptyRecord(start, 'failure', [failureAnnotation(error)]),
  );
  await session.close(record.conclusion, record.environment?.url);
  return record;
}

/** The record of a job of which no step ran. */
export function emptyRecord(
  { name, id }: Pick<JobStart, 'name' | 'id'>,
  conclusion: Conclusion,
  annotations: readonly Annotation[] = [],
): JobRecord {
  return { name, id, conclusion, outputs: {}, steps: [], summary: '', annotations };
}

export function failureAnnotation(error: unknown): Annotation {
  return { level: 'error', message: messageOf(error) };
}

async function runOpened(
  start: JobStart,
  session: JobSession,
  environment: string | undefined,
): Promise<JobRecord> {
  const { instance, name } = start;
  const { emit } = instance.run;
  const place = environment === undefined ? {} : { environment: { name: environment } };
  if (environment !== undefined) {
    emit({ kind: 'job-waiting', job: name, for: 'environment', name: environment });
  }
  const refusal = await waitForEnvironment(session, environment ?? '', start.signal);
  if (refusal !== undefined) return { ...emptyRecord(start, ...refusal), ...place };
  emit({ kind: 'job-started', job: name, ...(environment === undefined ? {} : { environment }) });
  return runJobSteps(start, session, environment);
}

async function waitForEnvironment(
  session: JobSession,
  environment: string,
  signal: AbortSignal,
): Promise<readonly [Conclusion, readonly Annotation[]] | undefined> {
  try {
    const readiness = await session.ready(signal);
    if (signal.aborted) return ['cancelled', []];
    if (readiness.kind === 'ready') return undefined;
    const why =
      readiness.kind === 'rejected'
        ? `was rejected by ${readiness.by}: ${readiness.comment}`
        : `is blocked: ${readiness.reason}`;
    return ['failure', [{ level: 'error', message: `The deployment to ${environment} ${why}` }]];
  } catch (error) {
    if (signal.aborted) return ['cancelled', []];
    throw error;
  }
}

async function runJobSteps(
  start: JobStart,
  session: JobSession,
  environment: string | undefined,
): Promise<JobRecord> {
  const { job, scope, name, id } = start;
  const minutes = timeoutMinutes(job.spec.timeoutMinutes, scope) ?? defaultTimeoutMinutes;
  const state = await openState(start, session);
  const cancellation = superviseCancel(state, start.signal);
  const timeout = startTimeout(minutes, () => {
    const message = `The job has exceeded the maximum execution time of ${minutes} minutes.`;
    state.annotations.push({ level: 'error', message });
    cancellation.request();
  });
  const frame = jobFrame(state, start.instance.inputs);
  try {
    await runSteps(job.steps, frame);
  } finally {
    timeout.stop();
    cancellation.stop();
    killLeftovers(state.trackingId, state.processGroups);
  }
  const final = stepScope(frame, environmentContext(frame));
  const url = environmentUrl(job, final);
  const place = { name: environment ?? '', ...(url === '' ? {} : { url }) };
  return {
    name,
    id,
    ...(environment === undefined ? {} : { environment: place }),
    outputs: jobOutputs(frame, job.spec.outputs),
    conclusion: state.status,
    steps: state.records,
    summary: state.summaries.join('\n'),
    annotations: state.annotations,
  };
}

function environmentName({ spec }: PlannedStepsJob, scope: Scope): string | undefined {
  if (spec.environment === undefined) return undefined;
  const name = evaluateText(find(spec.environment, 'name') ?? spec.environment, scope);
  // An empty name means no environment, which is how a caller switches it off.
  return name === '' ? undefined : name;
}

function environmentUrl({ spec }: PlannedStepsJob, scope: Scope): string {
  const url = find(spec.environment, 'url');
  return url === undefined ? '' : evaluateText(url, scope);
}
