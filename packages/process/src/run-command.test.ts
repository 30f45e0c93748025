import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from './index.ts';
import type { CommandResult, CommandSpec } from './index.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-process-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

type Options = Partial<CommandSpec> & { signal?: AbortSignal };

function run(
  argv: [string, ...string[]],
  { signal, ...options }: Options = {},
): Promise<CommandResult> {
  const spec: CommandSpec = {
    argv,
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '' },
    timeoutSeconds: 30,
    maxOutputBytes: 10_000,
    ...options,
  };
  return runCommand(spec, signal ?? new AbortController().signal);
}

const sh = (script: string): [string, ...string[]] => ['sh', '-c', script];

/** Whether a process still exists; a zombie that nobody reaps counts as ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/ Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}

describe('runCommand', () => {
  it('reports the exit code and both streams apart', async () => {
    expect(await run(sh('echo out; echo err >&2; exit 3'))).toEqual({
      exitCode: 3,
      stdoutTail: 'out\n',
      stderrTail: 'err\n',
      timedOut: false,
      aborted: false,
    });
  });

  it('hands arguments over as they are, without a shell', async () => {
    const hostile = ['a b', '$HOME', "it's", '"quoted"', '; echo no', '*', '', 'two\nlines'];
    const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { stdoutTail } = await run([process.execPath, '-e', print, '--', ...hostile]);
    expect(JSON.parse(stdoutTail)).toEqual(hostile);
  });

  it('gives the command only the environment it was given, and an empty standard input', async () => {
    const env = { PATH: process.env['PATH'] ?? '', ONLY: 'this' };
    const { stdoutTail } = await run(
      sh('cat; env | grep -v -e ^PATH= -e ^PWD= -e ^_= -e ^SHLVL='),
      { env },
    );
    expect(stdoutTail).toBe('ONLY=this\n');
  });

  it('runs in the directory it was given', async () => {
    await run(sh('echo here > file'));
    expect(await readFile(join(directory, 'file'), 'utf8')).toBe('here\n');
  });

  it('keeps only the end of a flood, and shows all of it as it comes', async () => {
    let shown = 0;
    const flood = 'process.stdout.write("x".repeat(3000000)+"é".repeat(10))';
    const result = await run([process.execPath, '-e', flood], {
      maxOutputBytes: 11,
      onOutput: (_, text) => (shown += text.length),
    });
    expect(result.stdoutTail).toBe('é'.repeat(5));
    expect(shown).toBe(3_000_010);
  });

  it('stops the command and everything that it started when its time is over', async () => {
    const script = 'trap "" TERM; sleep 600 & echo $!; wait; wait';
    const pids: number[] = [];
    const result = await run(sh(script), {
      timeoutSeconds: 0.2,
      onOutput: (_, text) => pids.push(Number(text)),
    });
    expect(result).toMatchObject({ timedOut: true, exitCode: 137 });
    expect(pids).toHaveLength(1);
    await Promise.all(pids.map(waitUntilGone));
  });

  it('lets a command end by itself after the polite signal', async () => {
    const script = 'trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.01; done';
    const result = await run(sh(script), { timeoutSeconds: 0.3 });
    expect(result).toMatchObject({ timedOut: true, exitCode: 7, stdoutTail: 'up\nbye\n' });
  });

  it('stops the command when the signal aborts', async () => {
    const stop = new AbortController();
    const result = await run(sh('echo up; exec sleep 600'), {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    expect(result).toMatchObject({
      aborted: true,
      timedOut: false,
      exitCode: 143,
      stdoutTail: 'up\n',
    });
  });

  it('does not begin when the signal has aborted already', async () => {
    const result = await run(sh('echo no > file'), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ aborted: true, exitCode: 130 });
    expect(existsSync(join(directory, 'file'))).toBe(false);
  });

  it('does not wait for a background process that holds the output open, and ends it', async () => {
    const { exitCode, stdoutTail } = await run(sh('sleep 600 & echo $!'));
    expect(exitCode).toBe(0);
    await waitUntilGone(Number(stdoutTail));
  });

  it('tells which program could not be started', async () => {
    await expect(run(['no-such-program-here'])).rejects.toMatchObject({
      name: 'ConfigurationError',
      reasonCode: 'config-invalid',
      message: 'The program no-such-program-here could not be started: ENOENT.',
    });
  });
});
