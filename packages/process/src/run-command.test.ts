import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
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

  it('looks into neither the program nor its arguments, whatever a shell would see in them', async () => {
    const names = [
      '; touch pwned #',
      '$(touch pwned)',
      '`touch pwned`',
      'A=1',
      '-c',
      'eval',
      'a\nb',
    ];
    const hostile = [
      ...names,
      '"; touch pwned; "',
      "'; touch pwned; '",
      '&& touch pwned',
      '> pwned',
    ];
    const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    for (const name of names) {
      await symlink(process.execPath, join(directory, name));
      const byPath = await run([`./${name}`, '-e', print, '--', ...hostile]);
      const byName = await run([name, '-e', print, '--', ...hostile], { env: { PATH: directory } });
      expect([byPath, byName].map(({ stdoutTail }) => JSON.parse(stdoutTail))).toEqual([
        hostile,
        hostile,
      ]);
    }
    expect((await readdir(directory)).toSorted()).toEqual(names.toSorted());
  });

  it.each(['eval', 'exit', 'export', '.', 'unset', ''])(
    'takes the word %j of a shell for a program that is not there',
    async (word) => {
      await expect(run([word, 'echo no > file'])).rejects.toThrow(/could not be started: E/);
      expect(existsSync(join(directory, 'file'))).toBe(false);
    },
  );

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

  it('stops the command however soon the signal aborts', async () => {
    for (const ticks of [0, 1, 2, 4, 8, 16, 32, 64, 128]) {
      const stop = new AbortController();
      const running = run(['sleep', '600'], { signal: stop.signal });
      for (let tick = 0; tick < ticks; tick += 1) await new Promise((done) => setImmediate(done));
      stop.abort();
      const { exitCode, aborted } = await running;
      expect([aborted, [130, 143].includes(exitCode)]).toEqual([true, true]);
    }
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

  it('does not wait for a process that left the group and holds the output open', async () => {
    const script =
      "mkfifo told; setsid sh -c 'echo $$ > told; exec sleep 600' & read pid < told; echo $pid";
    const { exitCode, stdoutTail } = await run(sh(script));
    const pid = Number(stdoutTail);
    expect([exitCode, isAlive(pid)]).toEqual([0, true]);
    process.kill(pid, 'SIGKILL');
    await waitUntilGone(pid);
  });

  it.each([
    ['exit 127', 127],
    ['exit 126', 126],
    ['kill -KILL $$', 137],
    ['kill -USR1 $$', 128 + constants.signals.SIGUSR1],
  ])('reports how the command ended, and says nothing itself: %s', async (script, exitCode) => {
    expect(await run(sh(script))).toMatchObject({ exitCode, stdoutTail: '', stderrTail: '' });
  });

  it('tells which program could not be started', async () => {
    await expect(run(['no-such-program-here'])).rejects.toMatchObject({
      name: 'ConfigurationError',
      reasonCode: 'config-invalid',
      message: 'The program no-such-program-here could not be started: ENOENT.',
    });
  });

  it('tells a file that cannot be executed from one that is not there', async () => {
    await writeFile(join(directory, 'plain'), 'text');
    await mkdir(join(directory, 'folder'));
    await expect(run(['./plain'])).rejects.toThrow('./plain could not be started: EACCES.');
    await expect(run(['./folder'])).rejects.toThrow('./folder could not be started: EACCES.');
    await expect(run(['./none'])).rejects.toThrow('./none could not be started: ENOENT.');
    await expect(run(['sh'], { env: { PATH: directory } })).rejects.toThrow(
      'sh could not be started: ENOENT.',
    );
  });

  it.each([
    ['a zero byte', { argv: ['sh', 'a\0b'] }, 'a zero byte'],
    ['a zero byte in the environment', { env: { A: '\0' } }, 'a zero byte'],
    ['an argument that is too long', { argv: ['sh', 'x'.repeat(131_072)] }, 'E2BIG'],
    ['a directory that is not there', { cwd: '/no-such-directory' }, 'is no directory'],
    ['a file for a directory', { cwd: process.execPath }, 'is no directory'],
  ] satisfies [string, Partial<CommandSpec>, string][])('refuses %s', async (_, spec, why) => {
    await expect(run(sh('exit 0'), spec)).rejects.toThrow(why);
  });

  it('takes the longest argument that there can be', async () => {
    const longest = 'x'.repeat(131_071);
    const print = 'process.stdout.write(String(process.argv[1].length))';
    expect(await run([process.execPath, '-e', print, '--', longest])).toMatchObject({
      stdoutTail: '131071',
    });
  });
});
