import { messageOf, UnsupportedSyntaxError } from '../errors.ts';
import { toText } from '../expressions/data.ts';
import {
  evaluateCondition,
  evaluateNode,
  evaluateText,
  evaluateTexts,
} from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import { planWorkspaceAction } from '../plan/load-actions.ts';
import type { PlannedStep, StepTarget } from '../plan/load-actions.ts';
import type { Conclusion } from '../platform.ts';
import type { CompositeAction } from '../syntax/action-file.ts';
import { literalText } from '../syntax/node.ts';
import { actionInputs } from './action-inputs.ts';
import { followCancel, startTimeout, timeoutMinutes } from './cancellation.ts';
import { runNodeMain } from './node-step.ts';
import { environmentContext } from './process-environment.ts';
import type { Reporter } from './reporter.ts';
import { runScript } from './script-step.ts';
import { stepScope } from './scopes.ts';
import { runStandIn } from './stand-in-step.ts';
import type { Frame, StepRun } from './state.ts';
import type { TargetEnd } from './target-end.ts';

export interface StepEnd {
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly exitCode: number | null;
}

/** What a step needs to know from outside. */
export interface StepPlace {
  readonly frame: Frame;
  readonly name: string;
  readonly reporter: Reporter;
  /** Aborts when the composite action around it is out of time. */
  readonly outer?: AbortSignal;
  /** Called when the step's condition holds, before its work begins. */
  readonly onStart?: () => void;
  /** What `pre` scripts have saved, by the step they belong to. */
  readonly saved: Map<PlannedStep, Record<string, string>>;
}

/** Runs one step of a job or of a composite action and records it in the frame. */
export async function runStep(planned: PlannedStep, place: StepPlace): Promise<StepEnd> {
  const { frame } = place;
  const { spec } = planned;
  const { end, outputs } = await attempt(planned, place);
  frame.steps[spec.id] = { outputs, outcome: end.outcome, conclusion: end.conclusion };
  if (end.conclusion === 'failure') frame.fail();
  return end;
}

/** The name that GitHub shows for a step. */
export function stepName(planned: PlannedStep, scope: Scope): string {
  const { name, work } = planned.spec;
  try {
    if (name !== undefined) return evaluateText(name, scope);
    if (work.kind === 'uses') return `Run ${work.uses}`;
    const [firstLine = ''] = (literalText(work.script) ?? evaluateText(work.script, scope))
      .trim()
      .split('\n');
    return `Run ${firstLine}`;
  } catch {
    // The step itself will fail with the reason; its name need not.
    return work.kind === 'uses' ? `Run ${work.uses}` : 'Run';
  }
}

interface Attempt {
  readonly end: StepEnd;
  readonly outputs: Readonly<Record<string, string>>;
}

const skipped: Attempt = {
  end: { outcome: 'skipped', conclusion: 'skipped', exitCode: null },
  outputs: {},
};

function failure(continues: boolean): Attempt {
  const conclusion = continues ? 'success' : 'failure';
  return { end: { outcome: 'failure', conclusion, exitCode: null }, outputs: {} };
}

async function attempt(planned: PlannedStep, place: StepPlace): Promise<Attempt> {
  const ready = await prepare(planned, place);
  if (ready === 'skipped') return skipped;
  if ('failed' in ready) return failure(ready.continues);
  const { end, stopped } = await perform(planned, place, ready);
  if (stopped === 'timeout') {
    const text = `The action '${place.name}' has timed out after ${ready.minutes} minutes.`;
    place.reporter.annotate('error', text);
  }
  const isCancelled = end.cancelled === true || stopped === 'cancel';
  const jobCancelled = place.frame.job.status === 'cancelled';
  const ended = end.succeeded && stopped === undefined ? 'success' : 'failure';
  const outcome = isCancelled && jobCancelled ? 'cancelled' : ended;
  const conclusion = outcome === 'failure' && ready.continues ? 'success' : outcome;
  return { end: { outcome, conclusion, exitCode: end.exitCode }, outputs: end.outputs };
}

interface Performance {
  readonly end: TargetEnd;
  /** What cut the step short. */
  readonly stopped: 'cancel' | 'timeout' | undefined;
}

/** Does the work of a step under its clock, and stops it when it is cancelled. */
async function perform(
  planned: PlannedStep,
  place: StepPlace,
  ready: ReadyStep,
): Promise<Performance> {
  const { frame, reporter, outer } = place;
  const cancel = new AbortController();
  // A composite action is not stopped as a whole: each of its steps decides by its own condition.
  const isComposite = ready.target.kind === 'composite';
  const stops = [
    followCancel(frame.job.canceller.signal, cancel, () => isComposite || ready.holds()),
    ...(outer === undefined ? [] : [followCancel(outer, cancel, () => false)]),
  ];
  place.onStart?.();
  const timeout = startTimeout(ready.minutes, () => cancel.abort());
  const { signal } = cancel;
  const step: StepRun = { frame, id: planned.spec.id, env: ready.env, reporter, cancel: signal };
  let end: TargetEnd = { succeeded: false, exitCode: null, outputs: {} };
  try {
    end = await runTarget(planned, ready.target, { place, step, scope: ready.scope });
  } catch (error) {
    if (!signal.aborted) reportFailure(reporter, error);
  } finally {
    timeout.stop();
    for (const stop of stops) stop();
  }
  const stopped = timeout.expired() ? 'timeout' : signal.aborted ? 'cancel' : undefined;
  return { end, stopped };
}

