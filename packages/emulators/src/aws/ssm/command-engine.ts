import type { FaultBook } from '../faults.ts';
import type { Host, HostState } from '../host/host.ts';
import { createAgent } from './agent.ts';
import type { Agent } from './agent.ts';
import { countErrors, isTerminal } from './command-state.ts';
import type { InvocationState } from './command-state.ts';
import type { Command, Invocation } from './command.ts';

export interface EngineOptions {
  readonly millisecondsPerSecond: number;
  readonly faults: FaultBook;
  readonly lookUp: (name: string) => string | undefined;
}

/** SSM's side of Run Command: sends, counts, expires and cancels. */
export interface CommandEngine {
  readonly start: (command: Command) => void;
  readonly cancel: (command: Command, invocations: readonly Invocation[]) => void;
  readonly setState: (host: Host, state: HostState) => Promise<void>;
  /** Resolves when every invocation of the command is in a terminal state. */
  readonly settled: (command: Command) => Promise<void>;
  /** Drops every timer and every wish to run something. */
  readonly stop: () => void;
}

const longestTimer = 2 ** 31 - 1;

export function createCommandEngine(options: EngineOptions): CommandEngine {
  const agents = new Map<string, Agent>();
  const timers = new Set<NodeJS.Timeout>();
  const waiters = new Map<Command, (() => void)[]>();
  const ramps = new Map<Command, number>();
  let stopped = false;

  const agentOf = (host: Host): Agent => {
    const agent = agents.get(host.id) ?? createAgent(host, { ...options, settle, acknowledge });
    agents.set(host.id, agent);
    return agent;
  };

  function settle(invocation: Invocation, state: InvocationState): void {
    if (isTerminal(invocation.state)) return;
    invocation.state = state;
    invocation.late = undefined;
    const { command } = invocation;
    pump(command);
    if (command.invocations.every((one) => isTerminal(one.state))) {
      ramps.delete(command);
      for (const done of waiters.get(command) ?? []) done();
      waiters.delete(command);
    }
  }

  function acknowledge(invocation: Invocation): void {
    invocation.accepted = true;
    invocation.state = 'InProgress';
    // One host first, then two, then four: every acknowledgement lets two more go (user guide, concurrency controls).
    const { command } = invocation;
    ramps.set(command, Math.min((ramps.get(command) ?? 1) + 2, command.window));
    pump(command);
  }

  function dispatch(invocation: Invocation): void {
    invocation.dispatched = true;
    if (invocation.host.state === 'terminated') return settle(invocation, 'Undeliverable');
    if (invocation.host.state !== 'online') invocation.state = 'Delayed';
    agentOf(invocation.host).send(invocation);
  }

  function next(command: Command): Invocation | undefined {
    // A host that cannot be reached must not hold up those behind it.
    const busy = command.invocations.filter(
      (one) => one.dispatched && !isTerminal(one.state) && one.state !== 'Delayed',
    ).length;
    if (busy >= Math.min(ramps.get(command) ?? 1, command.window)) return undefined;
    return command.invocations.find((one) => !one.dispatched && !isTerminal(one.state));
  }

  function pump(command: Command): void {
    while (!stopped) {
      const invocation = next(command);
      if (invocation === undefined) return;
      const errors = countErrors(command.invocations.map((one) => one.state));
      // More errors than MaxErrors: what is under way ends, what was not sent is terminated.
      if (errors > command.errorLimit) settle(invocation, 'Terminated');
      else dispatch(invocation);
    }
  }

  function expire(command: Command): void {
    for (const one of command.invocations) {
      one.dispatched = true;
      settle(one, 'DeliveryTimedOut');
    }
  }

  return {
    start: (command) => {
      const total = (command.expires - command.requested) / 1000;
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          expire(command);
        },
        Math.min(total * options.millisecondsPerSecond, longestTimer),
      );
      timers.add(timer);
      // After the reply, so that a send is always seen as Pending first.
      setImmediate(() => pump(command));
    },
    cancel: (command, invocations) => {
      if (invocations.length === command.invocations.length) command.cancelled = true;
      for (const one of invocations) {
        if (isTerminal(one.state)) continue;
        one.cancel.abort();
        if (one.accepted) one.state = 'Cancelling';
        else settle(one, 'Cancelled');
      }
    },
    setState: async (host, state) => {
      host.state = state;
      await agentOf(host).stateChanged();
    },
    settled: (command) =>
      command.invocations.every((one) => isTerminal(one.state))
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.set(command, [...(waiters.get(command) ?? []), resolve]);
          }),
    stop: () => {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      for (const agent of agents.values()) agent.stop();
    },
  };
}
