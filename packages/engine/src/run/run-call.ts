import { evaluateText } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import { callInputs } from '../plan/inputs.ts';
import type { PlannedCallJob } from '../plan/load-workflows.ts';
import type { Conclusion } from '../platform.ts';
import { takeTurn } from './concurrency-turn.ts';
import type { JobEnd, JobsEnd } from './job-end.ts';
import type { Annotation, JobRecord } from './result.ts';
import { emptyRecord, failureAnnotation } from './run-job.ts';
import { needsContext } from './scopes.ts';
import type { Instance } from './state.ts';

interface Call {
  readonly instance: Instance;
  readonly job: PlannedCallJob;
  readonly scope: Scope;
  readonly name: string;
  readonly id: string;
  readonly signal: AbortSignal;
}

/** Runs a called workflow in the place of a job. `runJobs` is handed in because the two call each other. */
export async function runCall(
  { instance, job, scope, name, id, signal }: Call,
  runJobs: (instance: Instance) => Promise<JobsEnd>,
): Promise<JobEnd> {
  const { run } = instance;
  const { file } = job.callee;
  const { github, vars } = scope.contexts;
  const inputs = callInputs(file.callInputs, job.spec.with, scope, {
    contexts: { github: github ?? {}, vars: vars ?? {} },
  });
  const cancel = new AbortController();
  const follow = (): void => cancel.abort();
  signal.addEventListener('abort', follow, { once: true });
  try {
    const calleeScope = { contexts: { github: github ?? {}, vars: vars ?? {}, inputs } };
    const turn = await takeTurn(instance, file.concurrency, { scope: calleeScope, name, cancel });
    if (turn.kind === 'cancelled') {
      const record = emptyRecord({ name, id }, 'cancelled', [
        { level: 'error', message: turn.reason },
      ]);
      return { result: 'cancelled', outputs: {}, records: [record] };
    }
    try {
      const callee: Instance = {
        run,
        workflow: job.callee,
        inputs,
        names: [name],
        ids: [id],
        heldGroups: turn.groups,
        signal: cancel.signal,
      };
      const end = await runJobs(callee);
      const { outputs, problem } = workflowOutputs(callee, end);
      if (problem === undefined) {
        return { result: conclude(end.records), outputs, records: end.records };
      }
      run.emit({ kind: 'annotation', job: name, annotation: problem });
      const record = emptyRecord({ name, id }, 'failure', [problem]);
      return { result: 'failure', outputs, records: [...end.records, record] };
    } finally {
      turn.release();
    }
  } finally {
    signal.removeEventListener('abort', follow);
  }
}

/** The outputs that a workflow declares for its callers. */
export function workflowOutputs(
  { run, workflow, inputs }: Pick<Instance, 'run' | 'workflow' | 'inputs'>,
  end: JobsEnd,
): { readonly outputs: Readonly<Record<string, string>>; readonly problem?: Annotation } {
  const jobs = needsContext(Object.fromEntries(end.results));
  const vars = run.options.variables ?? {};
  const scope: Scope = { contexts: { github: run.github, inputs, jobs, vars } };
  try {
    const outputs = workflow.file.callOutputs.map(({ name, value }) => [
      name,
      evaluateText(value, scope),
    ]);
    return { outputs: Object.fromEntries(outputs) };
  } catch (error) {
    return { outputs: {}, problem: failureAnnotation(error) };
  }
}

/** The worst of the jobs; jobs that were skipped count only when there is nothing else. */
export function conclude(records: readonly JobRecord[]): Conclusion {
  const conclusions = records.map((record) =>
    record.continuedOnError === true ? 'success' : record.conclusion,
  );
  if (conclusions.includes('failure')) return 'failure';
  if (conclusions.includes('cancelled')) return 'cancelled';
  return conclusions.every((conclusion) => conclusion === 'skipped') ? 'skipped' : 'success';
}
