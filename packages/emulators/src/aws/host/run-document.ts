import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { DocumentContent, DocumentStep } from '../ssm/document-content.ts';
import type { Host } from './host.ts';
import { combinedOutput, head, stderrLimit, stdoutLimit } from './output.ts';
import { runScript } from './script.ts';
import type { ScriptEnd } from './script.ts';
import { substituteLines, substituteText } from './substitution.ts';
import type { ParameterValues } from './substitution.ts';

export type StepStatus = 'Pending' | 'InProgress' | 'Success' | 'TimedOut' | 'Cancelled' | 'Failed';

/** What the agent reports of one step. */
export interface StepResult {
  readonly name: string;
  readonly status: StepStatus;
  /** -1 before the step has run. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
  /** Milliseconds since the epoch. */
  readonly started?: number;
  readonly finished?: number;
}

/** One document to run on a host. */
export interface DocumentRun {
  readonly commandId: string;
  readonly document: DocumentContent;
  readonly parameters: ParameterValues;
  readonly cancelled: AbortSignal;
  readonly died: AbortSignal;
  readonly millisecondsPerSecond: number;
  /** The value of a Parameter Store parameter, for `{{ssm:name}}` in command text. */
  readonly lookUp: (name: string) => string | undefined;
  readonly onStep: (index: number, result: StepResult) => void;
  readonly onScript: (pid: number) => void;
}

const rebootLimit = 10;
const notes = {
  168: '\nStep exited with code 168. Therefore, marking step as succeeded. Further document steps will be skipped.',
  169: '\nStep exited with code 169. Therefore, marking step as Failed. Further document steps will be skipped.',
  onFailure: '\nStep was found to have onFailure property. Further document steps will be skipped.',
};

export function pendingStep(step: DocumentStep): StepResult {
  return { name: step.name, status: 'Pending', code: -1, stdout: '', stderr: '', output: '' };
}

function statusOf(end: ScriptEnd): StepStatus {
  if (end.kind === 'cancelled') return 'Cancelled';
  if (end.kind === 'timed-out') return 'TimedOut';
  if (end.exitCode === 0) return 'Success';
  // The agent's own code for "stopped before its time"; a script that ends with 137 by itself looks the same.
  return end.exitCode === 137 ? 'TimedOut' : 'Failed';
}

function settle(step: DocumentStep, end: ScriptEnd, started: number): StepResult {
  const status = statusOf(end);
  const { exitCode: code, stdout, stderr } = end;
  const result = { name: step.name, started, finished: Date.now() };
  const output = combinedOutput(stdout, code === 168 ? '' : stderr);
  if (code === 168) {
    return { ...result, status: 'Success', code, stdout: stdout + notes[168], stderr: '', output };
  }
  const { onFailure } = step.inputs;
  const exits = onFailure === 'exit' || onFailure === 'successAndExit';
  const note = code === 169 ? notes[169] : status === 'Failed' && exits ? notes.onFailure : '';
  const hidden = status === 'Failed' && code !== 169 && onFailure === 'successAndExit';
  return {
    ...result,
    status: hidden ? 'Success' : status,
    code: hidden ? 168 : code,
    stdout: head(stdout + note, stdoutLimit),
    stderr: head(stderr + note, stderrLimit),
    output,
  };
}

/** What the agent says instead of running a step; `undefined` when it runs. */
function refusal(
  step: DocumentStep,
  run: DocumentRun,
  earlier: readonly { step: DocumentStep; result: StepResult }[],
  last: boolean,
): { status: 'Success' | 'Failed'; output: string } | undefined {
  const finallyStep = String(step.inputs.finallyStep ?? 'false') === 'true' && last;
  const stopped = earlier.some(
    ({ step: { inputs }, result }) =>
      result.code === 168 ||
      result.code === 169 ||
      (result.status === 'Failed' && inputs.onFailure === 'exit') ||
      (result.status === 'Success' && inputs.onSuccess === 'exit'),
  );
  if (stopped && !finallyStep) {
    const output = `Plugin with name ${step.action} and id ${step.name} skipped due to prior step with an exit condition`;
    return { status: 'Success', output };
  }
  if (step.action !== 'aws:runShellScript') {
    const foreign = step.action === 'aws:runPowerShellScript';
    const output = foreign
      ? `Step execution skipped due to unsupported plugin: ${step.action}. Step name: ${step.name}`
      : `Plugin with name ${step.action} is not supported by this version of ssm agent, please update to latest version. Step name: ${step.name}`;
    return { status: foreign ? 'Success' : 'Failed', output };
  }
  return preconditionRefusal(step, run.parameters);
}

