import type { FaultBook } from '../faults.ts';
import type { Host } from '../host/host.ts';
import { work } from './agent-work.ts';
import type { Invocation } from './command.ts';
import { isTerminal } from './command-state.ts';
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
  readonly host: Host;
  readonly options: AgentOptions;
  /** With the service: not acknowledged yet. */
  inbox: Invocation[];
  /** With the agent: acknowledged, not started yet. */
  buffered: Invocation[];
  /** What the agent could not tell while it was down. */
  held: (() => void)[];
  /** What it is working on. */
  readonly works: Set<Promise<void>>;
  stopped: boolean;
  power: AbortController;
}

export function createAgent(host: Host, options: AgentOptions): Agent {
  return {
    host,
    options,
    inbox: [],
    buffered: [],
    held: [],
    works: new Set(),
    stopped: false,
    power: new AbortController(),
  };
}

async function powerOff(agent: Agent): Promise<void> {
  agent.host.state = 'silent';
  agent.power.abort();
  agent.power = new AbortController();
  agent.buffered = [];
  agent.held = [];
  await agent.host.killAll();
}

async function perform(agent: Agent, invocation: Invocation): Promise<void> {
  const { host, options, power } = agent;
  try {
    await work(invocation, {
      host,
      millisecondsPerSecond: options.millisecondsPerSecond,
      faults: options.faults,
      lookUp: options.lookUp,
      power: power.signal,
      report: (say) => {
        if (host.state === 'online') say();
        else agent.held.push(say);
      },
      settle: options.settle,
      powerOff: () => powerOff(agent),
    });
  } catch (error) {
    // Such as a directory of the host that somebody took away.
    const output = String(error);
    invocation.steps = invocation.steps.map((step) => ({
      ...step,
      status: 'Failed',
      code: 1,
      output,
    }));
    options.settle(invocation, 'Failed');
  }
}

function startBuffered(agent: Agent): void {
  while (!agent.stopped && agent.works.size < workers) {
    const invocation = agent.buffered.shift();
    if (invocation === undefined) return;
    const one = perform(agent, invocation).finally(() => {
      agent.works.delete(one);
      receive(agent);
    });
    agent.works.add(one);
  }
}

function receive(agent: Agent): void {
  agent.inbox = agent.inbox.filter((one) => !isTerminal(one.state));
  startBuffered(agent);
  while (agent.host.state === 'online' && agent.buffered.length < buffer) {
    const invocation = agent.inbox.shift();
    if (invocation === undefined) return;
    agent.buffered.push(invocation);
    agent.options.acknowledge(invocation);
    startBuffered(agent);
  }
}

/** A message from the service; it waits there while the agent is down or full. */
export function sendTo(agent: Agent, invocation: Invocation): void {
  agent.inbox.push(invocation);
  receive(agent);
}

/** To be called after `host.state` was set. */
export async function stateChanged(agent: Agent): Promise<void> {
  const { host } = agent;
  if (host.state === 'terminated') {
    await powerOff(agent);
    host.state = 'terminated';
  }
  if (host.state !== 'online') return;
  host.lastPing = Date.now();
  const waiting = agent.held;
  agent.held = [];
  for (const say of waiting) say();
  receive(agent);
}

/** Stops every script; resolves when nothing of the agent runs any more. */
export async function stopAgent(agent: Agent): Promise<void> {
  agent.stopped = true;
  agent.inbox = [];
  agent.buffered = [];
  agent.power.abort();
  await Promise.all(agent.works);
}
