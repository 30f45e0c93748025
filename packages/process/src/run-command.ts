import { exec } from '@actions/exec';
import { captureOf, firstLine, newline } from './capture.ts';
import type { CommandResult, CommandSpec } from './command.ts';
import { notStarted, prepareLaunch } from './launch.ts';
import type { Launch } from './launch.ts';
import { processGroup } from './process-group.ts';
import { shell, supervisor } from './supervisor.ts';

/** What is in the pipes arrives at once; only a process that left the group can keep them open longer. */
const drainMs = 1000;

/**
 * Runs a command through `@actions/exec` in a process group of its own, with nothing on its standard input. At the time
 * limit, or when the signal aborts, the whole group gets SIGTERM and, if it does not end, SIGKILL 2 seconds later: what a
 * build leaves behind would otherwise go on beside the steps after it. When this resolves, nothing of the group is left but
 * what left the group; if that holds the output open, it keeps this Node process from ending by itself.
 *
 * Needs `/bin/sh` and `setsid`.
 *
 * @throws ConfigurationError `config-invalid` when the program cannot be started at all.
 */
export async function runCommand(spec: CommandSpec, signal: AbortSignal): Promise<CommandResult> {
  if (signal.aborted) return notBegun;
  const launch = await prepareLaunch(spec);
  if (signal.aborted) return notBegun;

  const group = processGroup();
  const { maxOutputBytes } = spec;
  const stdout = captureOf(maxOutputBytes, (text) => spec.onOutput?.('stdout', text));
  const stderr = captureOf(maxOutputBytes, (text) => spec.onOutput?.('stderr', text));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    group.stop();
  }, spec.timeoutSeconds * 1000);
  signal.addEventListener('abort', group.stop, { once: true });
  try {
    const exitCode = await execute(spec, launch, {
      stdout: firstLine((line) => group.found(Number(line)), stdout.add),
      stderr: stderr.add,
    });
    if (!group.isFound()) throw notStarted(spec.argv[0], `setsid ended with exit code ${exitCode}`);
    const { aborted } = signal;
    return { exitCode, stdoutTail: stdout.tail(), stderrTail: stderr.tail(), timedOut, aborted };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', group.stop);
    group.kill();
    stdout.close();
    stderr.close();
  }
}

const notBegun: CommandResult = {
  exitCode: 130,
  stdoutTail: '',
  stderrTail: '',
  timedOut: false,
  aborted: true,
};

interface Listeners {
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
}

async function execute(
  { argv, cwd, env }: CommandSpec,
  { setsid, program }: Launch,
  listeners: Listeners,
): Promise<number> {
  const args = ['-c', supervisor, setsid, program, ...argv.slice(1)];
  // No `input`: its write fails with an error that nobody could catch when the command ends before.
  const options = {
    cwd,
    env: { ...env },
    silent: true,
    ignoreReturnCode: true,
    delay: drainMs,
    listeners: { stdout: endingLine(listeners.stdout), stderr: endingLine(listeners.stderr) },
  };
  const exitCode: number | null = await exec(shell, args, options).catch((cause: unknown) => {
    throw notStarted(argv[0], cause instanceof Error ? cause.message : String(cause), cause);
  });
  // Whatever its type says, it is null when a signal ended the supervisor, which only SIGKILL from outside does.
  return exitCode ?? 128 + 9;
}

/**
 * `@actions/exec` also assembles lines: it keeps all output since the last one and searches the whole of it with every
 * chunk, 29 seconds for 60 MB without an end of line. Once a chunk is taken, it gets to see one that ends a line.
 */
function endingLine(take: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
  return (bytes) => {
    take(bytes);
    bytes[bytes.length - 1] = newline;
  };
}
