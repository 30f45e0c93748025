import type { FaultBook } from '../faults.ts';
import type { Host, HostState } from '../host/host.ts';
import { createAgent, sendTo, stateChanged, stopAgent } from './agent.ts';
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
  /** Drops every timer, stops every script; resolves when nothing runs any more. */
  readonly stop: () => Promise<void>;
}

interface Engine {
  readonly options: EngineOptions;
  readonly agents: Map<string, Agent>;
  readonly timers: Set<NodeJS.Timeout>;
  readonly waiters: Map<Command, (() => void)[]>;
  /** How many invocations of a command may be under way so far. */
  readonly ramps: Map<Command, number>;
  stopped: boolean;
}

const longestTimer = 2 ** 31 - 1;

function agentOf(engine: Engine, host: Host): Agent {
  const known = engine.agents.get(host.id);
  if (known !== undefined) return known;
  const agent = createAgent(host, {
    ...engine.options,
    settle: (invocation, state) => settle(engine, invocation, state),
    acknowledge: (invocation) => acknowledge(engine, invocation),
  });
  engine.agents.set(host.id, agent);
  return agent;
}

function settle(engine: Engine, invocation: Invocation, state: InvocationState): void {
  if (isTerminal(invocation.state)) return;
  invocation.state = state;
  invocation.late = undefined;
  const { command } = invocation;
  pump(engine, command);
  if (!command.invocations.every((one) => isTerminal(one.state))) return;
  engine.ramps.delete(command);
  for (const done of engine.waiters.get(command) ?? []) done();
  engine.waiters.delete(command);
}

function acknowledge(engine: Engine, invocation: Invocation): void {
  const { command } = invocation;
  invocation.accepted = true;
  invocation.state = 'InProgress';
  // One host first; every acknowledgement lets two more go, up to MaxConcurrency (user guide, "Run commands at scale").
  engine.ramps.set(command, Math.min((engine.ramps.get(command) ?? 1) + 2, command.window));
  pump(engine, command);
}

function dispatch(engine: Engine, invocation: Invocation): void {
  invocation.dispatched = true;
  if (invocation.host.state === 'terminated') return settle(engine, invocation, 'Undeliverable');
  if (invocation.host.state !== 'online') invocation.state = 'Delayed';
  return sendTo(agentOf(engine, invocation.host), invocation);
}

function nextToSend(engine: Engine, command: Command): Invocation | undefined {
  // A host that cannot be reached must not hold up those behind it.
  const busy = command.invocations.filter(
    (one) => one.dispatched && !isTerminal(one.state) && one.state !== 'Delayed',
  ).length;
  if (busy >= Math.min(engine.ramps.get(command) ?? 1, command.window)) return undefined;
  return command.invocations.find((one) => !one.dispatched && !isTerminal(one.state));
}

function pump(engine: Engine, command: Command): void {
  while (!engine.stopped) {
    const errors = countErrors(command.invocations.map((one) => one.state));
    const unsent = command.invocations.find((one) => !one.dispatched && !isTerminal(one.state));
    // More errors than MaxErrors: what is under way ends, what was not sent is terminated.
    if (errors > command.errorLimit && unsent !== undefined) {
      settle(engine, unsent, 'Terminated');
      continue;
    }
    const invocation = nextToSend(engine, command);
    if (invocation === undefined) return;
    dispatch(engine, invocation);
  }
}

function start(engine: Engine, command: Command): void {
  const total = (command.expires - command.requested) / 1000;
  const expire = (): void => {
    engine.timers.delete(timer);
    for (const one of command.invocations) {
      one.dispatched = true;
      settle(engine, one, 'DeliveryTimedOut');
    }
  };
  const wait = Math.min(total * engine.options.millisecondsPerSecond, longestTimer);
  const timer = setTimeout(expire, wait);
  engine.timers.add(timer);
  // After the reply, so that a send is always seen as Pending first.
  setImmediate(() => pump(engine, command));
}

function cancel(engine: Engine, command: Command, invocations: readonly Invocation[]): void {
  if (invocations.length === command.invocations.length) command.cancelled = true;
  for (const one of invocations) {
    if (isTerminal(one.state)) continue;
    one.cancel.abort();
    if (one.accepted) one.state = 'Cancelling';
    else settle(engine, one, 'Cancelled');
  }
}

async function stop(engine: Engine): Promise<void> {
  engine.stopped = true;
  for (const timer of engine.timers) clearTimeout(timer);
  await Promise.all([...engine.agents.values()].map(stopAgent));
}

export function createCommandEngine(options: EngineOptions): CommandEngine {
  const engine: Engine = {
    options,
    agents: new Map(),
    timers: new Set(),
    waiters: new Map(),
    ramps: new Map(),
    stopped: false,
  };
  return {
    start: (command) => start(engine, command),
    cancel: (command, invocations) => cancel(engine, command, invocations),
    setState: async (host, state) => {
      host.state = state;
      await stateChanged(agentOf(engine, host));
    },
    settled: (command) =>
      command.invocations.every((one) => isTerminal(one.state))
        ? Promise.resolve()
        : new Promise((resolve) => {
            engine.waiters.set(command, [...(engine.waiters.get(command) ?? []), resolve]);
          }),
    stop: () => stop(engine),
  };
}
