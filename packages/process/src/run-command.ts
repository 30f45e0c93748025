import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { ConfigurationError } from '@gatewright/verdict';
import { tailOf } from './tail.ts';

/** A command to run: a program and its arguments, never a line for a shell. */
export interface CommandSpec {
  /** The program, looked up on the PATH of `env` unless it is a path, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment of the command; nothing is added. */
  readonly env: Readonly<Record<string, string>>;
  /** After this many seconds the command and all that it started are stopped. */
  readonly timeoutSeconds: number;
  /** Bytes that are kept of the end of each stream. */
  readonly maxOutputBytes: number;
  /** Told of everything that is written, as it comes; decoded, but otherwise as the command wrote it. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** How a command ended. */
export interface CommandResult {
  /** 128 + signal number when a signal ended it. */
  readonly exitCode: number;
  readonly stdoutTail: string;
  readonly stderrTail: string;
  readonly timedOut: boolean;
  /** The signal given to {@link runCommand} aborted while it ran. */
  readonly aborted: boolean;
}

/** Between the polite signal and the one that cannot be refused, in milliseconds. */
const graceMs = 2000;

/**
 * Runs a command in a process group of its own, with nothing on its standard input. At the time limit, or when the
 * signal aborts, the whole group gets SIGTERM and, if it does not end, SIGKILL: what a build leaves behind would
 * otherwise go on beside the steps after it. When this resolves, nothing of the group is left but what left the group.
 *
 * Not on `@actions/exec`: that hands out no process to stop.
 *
 * @throws ConfigurationError `config-invalid` when the program cannot be started at all.
 */
export async function runCommand(spec: CommandSpec, signal: AbortSignal): Promise<CommandResult> {
  if (signal.aborted) return { ...nothing, exitCode: 130, aborted: true };
  const [program, ...rest] = spec.argv;
  const child = spawn(program, rest, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const group = processGroup(child);
  const tails = { stdout: tailOf(spec.maxOutputBytes), stderr: tailOf(spec.maxOutputBytes) };
  for (const stream of ['stdout', 'stderr'] as const) {
    const decoder = new TextDecoder();
    child[stream].on('data', (bytes: Buffer) => {
      tails[stream].add(bytes);
      spec.onOutput?.(stream, decoder.decode(bytes, { stream: true }));
    });
  }

  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    group.stop();
  }, spec.timeoutSeconds * 1000);
  signal.addEventListener('abort', group.stop, { once: true });
  try {
    const exitCode = await ended(child, program, group);
    return {
      exitCode,
      stdoutTail: tails.stdout.text(),
      stderrTail: tails.stderr.text(),
      timedOut,
      aborted: signal.aborted,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', group.stop);
    group.kill();
  }
}

const nothing = { stdoutTail: '', stderrTail: '', timedOut: false };

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface ProcessGroup {
  /** SIGTERM, then SIGKILL. */
  readonly stop: () => void;
  /** SIGKILL to whatever is left. */
  readonly kill: () => void;
}

function processGroup(child: Child): ProcessGroup {
  let killer: NodeJS.Timeout | undefined;
  const send = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // ESRCH: the group has ended by itself, which is what was wanted.
    }
  };
  return {
    stop: () => {
      send('SIGTERM');
      killer ??= setTimeout(() => send('SIGKILL'), graceMs);
    },
    kill: () => {
      clearTimeout(killer);
      send('SIGKILL');
    },
  };
}

/**
 * Waits for the program itself, then for its output. A background process that it left would hold the pipes open for
 * ever, so what is left of the group is killed first.
 */
function ended(child: Child, program: string, group: ProcessGroup): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      const why = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
      reject(
        new ConfigurationError(
          'config-invalid',
          `The program ${program} could not be started: ${why}.`,
          {
            checked: [`${program} as a path and on the PATH`],
            remedy: 'Correct the command, or install the program in a step before this one.',
            cause,
          },
        ),
      );
    });
    child.once('exit', (code, name) => {
      const exitCode = code ?? 128 + signalNumber(name);
      group.kill();
      const drained = Promise.all([child.stdout, child.stderr].map(streamEnd));
      const grace = new Promise((done) => setTimeout(done, drainMs).unref());
      void Promise.race([drained, grace]).then(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(exitCode);
      });
    });
  });
}

/** What is in the pipes arrives at once; only a process that left the group can keep them open longer. */
const drainMs = 1000;

function streamEnd(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
  });
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : (constants.signals[name] ?? 0);
}