function preconditionRefusal(
  step: DocumentStep,
  parameters: ParameterValues,
): { status: 'Success' | 'Failed'; output: string } | undefined {
  for (const [operator, operands] of Object.entries(step.precondition)) {
    const [left = '', right = '', ...more] = operands;
    if (operator !== 'StringEquals' || more.length > 0 || left === right) {
      const output = `Unrecognized precondition(s): '${operator}', please update agent to latest version. Step name: ${step.name}`;
      return { status: 'Failed', output };
    }
    const value = (operand: string): string =>
      operand === 'platformType' ? 'linux' : substituteText(operand, parameters);
    const onPlatform = left === 'platformType' || right === 'platformType';
    const [a, b] = [value(left), value(right)];
    const equal = onPlatform ? a.toLowerCase() === b.toLowerCase() : a === b;
    if (!equal) {
      const output = `Step execution skipped due to unsatisfied preconditions: '"${operator}": [${left}, ${right}]'. Step name: ${step.name}`;
      return { status: 'Success', output };
    }
  }
  return undefined;
}

/** The agent takes 5 to 172800 seconds and silently uses an hour for anything else. */
export function timeoutSeconds(step: DocumentStep, parameters: ParameterValues): number {
  const given = step.inputs.timeoutSeconds;
  const text = typeof given === 'string' ? substituteText(given, parameters) : String(given);
  const seconds = Math.trunc(Number(text));
  return seconds >= 5 && seconds <= 172_800 ? seconds : 3600;
}

function workingDirectory(step: DocumentStep, run: DocumentRun, host: Host, base: string): string {
  const wanted = substituteText(step.inputs.workingDirectory ?? '', run.parameters);
  if (isAbsolute(wanted)) return wanted;
  const relative = join(base, 'downloads', wanted);
  return wanted !== '' && existsSync(relative) ? relative : host.directory;
}

async function runStep(step: DocumentStep, run: DocumentRun, host: Host): Promise<ScriptEnd> {
  const base = join(
    host.directory,
    'var/lib/amazon/ssm',
    host.id,
    'document/orchestration',
    run.commandId,
  );
  const parts = [step.name, step.inputs.id ?? ''].map((part) => part.replaceAll(':', ''));
  const lines = substituteLines(step.inputs.runCommand ?? [], run.parameters);
  const timeout = timeoutSeconds(step, run.parameters) * run.millisecondsPerSecond;
  for (let attempt = 0; ; attempt += 1) {
    const end = await runScript({
      directory: join(base, ...parts),
      lines: lines.map((line) => resolveStore(line, run.lookUp)),
      cwd: workingDirectory(step, run, host, base),
      env: { ...host.environment, ...step.inputs.environment, SSM_COMMAND_ID: run.commandId },
      timeout,
      cancelled: run.cancelled,
      died: run.died,
      onStart: run.onScript,
    });
    // 194 asks for a reboot, after which the agent runs the same script again.
    if (end.kind !== 'ended' || end.exitCode !== 194 || attempt === rebootLimit) return end;
    await host.killAll();
  }
}

const storeReference = /\{\{\s*ssm:([^\s}]+)\s*\}\}/gu;

function resolveStore(line: string, lookUp: DocumentRun['lookUp']): string {
  return line.replaceAll(storeReference, (found, name: string) => lookUp(name) ?? found);
}

function unresolved(run: DocumentRun): string[] {
  const lines = run.document.steps.flatMap((step) =>
    substituteLines(step.inputs.runCommand ?? [], run.parameters),
  );
  const names = lines.flatMap((line) =>
    [...line.matchAll(storeReference)].map((match) => match[1] ?? ''),
  );
  return names.filter((name) => run.lookUp(name) === undefined);
}

/** Runs the steps of a document one after the other, as the agent does. Returns false when the host died meanwhile. */
export async function runDocument(run: DocumentRun, host: Host): Promise<boolean> {
  const { steps } = run.document;
  const missing = unresolved(run);
  const earlier: { step: DocumentStep; result: StepResult }[] = [];
  for (const [index, step] of steps.entries()) {
    const started = Date.now();
    const refused =
      missing.length > 0
        ? { status: 'Failed' as const, output: `Parameters [${missing.join(', ')}] not found.` }
        : refusal(step, run, earlier, index === steps.length - 1);
    let result: StepResult;
    if (refused === undefined) {
      run.onStep(index, { ...pendingStep(step), status: 'InProgress', started });
      const end = await runStep(step, run, host);
      if (end.kind === 'died') return false;
      result = settle(step, end, started);
    } else {
      const { status, output } = refused;
      const code = status === 'Failed' ? 1 : 0;
      result = { ...pendingStep(step), status, code, output, started, finished: Date.now() };
    }
    const skipped = refused?.status === 'Success';
    if (!skipped) earlier.push({ step, result });
    run.onStep(index, result);
  }
  return true;
}
