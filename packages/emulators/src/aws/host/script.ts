import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { stderrLimit, stdoutLimit } from './output.ts';

/** What one `aws:runShellScript` step asks of the host. */
export interface Script {
  /** The step's orchestration directory. */
  readonly directory: string;
  readonly lines: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  /** Aborts when the command is cancelled. */
  readonly cancelled: AbortSignal;
  /** Aborts when the host loses its power. */
  readonly died: AbortSignal;
  readonly onStart: (pid: number) => void;
}

export interface ScriptEnd {
  readonly kind: 'ended' | 'timed-out' | 'cancelled' | 'died';
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function capture(limit: number): { add: (chunk: Buffer) => void; text: () => string } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      // The rest is read and forgotten, so that a flood of output never blocks the script.
      if (size < limit) chunks.push(chunk.subarray(0, limit - size));
      size += chunk.length;
    },
    // The decoder leaves out a character that the cut has split.
    text: () => new StringDecoder('utf8').write(Buffer.concat(chunks)),
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

function failure(exitCode: number, signal: NodeJS.Signals | null): string {
  return signal === null
    ? `failed to run commands: exit status ${exitCode}`
    : `failed to run commands: signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
}

function execute(script: Script, path: string): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    const [stdout, stderr] = [capture(stdoutLimit), capture(stderrLimit)];
    // `detached` makes the script the leader of its own process group, as the agent does, so that a timeout or a cancel
    // can reach everything that stayed in the group, and nothing else.
    const child = spawn('sh', ['-c', `'${path.replaceAll("'", String.raw`'\''`)}'`], {
      cwd: script.cwd,
      env: { ...script.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const finish = (kind: ScriptEnd['kind'], exitCode: number): void => {
      clearTimeout(timer);
      script.cancelled.removeEventListener('abort', cancel);
      script.died.removeEventListener('abort', die);
      resolve({ kind, exitCode, stdout: stdout.text(), stderr: stderr.text() });
    };
    const stop = (kind: ScriptEnd['kind']): void => {
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      finish(kind, 137);
    };
    const cancel = (): void => stop('cancelled');
    const die = (): void => stop('died');
    const timer = setTimeout(() => stop('timed-out'), Math.min(script.timeout, 2 ** 31 - 1));
    script.cancelled.addEventListener('abort', cancel);
    script.died.addEventListener('abort', die);
    child.stdout.on('data', stdout.add);
    child.stderr.on('data', stderr.add);
    child.on('error', () => {
      // A missing working directory: the agent, too, blames the shell.
      stderr.add(
        Buffer.from('failed to run commands: fork/exec /usr/bin/sh: no such file or directory'),
      );
      finish('ended', 1);
    });
    // 'close' comes when stdout and stderr are closed as well: a background child that holds them keeps it waiting.
    child.on('close', (code, signal) => {
      const exitCode = code ?? -1;
      if (exitCode !== 0 && exitCode !== 137 && exitCode !== 194) {
        stderr.add(Buffer.from(failure(exitCode, signal)));
      }
      finish('ended', exitCode);
    });
    if (child.pid !== undefined) script.onStart(child.pid);
  });
}

/** Writes the script as the agent does (`_script.sh`, 0700) and runs it with `sh -c <path>` until it ends or is stopped. */
export async function runScript(script: Script): Promise<ScriptEnd> {
  await mkdir(script.directory, { recursive: true });
  const path = join(script.directory, '_script.sh');
  await writeFile(path, `${script.lines.join('\n')}\n`, { mode: 0o700 });
  if (script.died.aborted) return { kind: 'died', exitCode: 137, stdout: '', stderr: '' };
  if (script.cancelled.aborted) return { kind: 'cancelled', exitCode: 1, stdout: '', stderr: '' };
  return execute(script, path);
}
