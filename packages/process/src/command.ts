/** A command to run: a program and its arguments, never a line for a shell. */
export interface CommandSpec {
  /** The program, looked up on the PATH of `env` unless it is a path, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /**
   * The whole environment of the command. It passes through a shell, which adds `PWD` (some add `_` and `SHLVL`) and may
   * drop variables whose names it cannot have, such as `a-b`.
   */
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
  /** The signal given to `runCommand` aborted while it ran. */
  readonly aborted: boolean;
}
