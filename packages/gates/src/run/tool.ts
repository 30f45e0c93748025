import { closeSync, openSync, writeSync } from 'node:fs';
import { ServiceError } from '@gatewright/verdict';
import { toolEnvironment } from './tool-environment.ts';

/** A program of the project or of the machine; never a line for a shell. */
export interface ToolSpec {
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutSeconds: number;
  /** Variables besides those of the job. */
  readonly env?: Readonly<Record<string, string>>;
  /** What to do with its standard output, piece by piece. What it says besides is shown. Absent: shown as well. */
  readonly takeStdout?: (text: string) => void;
  /** Shows nothing of it. */
  readonly quiet?: true;
}

/** How a program ended. */
export interface ToolEnd {
  /** 128 + signal number when a signal ended it. */
  readonly exitCode: number;
  readonly timedOut: boolean;
  /** The last that it said. */
  readonly lastLine: string;
}

/** @throws ConfigurationError when it cannot be started; the reason of the signal when the run is cancelled. */
export type RunTool = (spec: ToolSpec) => Promise<ToolEnd>;

/** What packages/process does; declared here because this package imports no adapter. */
export type RunCommand = (
  spec: {
    readonly argv: readonly [string, ...string[]];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly timeoutSeconds: number;
    readonly maxOutputBytes: number;
    readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
  },
  signal: AbortSignal,
) => Promise<{
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly stdoutTail: string;
  readonly stderrTail: string;
}>;

/** What a tool runner stands on. */
export interface ToolRunnerParts {
  readonly runCommand: RunCommand;
  /** The environment of this process; tools get it without what belongs to the runner. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Shows one line that a tool wrote; it is foreign text. */
  readonly show: (line: string) => void;
}

/** Runs programs in a clean environment, and shows what they say while they say it. */
export function toolRunner({ runCommand, env, signal, show }: ToolRunnerParts): RunTool {
  const clean = toolEnvironment(env);
  return async ({ argv, cwd, timeoutSeconds, env: more, takeStdout, quiet }) => {
    const shown = lineShower(quiet === undefined ? show : () => undefined);
    const said = lineShower(quiet === undefined ? show : () => undefined);
    const result = await runCommand(
      {
        argv,
        cwd,
        env: { ...clean, ...more },
        timeoutSeconds,
        maxOutputBytes: 2000,
        onOutput: (stream, text) => {
          if (stream === 'stderr') said.add(text);
          else (takeStdout ?? shown.add)(text);
        },
      },
      signal,
    );
    shown.end();
    said.end();
    signal.throwIfAborted();
    const tail = [result.stderrTail, takeStdout === undefined ? result.stdoutTail : ''];
    const lines = tail.flatMap((text) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .toReversed(),
    );
    return {
      exitCode: result.exitCode,
      timedOut: result.timedOut,
      lastLine: lines.find((line) => line !== '')?.slice(0, 200) ?? '',
    };
  };
}

interface LineShower {
  readonly add: (text: string) => void;
  readonly end: () => void;
}

/** Longer without an end, it is shown as it is. */
const mostUnits = 64 * 1024;

function lineShower(show: (line: string) => void): LineShower {
  let rest = '';
  return {
    add: (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(show);
      if (rest.length <= mostUnits) return;
      show(rest);
      rest = '';
    },
    end: () => {
      if (rest !== '') show(rest);
      rest = '';
    },
  };
}

/** A report that a tool prints is kept up to here, in bytes. */
const mostCaptured = 1024 * 1024 * 1024;

/**
 * Runs a tool and keeps its standard output in a file.
 * @throws ServiceError `tool-failed` when it prints without end.
 */
export async function captureTool(
  runTool: RunTool,
  spec: ToolSpec,
  file: string,
): Promise<ToolEnd> {
  const descriptor = openSync(file, 'w', 0o600);
  let bytes = 0;
  try {
    const end = await runTool({
      ...spec,
      takeStdout: (text) => {
        // It cannot be stopped from here; what is above the limit is counted and dropped.
        if (bytes <= mostCaptured) bytes += writeSync(descriptor, text);
      },
    });
    if (bytes <= mostCaptured) return end;
    throw new ServiceError(
      'tool-failed',
      `${spec.argv[0]} printed more than ${mostCaptured} bytes.`,
    );
  } finally {
    closeSync(descriptor);
  }
}
