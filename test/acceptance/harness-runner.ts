import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultDocument } from '@gatewright/contract';
import type { ResultDocument } from '@gatewright/contract';
import { findNode24 } from '@gatewright/engine';
import { parse } from 'yaml';
import * as z from 'zod';
import { readStepLog } from './harness-log.ts';
import type { LogCommand } from './harness-log.ts';

/** Root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The job that a step belongs to, as the runner knows it. */
export interface Job {
  /** Directory of this job's own files; made when a step starts. */
  readonly directory: string;
  readonly workspace: string;
  readonly repository: string;
  readonly sha: string;
  readonly runId: string;
  readonly apiUrl: string;
  /** GITHUB_TOKEN. */
  readonly token: string;
  /** What earlier steps have exported, such as AWS credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** Default `workflow_dispatch`. */
  readonly eventName?: string;
  /** Default: that of a manual run. */
  readonly event?: object;
}

/** How a step ended. */
export interface StepEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What a reader of the log sees. */
  readonly log: string;
  /** The workflow commands that the runner obeys. */
  readonly commands: readonly LogCommand[];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Every byte that it left with the runner; masks are left out. */
  readonly everything: string;
}

/** How the main step of an action ended. */
export interface ActionEnd extends StepEnd {
  /** The file behind `result-path`, checked against the schema. */
  readonly result: ResultDocument;
  readonly state: Readonly<Record<string, string>>;
  /** Starts the post step, as the runner does at the end of the job. */
  readonly startPost: () => Promise<RunningStep<StepEnd>>;
}

/** A step under way. */
export interface RunningStep<E> {
  readonly pid: number;
  readonly ended: Promise<E>;
  readonly signal: (name: NodeJS.Signals) => void;
}

const metadata = z.object({
  inputs: z
    .record(
      z.string(),
      z.object({ required: z.boolean().optional(), default: z.string().optional() }),
    )
    .default({}),
  runs: z.object({ using: z.literal('node24'), main: z.string(), post: z.string().optional() }),
});

/** action.yml of an action, and the absolute paths of its bundles. */
async function readAction(action: string) {
  const folder = join(root, 'actions', action);
  const file = join(folder, 'action.yml');
  const hint = 'run "npm run build" first';
  if (!existsSync(file)) throw new Error(`${file} is missing: ${hint}.`);
  const { inputs, runs } = metadata.parse(parse(await readFile(file, 'utf8')));
  const bundles = [runs.main, ...(runs.post === undefined ? [] : [runs.post])];
  const missing = bundles.find((path) => !existsSync(join(folder, path)));
  if (missing !== undefined) throw new Error(`${join(folder, missing)} is missing: ${hint}.`);
  const post = runs.post === undefined ? undefined : join(folder, runs.post);
  return { inputs, main: join(folder, runs.main), post };
}

function inputVariables(
  action: string,
  known: z.infer<typeof metadata>['inputs'],
  given: Readonly<Record<string, string>>,
  job: Job,
): Record<string, string> {
  const foreign = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  if (foreign.length > 0) throw new Error(`${action} has no input ${foreign.join(', ')}.`);
  return Object.fromEntries(
    Object.entries(known).map(([name, input]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      given[name] ?? evaluate(input.default ?? '', job),
    ]),
  );
}

/** The two expressions that our action.yml files use. */
function evaluate(text: string, job: Job): string {
  const value = text
    .replaceAll('${{ github.token }}', job.token)
    .replaceAll('${{ github.sha }}', job.sha);
  if (value.includes('${{')) throw new Error(`The harness does not know the expression ${text}.`);
  return value;
}

/** The environment that GitHub documents, and nothing of this process but its PATH. */
function runnerVariables(job: Job): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: join(job.directory, 'home'),
    TMPDIR: join(job.directory, 'tmp'),
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'ada-orders',
    GITHUB_API_URL: job.apiUrl,
    GITHUB_EVENT_NAME: job.eventName ?? 'workflow_dispatch',
    GITHUB_EVENT_PATH: join(job.directory, 'event.json'),
    GITHUB_JOB: 'deploy',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: job.repository,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: job.runId,
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: job.apiUrl,
    GITHUB_SHA: job.sha,
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_WORKSPACE: job.workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'acceptance',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: join(job.directory, 'temp'),
    RUNNER_TOOL_CACHE: join(job.directory, 'tools'),
    ...job.env,
  };
}

const fileCommands = ['ENV', 'OUTPUT', 'PATH', 'STATE', 'STEP_SUMMARY'] as const;

const begun = new Map<string, string>();

/**
 * What the runner does when a job begins, once: whatever the steps make is younger than the file of the event. The first
 * step does it when nobody has.
 */
export async function beginJob(job: Job): Promise<void> {
  for (const name of ['home', 'tmp', 'temp']) {
    await mkdir(join(job.directory, name), { recursive: true });
  }
  await mkdir(job.workspace, { recursive: true });
  const event = { repository: { full_name: job.repository, default_branch: 'main' } };
  const text = JSON.stringify(job.event ?? event);
  if (begun.get(job.directory) === text) return;
  begun.set(job.directory, text);
  await writeFile(join(job.directory, 'event.json'), text);
}