/** A step whose keys have been evaluated and whose condition holds. */
interface ReadyStep {
  readonly env: Readonly<Record<string, string>>;
  readonly scope: Scope;
  readonly target: StepTarget;
  readonly continues: boolean;
  readonly minutes: number | undefined;
  /** Whether the condition holds as things are now. */
  holds(): boolean;
}

/** A step that failed before its work began. */
interface FailedStep {
  readonly failed: true;
  readonly continues: boolean;
}

async function prepare(
  planned: PlannedStep,
  place: StepPlace,
): Promise<ReadyStep | FailedStep | 'skipped'> {
  const { spec } = planned;
  const { frame } = place;
  if (place.outer?.aborted === true || frame.job.killer.signal.aborted) return 'skipped';
  let continues = false;
  try {
    const before = environmentContext(frame);
    const env = evaluateTexts(spec.env, stepScope(frame, before));
    const scope = stepScope(frame, { ...before, ...env });
    const { expression, at } = spec.condition;
    const holds = (): boolean =>
      evaluateCondition(expression, stepScope(frame, { ...before, ...env }), at);
    if (!holds()) return 'skipped';
    continues =
      spec.continueOnError !== undefined &&
      toText(evaluateNode(spec.continueOnError, scope)) === 'true';
    const target = await resolveTarget(planned, frame);
    const minutes = timeoutMinutes(spec.timeoutMinutes, scope);
    return { env, scope, target, continues, minutes, holds };
  } catch (error) {
    reportFailure(place.reporter, error);
    return { failed: true, continues };
  }
}

/** `./` actions can only be read now that the workspace holds them. */
function resolveTarget({ target, origin }: PlannedStep, { job }: Frame): Promise<StepTarget> {
  if (target.kind !== 'workspace') return Promise.resolve(target);
  const { workspace } = job.directories;
  return planWorkspaceAction(job.run.options, origin, workspace, target.work);
}

interface Work {
  readonly place: StepPlace;
  readonly step: StepRun;
  readonly scope: Scope;
}

async function runTarget(planned: PlannedStep, target: StepTarget, work: Work): Promise<TargetEnd> {
  const { step, scope, place } = work;
  if (target.kind === 'run') return runScript(step, target.work, scope);
  if (target.kind === 'stand-in') return runStandIn(step, target, scope);
  if (target.kind === 'node24') {
    const saved = place.saved.get(planned) ?? {};
    const { name } = place;
    return runNodeMain({ step, name, action: target.action, work: target.work, saved }, scope);
  }
  if (target.kind === 'composite') return runComposite(target, work);
  throw new Error(`${target.work.uses} was not resolved`);
}

/** Runs the steps of a composite action in a frame of their own. */
async function runComposite(
  target: Extract<StepTarget, { kind: 'composite' }>,
  { place, step, scope }: Work,
): Promise<TargetEnd> {
  const { action } = target;
  const { frame, reporter } = step;
  const { job } = frame;
  let hasFailed = false;
  let cancelled = false;
  const inner: Frame = {
    job,
    inputs: actionInputs(action, target.work, scope, reporter),
    env: { ...frame.env, ...step.env },
    github: {
      ...frame.github,
      action_path: action.directory,
      action_repository: action.origin.repository,
      action_ref: action.origin.ref,
    },
    steps: {},
    status: () => (job.status === 'cancelled' ? 'cancelled' : hasFailed ? 'failure' : 'success'),
    fail: () => {
      hasFailed = true;
    },
  };
  for (const planned of target.steps) {
    const name = stepName(planned, stepScope(inner, environmentContext(inner)));
    const { saved } = place;
    const end = await runStep(planned, { frame: inner, name, reporter, outer: step.cancel, saved });
    cancelled ||= end.outcome === 'cancelled';
  }
  const outputs = compositeOutputs(action, inner);
  return { succeeded: !hasFailed && !cancelled, exitCode: null, outputs, cancelled };
}

function compositeOutputs(action: CompositeAction, frame: Frame): Readonly<Record<string, string>> {
  const scope = stepScope(frame, environmentContext(frame));
  return Object.fromEntries(
    action.outputs.map(({ name, value }) => [name, evaluateText(value, scope)]),
  );
}

function reportFailure(reporter: Reporter, error: unknown): void {
  if (error instanceof UnsupportedSyntaxError) {
    for (const problem of error.problems) reporter.annotate('error', problem);
    return;
  }
  reporter.annotate('error', messageOf(error));
}
