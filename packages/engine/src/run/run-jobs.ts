import { toText } from '../expressions/data.ts';
import { evaluateCondition, evaluateNode, evaluateText } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { PlannedJob, PlannedStepsJob } from '../plan/load-workflows.ts';
import { followCancel } from './cancellation.ts';
import { takeTurn } from './concurrency-turn.ts';
import type { JobEnd, JobsEnd } from './job-end.ts';
import type { JobRecord } from './result.ts';
import { runCall } from './run-call.ts';
import { emptyRecord, failureAnnotation, runStepsJob } from './run-job.ts';
import { jobScope } from './scopes.ts';
import type { JobResult, Needs } from './scopes.ts';
import type { Instance } from './state.ts';

interface Settled {
  readonly result: JobResult;
  readonly records: readonly JobRecord[];
}

/** Runs the jobs of a workflow, each as soon as the jobs that it needs are done. */
export async function runJobs(instance: Instance): Promise<JobsEnd> {
  const jobs = new Map(instance.workflow.jobs.map((job) => [job.spec.id, job]));
  const running = new Map<string, Promise<Settled>>();
  const start = (id: string): Promise<Settled> => {
    const under = running.get(id) ?? settle(id);
    running.set(id, under);
    return under;
  };
  const settle = async (id: string): Promise<Settled> => {
    const job = jobs.get(id);
    if (job === undefined) throw new Error(`job '${id}' does not exist`);
    const ids = job.spec.needs;
    const settled = await Promise.all(ids.map(start));
    const needs = Object.fromEntries(
      settled.map(({ result }, index) => [ids[index] ?? '', result]),
    );
    return runJob(instance, job, needs);
  };
  const settled = await Promise.all([...jobs.keys()].map(start));
  const results = new Map(
    [...jobs.keys()].flatMap((id, index) => {
      const one = settled[index];
      return one === undefined ? [] : [[id, one.result] as const];
    }),
  );
  return { results, records: settled.flatMap((one) => one.records) };
}

async function runJob(instance: Instance, job: PlannedJob, needs: Needs): Promise<Settled> {
  const scope = jobScope(instance, needs);
  const id = [...instance.ids, job.spec.id].join('/');
  let name = [...instance.names, job.spec.id].join(' / ');
  let end: JobEnd;
  try {
    name = displayName(instance, job, scope);
    end = await attempt(instance, job, { scope, needs, name, id });
  } catch (error) {
    // Whatever goes wrong stays in this job: the others must come to their end, or their processes would be left.
    const record = emptyRecord({ name, id }, 'failure', [failureAnnotation(error)]);
    end = { result: 'failure', outputs: {}, records: [record] };
    const [annotation] = record.annotations;
    if (annotation !== undefined) instance.run.emit({ kind: 'annotation', job: name, annotation });
  }
  instance.run.emit({ kind: 'job-finished', job: name, conclusion: end.result });
  // GitHub tells the jobs that need it of a success when a failure is to be continued on.
  const continued = end.records.some((record) => record.continuedOnError === true);
  const result = continued ? 'success' : end.result;
  const before = Object.values(needs).flatMap((need) => need.chain);
  return {
    result: { result, outputs: end.outputs, chain: [...before, result] },
    records: end.records,
  };
}

interface JobPlace {
  readonly scope: Scope;
  readonly needs: Needs;
  readonly name: string;
  readonly id: string;
}

async function attempt(instance: Instance, job: PlannedJob, place: JobPlace): Promise<JobEnd> {
  const { expression, at } = job.spec.condition;
  const holds = (): boolean => evaluateCondition(expression, place.scope, at);
  if (!holds()) return only(emptyRecord(place, 'skipped'));
  const cancel = new AbortController();
  const stop = followCancel(instance.signal, cancel, holds);
  try {
    const turn = await takeTurn(instance, job.spec.concurrency, {
      scope: place.scope,
      name: place.name,
      cancel,
    });
    if (turn.kind === 'cancelled') {
      return only(emptyRecord(place, 'cancelled', [{ level: 'error', message: turn.reason }]));
    }
    try {
      const heldGroups = turn.groups;
      const { signal } = cancel;
      const here = { ...instance, heldGroups };
      if (job.kind === 'call')
        return await runCall({ instance: here, job, signal, ...place }, runJobs);
      const record = await runStepsJob({ instance: here, job, signal, ...place });
      const isContinued = record.conclusion === 'failure' && continues(job, place.scope);
      return only(isContinued ? { ...record, continuedOnError: true } : record);
    } finally {
      turn.release();
    }
  } finally {
    stop();
  }
}

function only(record: JobRecord): JobEnd {
  return { result: record.conclusion, outputs: record.outputs, records: [record] };
}

function displayName(instance: Instance, job: PlannedJob, scope: Scope): string {
  const own = job.spec.name === undefined ? '' : evaluateText(job.spec.name, scope);
  return [...instance.names, own === '' ? job.spec.id : own].join(' / ');
}

function continues({ spec }: PlannedStepsJob, scope: Scope): boolean {
  if (spec.continueOnError === undefined) return false;
  return toText(evaluateNode(spec.continueOnError, scope)) === 'true';
}
