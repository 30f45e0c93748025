import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createLineSplitter } from './lines.ts';
import { killTree, signalProcess } from './process-tree.ts';

/** How long the runner waits between its signals, in milliseconds (ProcessInvoker.cs). */
export interface SignalGrace {
  /** From SIGINT to SIGTERM. */
  readonly interrupt: number;
  /** From SIGTERM to SIGKILL of the whole tree. */
  readonly terminate: number;
  /** How long output is still awaited from processes that outlive the step. */
  readonly stream: number;
  /** From a cancel to the end of the whole job, whatever still runs then. */
  readonly hardStop: number;
}

export const runnerSignalGrace: SignalGrace = {
  interrupt: 7500,
  terminate: 2500,
  stream: 5000,
  hardStop: 300_000,
};

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Told the id of the process group as soon as it exists. */
  readonly onStart?: (group: number) => void;
  /** Starts the signal sequence. */
  readonly cancel: AbortSignal;
  /** Kills the whole tree at once. */
  readonly kill: AbortSignal;
  readonly grace: SignalGrace;
}

export interface ProcessEnd {
  /** The exit code; 128 + signal number is not made up, a signal gives null. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program in a process group of its own. @throws Error when it cannot be started. */
export function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) request.onStart?.(child.pid);
  const lines = [readLines(child.stdout, request.onLine), readLines(child.stderr, request.onLine)];
  const stopSignals = sendSignals(child, request);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopSignals();
      reject(error);
    });
    child.once('exit', (exitCode, signal) => {
      stopSignals();
      // What a cancelled step leaves behind must not go on working; after an ordinary end it may (a server for later steps).
      const stopped = request.cancel.aborted || request.kill.aborted;
      if (stopped && child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, request.grace.stream);
      child.once('close', () => {
        clearTimeout(timer);
        for (const flush of lines) flush();
        resolve({ exitCode, signal });
      });
    });
  });
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => void {
  const splitter = createLineSplitter(onLine);
  stream.on('data', (chunk: Buffer) => splitter.push(chunk));
  return () => splitter.flush();
}

/** SIGINT, wait, SIGTERM, wait, SIGKILL of the tree. @returns how to stop the sequence. */
function sendSignals(child: ChildProcess, { cancel, kill, grace }: ProcessRequest): () => void {
  const timers: NodeJS.Timeout[] = [];
  const whenRunning = (act: (id: number) => void) => () => {
    const running = child.exitCode === null && child.signalCode === null;
    if (running && child.pid !== undefined) act(child.pid);
  };
  const killNow = whenRunning(killTree);
  const terminate = whenRunning((id) => {
    signalProcess(id, 'SIGTERM');
    timers.push(setTimeout(killNow, grace.terminate));
  });
  const interrupt = whenRunning((id) => {
    signalProcess(id, 'SIGINT');
    timers.push(setTimeout(terminate, grace.interrupt));
  });
  listen(cancel, interrupt);
  listen(kill, killNow);
  return () => {
    for (const timer of timers) clearTimeout(timer);
    cancel.removeEventListener('abort', interrupt);
    kill.removeEventListener('abort', killNow);
  };
}

function listen(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}
