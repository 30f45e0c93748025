import { messageOf } from '../errors.ts';
import { evaluateCondition } from '../expressions/evaluate.ts';
import type { PlannedStep } from '../plan/load-actions.ts';
import type { NodeAction } from '../syntax/action-file.ts';
import type { UsesWork } from '../syntax/workflow-file.ts';
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
  const { job } = frame;
  const name = stepName(planned, stepScope(frame, environmentContext(frame)));
  const { action, work, script, state } = pre;
  await recorded(job, `Pre ${name}`, async (reporter, onStart) => {
    const scope = stepScope(frame, environmentContext(frame));
    if (!evaluateCondition(action.preIf.expression, scope, action.preIf.at)) return skipped;
    onStart();
    const step: StepRun = {
      frame,
      id: planned.spec.id,
      env: {},
      reporter,
      cancel: job.canceller.signal,
    };
    const end = await runNodePre({ step, name, action, work, saved: state }, script, scope);
    return concluded(end, frame);
  });
}

async function runPost(post: PostStep, frame: Frame): Promise<void> {
  const { job } = frame;
  await recorded(job, post.name, async (reporter, onStart) => {
    if (job.killer.signal.aborted) return skipped;
    const env = { ...environmentContext(post.frame), ...post.env };
    // A post script looks at the job, also when its action ran inside a composite one.
    const scope = { ...stepScope(frame, env), contexts: stepScope(post.frame, env).contexts };
    const { postIf } = post.action;
    if (!evaluateCondition(postIf.expression, scope, postIf.at)) return skipped;
    onStart();
    // It must be able to clean up after a cancel, so only a cancel that comes now stops it.
    const cancel = job.canceller.signal.aborted ? job.killer.signal : job.canceller.signal;
    const step: StepRun = { frame: post.frame, id: post.id, env: post.env, reporter, cancel };
    return concluded(await runNodeScript(step, post), frame);
  });
}

const skipped: StepEnd = { outcome: 'skipped', conclusion: 'skipped', exitCode: null };

function concluded(end: TargetEnd, frame: Frame): StepEnd {
  const outcome = end.succeeded ? 'success' : 'failure';
  if (outcome === 'failure') frame.fail();
  return { outcome, conclusion: outcome, exitCode: end.exitCode };
}

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
