import { createCommandReader } from '../commands/workflow-commands.ts';
import type { LineEffect } from '../commands/workflow-commands.ts';
import { runProcess } from '../process/run-process.ts';
import { processEnvironment } from './process-environment.ts';
import { applyStepFiles, createStepFiles } from './step-files.ts';
import type { JobState, StepRun } from './state.ts';
import type { Reporter } from './reporter.ts';

/** A program of a step: a shell with its script, or Node with an action. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProgramEnd {
  readonly succeeded: boolean;
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
}

/** Runs one program of a step and obeys the commands it prints and writes. @throws Error when it cannot be started. */
export async function runProgram(step: StepRun, program: Program): Promise<ProgramEnd> {
  const { job } = step.frame;
  const files = await createStepFiles(job);
  const read = createCommandReader();
  let refused = false;
  const end = await runProcess({
    command: program.command,
    args: program.args,
    cwd: program.cwd,
    env: processEnvironment(step, { ...files.env, ...program.env }),
    onLine: (line) => {
      const effect = read(line);
      refused ||= effect.kind === 'refused';
      applyLine(effect, job, step.reporter);
    },
    onStart: (group) => job.processGroups.push(group),
    cancel: step.cancel,
    kill: job.killer.signal,
    grace: job.run.grace,
  });
  const { outputs, state, failed } = await applyStepFiles(job, files, step.reporter);
  const succeeded = end.exitCode === 0 && !refused && !failed;
  return { succeeded, exitCode: end.exitCode, outputs, state };
}

function applyLine(effect: LineEffect, job: JobState, reporter: Reporter): void {
  switch (effect.kind) {
    case 'text':
      reporter.log(effect.text);
      break;
    case 'annotation':
      reporter.annotate(effect.level, effect.message, effect.properties);
      break;
    case 'mask':
      if (!job.masks.add(effect.value)) {
        reporter.annotate(
          'warning',
          "Can't add secret mask for empty string in ##[add-mask] command.",
        );
      }
      break;
    case 'debug':
      reporter.log(`##[debug]${effect.message}`);
      break;
    case 'refused':
      reporter.annotate('error', effect.message);
      break;
    case 'none':
      break;
  }
}
