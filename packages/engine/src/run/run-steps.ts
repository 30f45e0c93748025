import { messageOf } from '../errors.ts';
import { evaluateCondition } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { PlannedStep } from '../plan/load-actions.ts';
import type { NodeAction } from '../syntax/action-file.ts';
import type { Condition, UsesWork } from '../syntax/workflow-file.ts';
import { followCancel } from './cancellation.ts';
import { runNodePre, runNodeScript } from './node-step.ts';
import { environmentContext } from './process-environment.ts';
import { createReporter } from './reporter.ts';
import type { Reporter } from './reporter.ts';
import { runStep, stepName } from './run-step.ts';
import type { StepEnd } from './run-step.ts';
import { stepScope } from './scopes.ts';
import type { Frame, JobState, PostStep, StepRun } from './state.ts';
import type { TargetEnd } from './target-end.ts';

/** Runs the steps of a job: `pre` scripts, the steps in order, `post` scripts in reverse order. */
export async function runSteps(steps: readonly PlannedStep[], frame: Frame): Promise<void> {
  const { job } = frame;
  const saved = new Map<PlannedStep, Record<string, string>>();
  for (const planned of steps) {
    const { target } = planned;
    if (target.kind === 'node24' && target.action.pre !== undefined) {
      const state = {};
      saved.set(planned, state);
      const { action, work } = target;
      await runPre(planned, frame, { action, work, script: target.action.pre, state });
    }
  }
  for (const planned of steps) {
    const name = stepName(planned, stepScope(frame, environmentContext(frame)));
    await recorded(job, name, (reporter, onStart) =>
      runStep(planned, { frame, name, reporter, onStart, saved }),
    );
  }
  for (let post = job.posts.pop(); post !== undefined; post = job.posts.pop()) {
    await runPost(post, frame);
  }
}

interface PreScript {
  readonly action: NodeAction;
  readonly work: UsesWork;
  readonly script: string;
  readonly state: Record<string, string>;
}

async function runPre(planned: PlannedStep, frame: Frame, pre: PreScript): Promise<void> {
  const name = stepName(planned, stepScope(frame, environmentContext(frame)));
  const { action, work, script, state } = pre;
  const scope = (): Scope => stepScope(frame, environmentContext(frame));
  await recorded(frame.job, `Pre ${name}`, (reporter, onStart) =>
    guarded(frame, action.preIf, scope, (cancel) => {
      onStart();
      const step: StepRun = { frame, id: planned.spec.id, env: {}, reporter, cancel };
      return runNodePre({ step, name, action, work, saved: state }, script, scope());
    }),
  );
}

async function runPost(post: PostStep, frame: Frame): Promise<void> {
  const { id, env } = post;
  // A post script sees what its action saw, but asks for the status of the job, also from inside a composite action.
  const scope = (): Scope => {
    const seen = stepScope(post.frame, { ...environmentContext(post.frame), ...env });
    return { ...stepScope(frame, {}), contexts: seen.contexts };
  };
  await recorded(frame.job, post.name, (reporter, onStart) =>
    guarded(frame, post.action.postIf, scope, (cancel) => {
      onStart();
      return runNodeScript({ frame: post.frame, id, env, reporter, cancel }, post);
    }),
  );
}

/** Runs a `pre` or `post` script when its condition holds, and stops it when a cancel makes it no longer hold. */
async function guarded(
  frame: Frame,
  { expression, at }: Condition,
  scope: () => Scope,
  work: (cancel: AbortSignal) => Promise<TargetEnd>,
): Promise<StepEnd> {
  const { job } = frame;
  const holds = (): boolean => evaluateCondition(expression, scope(), at);
  if (job.killer.signal.aborted || !holds()) return skipped;
  const cancel = new AbortController();
  const stop = followCancel(job.canceller.signal, cancel, holds);
  try {
    const end = await work(cancel.signal);
    const outcome = cancel.signal.aborted ? 'cancelled' : end.succeeded ? 'success' : 'failure';
    if (outcome === 'failure') frame.fail();
    return { outcome, conclusion: outcome, exitCode: end.exitCode };
  } finally {
    stop();
  }
}

const skipped: StepEnd = { outcome: 'skipped', conclusion: 'skipped', exitCode: null };

/** Runs one step of the job with a reporter of its own and keeps its record. */
async function recorded(
  job: JobState,
  name: string,
  work: (reporter: Reporter, onStart: () => void) => Promise<StepEnd>,
): Promise<void> {
  const { run } = job;
  job.steps += 1;
  const number = job.steps;
  const reporter = createReporter(job, name, number);
  const started = run.now();
  const place = (): { job: string; step: string; number: number } => ({
    job: job.name,
    step: job.masks.mask(name),
    number,
  });
  let end: StepEnd = { outcome: 'failure', conclusion: 'failure', exitCode: null };
  try {
    end = await work(reporter, () => run.emit({ kind: 'step-started', ...place() }));
  } catch (error) {
    reporter.annotate('error', messageOf(error));
    if (job.status === 'success') job.status = 'failure';
  }
  const { outcome, conclusion, exitCode } = end;
  const seconds = (run.now() - started) / 1000;
  job.records.push({ name: job.masks.mask(name), conclusion, outcome, exitCode, seconds });
  run.emit({ kind: 'step-finished', ...place(), conclusion });
}
