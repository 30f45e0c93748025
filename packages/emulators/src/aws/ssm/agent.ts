import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultBook } from '../faults.ts';
import type { Host } from '../host/host.ts';
import { pendingStep, runDocument } from '../host/run-document.ts';
import type { Fault } from '../options.ts';
import type { Invocation } from './command.ts';
import { documentState, isTerminal } from './command-state.ts';
import type { InvocationState } from './command-state.ts';

/** Commands that one agent runs at a time, and how many more it keeps; the rest stays with the service. */
const workers = 5;
const buffer = 5;

export interface AgentOptions {
  readonly millisecondsPerSecond: number;
  readonly faults: FaultBook;
  readonly lookUp: (name: string) => string | undefined;
  readonly acknowledge: (invocation: Invocation) => void;
  readonly settle: (invocation: Invocation, state: InvocationState) => void;
}

/** The SSM agent of one host, and the messages that wait for it. */
export interface Agent {
  readonly send: (invocation: Invocation) => void;
  /** To be called after `host.state` was set. */
  readonly stateChanged: () => Promise<void>;
  readonly stop: () => void;
}

type Strike = Exclude<Fault, { kind?: 'error' | 'lost-request' | 'lost-reply' }>;

function pickFault<K extends Strike['kind']>(
  strikes: readonly Strike[],
  kind: K,
): Extract<Strike, { kind: K }> | undefined {
  return strikes.find((one): one is Extract<Strike, { kind: K }> => one.kind === kind);
}

/** Calls `strike` once, as soon as the file is there. */
function whenFileAppears(file: string, strike: () => void): () => void {
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(timer);
    strike();
  }, 2);
  return () => clearInterval(timer);
}

export function createAgent(host: Host, options: AgentOptions): Agent {
  let inbox: Invocation[] = [];
  let buffered: Invocation[] = [];
  let held: (() => void)[] = [];
  let running = 0;
  let stopped = false;
  let power = new AbortController();

  /** Only an agent that is up can report; what it could not say it says when it is up again. */
  function report(say: () => void): void {
    if (host.state === 'online') say();
    else held.push(say);
  }

  async function powerOff(): Promise<void> {
    host.state = 'silent';
    power.abort();
    power = new AbortController();
    buffered = [];
    held = [];
    await host.killAll();
  }

  function finish(invocation: Invocation, strikes: readonly Strike[]): void {
    const crashed = pickFault(strikes, 'false-failure') !== undefined;
    if (crashed) {
      invocation.steps = invocation.command.content.steps.map((step) => ({
        ...pendingStep(step),
        status: 'Failed',
        code: 1,
      }));
    }
    const state = crashed ? 'Failed' : documentState(invocation.steps);
    options.settle(invocation, state);
  }

  async function work(invocation: Invocation): Promise<void> {
    const { command } = invocation;
    const strikes = options.faults.takeForHost({
      host: host.id,
      document: command.document.name,
      parameters: command.given,
    });
    const death = pickFault(strikes, 'host-death');
    const late = pickFault(strikes, 'late-result');
    const steps = [...invocation.steps];
    const watches: (() => void)[] = [];
    let struck: Promise<void> | undefined;
    const strike = (): void => {
      struck ??= powerOff();
    };
    const alive = await runDocument(
      {
        commandId: command.id,
        document: command.content,
        parameters: command.parameters,
        cancelled: invocation.cancel.signal,
        died: power.signal,
        millisecondsPerSecond: options.millisecondsPerSecond,
        lookUp: options.lookUp,
        onStep: (index, result) => {
          steps[index] = result;
          if (late !== undefined || isTerminal(invocation.state)) return;
          report(() => {
            invocation.steps[index] = result;
          });
        },
        onScript: () => {
          if (death === undefined) return;
          if (death.file === undefined) strike();
          else watches.push(whenFileAppears(join(host.directory, death.file), strike));
        },
      },
      host,
    );
    for (const end of watches) end();
    await struck;
    if (!alive || stopped) return;
    const tell = (): void => {
      if (isTerminal(invocation.state)) return;
      invocation.steps = steps;
      finish(invocation, strikes);
    };
    report(() => {
      if (late === undefined) tell();
      else invocation.late = { reads: late.reads, apply: tell };
    });
  }

  function startNext(): void {
    while (!stopped && running < workers && buffered.length > 0) {
      const invocation = buffered.shift();
      if (invocation === undefined) return;
      running += 1;
      void work(invocation)
        .catch((error: unknown) => {
          // Such as a directory of the host that somebody took away.
          invocation.steps = invocation.steps.map((step) => ({
            ...step,
            status: 'Failed',
            code: 1,
            output: String(error),
          }));
          options.settle(invocation, 'Failed');
        })
        .finally(() => {
          running -= 1;
          receive();
        });
    }
  }

  function receive(): void {
    inbox = inbox.filter((one) => !isTerminal(one.state));
    while (host.state === 'online' && inbox.length > 0) {
      startNext();
      if (buffered.length >= buffer) return;
      const invocation = inbox.shift();
      if (invocation === undefined) return;
      buffered.push(invocation);
      options.acknowledge(invocation);
    }
    startNext();
  }

  return {
    send: (invocation) => {
      inbox.push(invocation);
      receive();
    },
    stateChanged: async () => {
      if (host.state === 'terminated') {
        await powerOff();
        host.state = 'terminated';
      }
      if (host.state !== 'online') return;
      host.lastPing = Date.now();
      const waiting = held;
      held = [];
      for (const say of waiting) say();
      receive();
    },
    stop: () => {
      stopped = true;
      inbox = [];
      buffered = [];
      power.abort();
    },
  };
}
