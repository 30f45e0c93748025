import { randomUUID } from 'node:crypto';
import { access, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { evaluateText } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { Node } from '../syntax/node.ts';
import type { Defaults, RunWork } from '../syntax/workflow-file.ts';
import { processEnvironment } from './process-environment.ts';
import { runProgram } from './run-program.ts';
import { defaultShell, shellCommand } from './shell.ts';
import type { StepRun } from './state.ts';
import type { TargetEnd } from './target-end.ts';

/** Runs a `run:` step. */
export async function runScript(step: StepRun, work: RunWork, scope: Scope): Promise<TargetEnd> {
  const { job } = step.frame;
  const text = (node: Node | undefined): string =>
    node === undefined ? '' : evaluateText(node, scope);
  const setting = (key: keyof Defaults): string =>
    text(work[key] ?? job.defaults.find((defaults) => defaults[key] !== undefined)?.[key]);
  const name = setting('shell');
  const shell =
    name === '' ? await defaultShell(processEnvironment(step, {}).PATH ?? '') : shellCommand(name);
  const script = join(job.directories.temp, `${randomUUID()}${shell.extension}`);
  await writeFile(script, `${evaluateText(work.script, scope)}\n`);
  const cwd = resolve(job.directories.workspace, setting('workingDirectory'));
  // Without this check the system would say that the shell does not exist.
  await access(cwd).catch(() => {
    throw new Error(`The working directory '${cwd}' does not exist`);
  });
  const end = await runProgram(step, {
    command: shell.command,
    args: shell.args.map((arg) => arg.replaceAll('{0}', script)),
    cwd,
    env: {},
  });
  await rm(script, { force: true });
  if (end.exitCode !== 0 && !step.cancel.aborted) {
    const code = end.exitCode === null ? 'a signal' : `exit code ${end.exitCode}`;
    step.reporter.annotate('error', `Process completed with ${code}.`);
  }
  return end;
}
