import { evaluateTexts } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { StepTarget } from '../plan/load-actions.ts';
import { processEnvironment } from './process-environment.ts';
import type { StepRun } from './state.ts';
import type { TargetEnd } from './target-end.ts';

type StandInTarget = Extract<StepTarget, { kind: 'stand-in' }>;

/** Runs a stand-in inside this process, with the same rights and duties as the action it replaces. */
export async function runStandIn(
  step: StepRun,
  { name, standIn, work }: StandInTarget,
  scope: Scope,
): Promise<TargetEnd> {
  const { job } = step.frame;
  const { run } = job;
  const { reporter } = step;
  run.standInsUsed.add(work.uses);
  reporter.log(`${name} runs as the engine's stand-in`);
  const given = Object.entries(evaluateTexts(work.with, scope));
  const known = standIn.inputs.map((input) => [input.toLowerCase(), ''] as const);
  const named = given.map(([key, value]) => [key.toLowerCase(), value] as const);
  const outputs: Record<string, string> = {};
  await standIn.run({
    inputs: Object.fromEntries([...known, ...named]),
    env: processEnvironment(step, {}),
    workspace: job.directories.workspace,
    temp: job.directories.temp,
    node24: run.options.node24,
    github: job.contexts.github,
    artifacts: run.artifacts,
    tree: (ref) => run.options.repository.directory(ref),
    signal: AbortSignal.any([step.cancel, job.killer.signal]),
    log: (line) => reporter.log(line),
    warning: (message) => reporter.annotate('warning', message),
    setOutput(key, value) {
      outputs[key] = value;
    },
    exportVariable(key, value) {
      job.env = { ...job.env, [key]: value };
    },
    addMask(value) {
      job.masks.add(value);
    },
    addPath(directory) {
      job.paths = [directory, ...job.paths];
    },
  });
  return { succeeded: true, exitCode: null, outputs };
}