/** The files through which a step talks to the runner; each step gets its own. */
async function openFiles(job: Job, step: number) {
  await beginJob(job);
  const directory = join(job.directory, 'commands', String(step));
  await mkdir(directory, { recursive: true });
  const path = (name: string): string => join(directory, name);
  for (const name of fileCommands) await writeFile(path(name), '');
  return {
    variables: Object.fromEntries(fileCommands.map((name) => [`GITHUB_${name}`, path(name)])),
    read: (name: (typeof fileCommands)[number]) => readFile(path(name), 'utf8'),
  };
}

/** `name=value` lines and heredocs of a file command. */
export function readFileCommand(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/u.exec(line) ?? [];
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter);
      if (end < 0) throw new Error(`The file command of ${name} has no end.`);
      values[name] = lines.splice(0, end).join('\n');
      lines.shift();
    } else if (line !== '') {
      const [key = '', ...value] = line.split('=');
      values[key] = value.join('=');
    }
  }
  return values;
}

/** The names of the job's secrets that a text shows: no step may ever do that, whatever its test is about. */
function secretsIn(text: string, job: Job): string[] {
  const secrets = { ...job.env, GITHUB_TOKEN: job.token };
  return Object.entries(secrets)
    .filter(([name, value]) => /SECRET|TOKEN/u.test(name) && value !== '' && text.includes(value))
    .map(([name]) => name);
}

/** No test measures this: it only keeps a step that hangs from hanging the suite. */
const patienceMilliseconds = 100_000;

let steps = 0;
const living = new Map<ChildProcess, string>();

/** Kills what is still running of the jobs below a directory: a test that failed must leave nothing behind. */
export async function killStepsIn(directory: string): Promise<void> {
  const left = [...living].filter(([, place]) => place.startsWith(`${directory}/`));
  await Promise.all(
    left.map(async ([child]) => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }),
  );
}

async function startStep<E extends StepEnd>(
  program: string,
  job: Job,
  variables: Readonly<Record<string, string>>,
  finish: (end: StepEnd, files: Awaited<ReturnType<typeof openFiles>>) => Promise<E>,
): Promise<RunningStep<E>> {
  steps += 1;
  const files = await openFiles(job, steps);
  const child = spawn(findNode24(), [program], {
    cwd: job.workspace,
    env: { ...runnerVariables(job), ...files.variables, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.set(child, job.directory);
  const watchdog = setTimeout(() => child.kill('SIGKILL'), patienceMilliseconds);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = async (): Promise<E> => {
    const [exitCode, signal] = z
      .tuple([z.number().nullable(), z.custom<NodeJS.Signals>().nullable()])
      .parse(await once(child, 'close'));
    living.delete(child);
    clearTimeout(watchdog);
    const { shown, commands } = readStepLog(Buffer.concat(chunks).toString('utf8'));
    const [output, summary] = [await files.read('OUTPUT'), await files.read('STEP_SUMMARY')];
    const others = [await files.read('ENV'), await files.read('STATE'), await files.read('PATH')];
    const visible = commands.filter(({ name }) => name !== 'add-mask');
    const everything = [shown, JSON.stringify(visible), summary, output, ...others].join('\n');
    const outputs = readFileCommand(output);
    const end = { exitCode, signal, log: shown, commands, summary, outputs, everything };
    const finished = await finish(end, files);
    const shownSecrets = secretsIn(finished.everything, job);
    if (shownSecrets.length > 0) throw new Error(`${program} shows ${shownSecrets.join(', ')}.`);
    return finished;
  };
  const ended = closed();
  // Whoever awaits it gets the error; until then it must not count as unhandled.
  ended.catch(() => undefined);
  return { pid: child.pid ?? 0, ended, signal: (name) => void child.kill(name) };
}

/**
 * Starts the built bundle of an action as the runner starts it: Node 24, inputs and defaults of action.yml in the
 * environment, and the files of the runner's file commands.
 *
 * @throws Error when the action is not built, or has no such input.
 */
export async function startAction(
  action: string,
  job: Job,
  inputs: Readonly<Record<string, string>> = {},
): Promise<RunningStep<ActionEnd>> {
  const { inputs: known, main, post } = await readAction(action);
  const variables = inputVariables(action, known, inputs, job);
  return startStep(main, job, variables, async (end, files) => {
    const resultPath = end.outputs['result-path'] ?? '';
    if (resultPath === '') throw new Error(`${action} left no result. Its log:\n${end.log}`);
    const text = await readFile(resultPath, 'utf8');
    const state = readFileCommand(await files.read('STATE'));
    return {
      ...end,
      everything: `${end.everything}\n${text}`,
      result: resultDocument.parse(JSON.parse(text)),
      state,
      startPost: async () => {
        if (post === undefined) throw new Error(`${action} has no post step.`);
        const states = Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]);
        const all = { ...variables, ...Object.fromEntries(states) };
        return startStep(post, job, all, async (postEnd) => postEnd);
      },
    };
  });
}

/** What the runner does to a step when the run is cancelled: INT, 7.5 s, TERM, 2.5 s, KILL. */
export async function cancelStep<E>(step: RunningStep<E>): Promise<E> {
  step.signal('SIGINT');
  const timers = [
    setTimeout(() => step.signal('SIGTERM'), 7500),
    setTimeout(() => step.signal('SIGKILL'), 10_000),
  ];
  return step.ended.finally(() => {
    for (const timer of timers) clearTimeout(timer);
  });
}

/** Runs the bundle of an action to its end. */
export async function runAction(
  action: string,
  job: Job,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionEnd> {
  return (await startAction(action, job, inputs)).ended;
}
