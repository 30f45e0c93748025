import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultBook } from '../faults.ts';
import type { Host } from '../host/host.ts';
import { pendingStep, runDocument } from '../host/run-document.ts';
import type { StepResult } from '../host/run-document.ts';
import type { Fault } from '../options.ts';
import type { Invocation } from './command.ts';
import { documentState, isTerminal } from './command-state.ts';
import type { InvocationState } from './command-state.ts';

type HostFault = Extract<Fault, { kind: 'host-death' | 'late-result' | 'false-failure' }>;

/** What the work on one invocation needs of the agent that does it. */
export interface WorkContext {
  readonly host: Host;
  readonly millisecondsPerSecond: number;
  readonly faults: FaultBook;
  readonly lookUp: (name: string) => string | undefined;
  /** Aborts when the host loses its power. */
  readonly power: AbortSignal;
  /** Tells SSM something: now, or when the agent is up again. */
  readonly report: (say: () => void) => void;
  readonly settle: (invocation: Invocation, state: InvocationState) => void;
  readonly powerOff: () => Promise<void>;
}

function pick<K extends HostFault['kind']>(
  faults: readonly HostFault[],
  kind: K,
): Extract<HostFault, { kind: K }> | undefined {
  return faults.find((one): one is Extract<HostFault, { kind: K }> => one.kind === kind);
}

/** Calls `strike` once, as soon as the file is there; returns how to stop looking. */
function whenFileAppears(file: string, strike: () => void): () => void {
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(timer);
    strike();
  }, 2);
  return () => clearInterval(timer);
}

/** Arms the death of a host: at once when the script runs, or when a file appears. */
function armDeath(
  fault: Extract<HostFault, { kind: 'host-death' }> | undefined,
  context: WorkContext,
): { onScript: () => void; over: () => Promise<void> } {
  const watches: (() => void)[] = [];
  let death: Promise<void> | undefined;
  const strike = (): void => {
    death ??= context.powerOff();
  };
  return {
    onScript: () => {
      if (fault === undefined) return;
      if (fault.file === undefined) strike();
      else watches.push(whenFileAppears(join(context.host.directory, fault.file), strike));
    },
    over: async () => {
      for (const end of watches) end();
      await death;
    },
  };
}

function crashed(invocation: Invocation): StepResult[] {
  return invocation.command.content.steps.map((step) => ({
    ...pendingStep(step),
    status: 'Failed',
    code: 1,
  }));
}

/** Runs one invocation's document on the host, and reports as the agent does, under the faults that strike it. */
export async function work(invocation: Invocation, context: WorkContext): Promise<void> {
  const { command } = invocation;
  const faults = context.faults.takeForHost({
    host: context.host.id,
    document: command.document.name,
    parameters: command.given,
  });
  const late = pick(faults, 'late-result');
  const falseFailure = pick(faults, 'false-failure');
  const death = armDeath(pick(faults, 'host-death'), context);
  const steps = [...invocation.steps];
  const alive = await runDocument(
    {
      commandId: command.id,
      document: command.content,
      parameters: command.parameters,
      cancelled: invocation.cancel.signal,
      died: context.power,
      millisecondsPerSecond: context.millisecondsPerSecond,
      lookUp: context.lookUp,
      onStep: (index, result) => {
        steps[index] = result;
        if (late !== undefined || falseFailure !== undefined) return;
        context.report(() => {
          if (!isTerminal(invocation.state)) invocation.steps[index] = result;
        });
      },
      onScript: death.onScript,
    },
    context.host,
  );
  await death.over();
  if (!alive) return;
  const tell = (): void => {
    if (isTerminal(invocation.state)) return;
    invocation.steps = falseFailure === undefined ? steps : crashed(invocation);
    context.settle(invocation, documentState(invocation.steps));
  };
  context.report(() => {
    if (late === undefined) tell();
    else invocation.late = { reads: late.reads, apply: tell };
  });
}
