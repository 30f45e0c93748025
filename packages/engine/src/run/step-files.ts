import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FileCommandError,
  parseNamedValues,
  parsePaths,
  refusedEnvironmentName,
} from '../commands/file-commands.ts';
import type { NamedValue } from '../commands/file-commands.ts';
import type { Reporter } from './reporter.ts';
import type { JobState } from './state.ts';

/** GitHub drops a larger summary and says so, but lets the step succeed. */
const largestSummary = 1024 * 1024;

const kinds = ['env', 'output', 'path', 'state', 'step_summary'] as const;
type Kind = (typeof kinds)[number];

/** The files that a process can write commands to: GITHUB_OUTPUT and its siblings. */
export interface StepFiles {
  readonly env: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<Kind, string>>;
}

/** What a process has written. */
export interface StepCommands {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** Whether a file could not be read; the step fails then. */
  readonly failed: boolean;
}

export async function createStepFiles(job: JobState): Promise<StepFiles> {
  const directory = join(job.directories.temp, '_runner_file_commands');
  await mkdir(directory, { recursive: true });
  const suffix = randomUUID();
  const place = (kind: Kind): string => join(directory, `${kind}_${suffix}`);
  const paths = {
    env: place('env'),
    output: place('output'),
    path: place('path'),
    state: place('state'),
    step_summary: place('step_summary'),
  };
  await Promise.all(kinds.map((kind) => writeFile(paths[kind], '')));
  const env = Object.fromEntries(
    kinds.map((kind) => [`GITHUB_${kind.toUpperCase()}`, paths[kind]]),
  );
  return { env, paths };
}

/** Obeys what a process has written: variables and paths for later steps, its summary, its outputs and state. */
export async function applyStepFiles(
  job: JobState,
  files: StepFiles,
  reporter: Reporter,
): Promise<StepCommands> {
  let failed = false;
  const read = async (kind: Kind): Promise<readonly NamedValue[]> => {
    try {
      const values = parseNamedValues(await contentOf(files.paths[kind]));
      const refused = kind === 'env' ? values.map(([name]) => refusedEnvironmentName(name)) : [];
      const [problem] = refused.filter((text) => text !== undefined);
      if (problem !== undefined) throw new FileCommandError(problem);
      return values;
    } catch (error) {
      if (!(error instanceof FileCommandError)) throw error;
      reporter.annotate('error', `Unable to process file command '${kind}' successfully.`);
      reporter.annotate('error', error.message);
      failed = true;
      return [];
    }
  };
  const added = parsePaths(await contentOf(files.paths.path)).toReversed();
  job.paths = [...added, ...job.paths.filter((path) => !added.includes(path))];
  job.env = { ...job.env, ...Object.fromEntries(await read('env')) };
  const outputs = Object.fromEntries(await read('output'));
  const state = Object.fromEntries(await read('state'));
  await reportSummary(files.paths.step_summary, reporter);
  await Promise.all(kinds.map((kind) => rm(files.paths[kind], { force: true })));
  return { outputs, state, failed };
}

async function reportSummary(path: string, reporter: Reporter): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return;
  if (size > largestSummary) {
    const kilobytes = Math.ceil(size / 1024);
    reporter.annotate(
      'error',
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${kilobytes}k.`,
    );
    return;
  }
  reporter.summary(await readFile(path, 'utf8'));
}

/** A step may have deleted its files; it has then said nothing. */
function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
