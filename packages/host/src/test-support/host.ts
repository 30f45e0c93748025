import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import * as z from 'zod';

import { hostDocument, hostParameters, readEnvelope } from '../index.ts';
import type { HostEnvelope, HostOperation } from '../index.ts';
import type { Shell } from './shells.ts';

/** How one command on a host ended. */
export interface Answer {
  readonly envelope: HostEnvelope;
  readonly code: number | null;
  readonly stdout: string;
}

export interface RawAnswer {
  readonly envelope: HostEnvelope | undefined;
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Running {
  readonly ended: Promise<RawAnswer>;
  kill(signal?: 'SIGTERM'): void;
}

const documentShape = z.object({
  mainSteps: z.tuple([z.object({ inputs: z.object({ runCommand: z.array(z.string()) }) })]),
});

/** The script as the agent writes it: lines joined, parameters put in as raw text. */
export function scriptFor(parameters: Readonly<Record<string, readonly string[]>>): string {
  const document = documentShape.parse(JSON.parse(hostDocument().content));
  const script = document.mainSteps[0].inputs.runCommand.join('\n');
  return script.replaceAll(/\{\{ *(\w+) *\}\}/g, (whole, name: string) => {
    const value = parameters[name]?.[0];
    return value ?? whole;
  });
}

/** A host: a directory with what the program leaves there, and a way to send it commands. */
export interface TestHost {
  readonly root: string;
  /** Root of the app `sample`. */
  readonly app: string;
  /** Scripts put here stand before the system's tools on the PATH of the program. */
  readonly bin: string;
  send(operation: Partial<HostOperation> & { kind: HostOperation['kind'] }): Promise<Answer>;
  sendRaw(parameters: Readonly<Record<string, readonly string[]>>): Promise<RawAnswer>;
  /** Sends without waiting, to be killed as SSM does it: the whole process group at once. */
  begin(operation: Partial<HostOperation> & { kind: HostOperation['kind'] }): Promise<Running>;
  shadow(tool: string, script: string): Promise<void>;
  unshadow(): Promise<void>;
  current(): Promise<string | undefined>;
  releases(): Promise<string[]>;
  journal(): Promise<string>;
  /** `start 1.0.0` and so on, in the order in which the hooks ran. */
  events(): Promise<string[]>;
  forgetEvents(): Promise<void>;
  /** What the running service says it is; undefined when none runs. */
  serving(): Promise<string | undefined>;
  /** Waits until nobody holds the lock of the app. */
  settled(): Promise<void>;
  remove(): Promise<void>;
}

let steps = 0;

/** Waits until something is so; fails after half a minute. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until only these processes of the host are left; what was killed may need a moment to die. */
export async function onlyLeft(root: string, pids: readonly number[]): Promise<void> {
  await until(async () => (await processesOf(root)).join() === pids.join());
}

const read = (file: string) => readFile(file, 'utf8').catch(() => '');

/** A parameter set with defaults; every call is a new step unless one is named. */
export function parametersOf(
  operation: Partial<HostOperation> & { kind: HostOperation['kind'] },
): Record<string, string[]> {
  steps += 1;
  return hostParameters({
    app: 'sample',
    version: '',
    digest: '',
    source: '',
    runId: 'run-1',
    stepId: `step-${steps}`,
    generation: 1,
    keep: 5,
    timeoutSeconds: 60,
    executionTimeoutSeconds: 90,
    ...operation,
  });
}

export async function createHost(shell: Shell): Promise<TestHost> {
  const root = await mkdtemp(join(tmpdir(), 'gatewright-host-'));
  const app = join(root, 'sample');
  const bin = join(root, 'bin');
  await mkdir(bin);
  const environment = { PATH: `${bin}:${shell.path}`, GATEWRIGHT_ROOT: root, SECRET: 'agent-only' };
  const shared = join(app, 'shared');
  const beginRaw = async (parameters: Readonly<Record<string, readonly string[]>>) => {
    steps += 1;
    const script = join(root, `_script-${steps}.sh`);
    await writeFile(script, scriptFor(parameters), { mode: 0o700 });
    return runScript([...shell.argv, script], environment);
  };
  const sendRaw = async (parameters: Readonly<Record<string, readonly string[]>>) =>
    (await beginRaw(parameters)).ended;
  return {
    root,
    app,
    bin,
    sendRaw,
    begin: (operation) => beginRaw(parametersOf(operation)),
    async send(operation) {
      const answer = await sendRaw(parametersOf(operation));
      if (answer.envelope === undefined) {
        throw new Error(
          `no envelope, code ${String(answer.code)}: ${answer.stdout}${answer.stderr}`,
        );
      }
      return { envelope: answer.envelope, code: answer.code, stdout: answer.stdout };
    },
    async shadow(tool, script) {
      await writeFile(join(bin, tool), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, tool), 0o755);
    },
    async unshadow() {
      await rm(bin, { recursive: true });
      await mkdir(bin);
    },
    current: () => readlink(join(app, 'current')).catch(() => undefined),
    releases: () => readdir(join(app, 'releases')).catch(() => []),
    journal: () => read(join(app, 'journal')),
    events: async () =>
      (await read(join(shared, 'events'))).split('\n').filter((line) => line !== ''),
    forgetEvents: () => rm(join(shared, 'events'), { force: true }),
    async serving() {
      const pid = (await read(join(shared, 'pid'))).trim();
      if (pid === '' || !(await isAlive(pid))) return undefined;
      return (await read(join(shared, 'serving'))).trim();
    },
    settled: () => flockOnce(join(app, 'lock')),
    async remove() {
      const left = await processesOf(root);
      for (const pid of left) kill(pid);
      await rm(root, { recursive: true, force: true });
    },
  };
}

function runScript(argv: readonly string[], env: Readonly<Record<string, string>>): Running {
  const [command = 'sh', ...rest] = argv;
  // Detached: a process group of its own, as under the agent.
  const child = spawn(command, rest, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<RawAnswer>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    // `close` waits for the streams: a background child that kept them would hang the test, as it hangs the agent.
    child.on('close', (code, signal) => {
      resolve({ envelope: readEnvelope(stdout), code, signal, stdout, stderr });
    });
  });
  return { ended, kill: (signal) => kill(-(child.pid ?? 0), signal) };
}

function flockOnce(file: string): Promise<void> {
  if (!existsSync(file)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const child = spawn('flock', [file, 'true'], { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

async function isAlive(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // A zombie has ended.
  return stat !== '' && !/\) Z /.test(stat);
}

/** Processes whose environment or command line names this directory. */
export async function processesOf(root: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids) {
    const texts = await Promise.all(
      ['environ', 'cmdline'].map((file) =>
        readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''),
      ),
    );
    if (texts.some((text) => text.includes(root)) && (await isAlive(pid))) found.push(Number(pid));
  }
  return found.filter((pid) => pid !== process.pid);
}

function kill(pid: number, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
  if (pid === 0) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
