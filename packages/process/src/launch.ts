import { stat } from 'node:fs/promises';
import { ConfigurationError } from '@gatewright/verdict';
import type { CommandSpec } from './command.ts';
import { findProgram } from './find-program.ts';

/** What the supervisor is called with. */
export interface Launch {
  readonly setsid: string;
  readonly program: string;
}

/** The longest argument of Linux (MAX_ARG_STRLEN), with the byte that ends it. */
const maxTextBytes = 131_072;
/** Half of what Linux takes with the usual limit of the stack. */
const maxTextsBytes = 1_048_576;

/**
 * Sees to it that a command can be started. Node throws at once for a text that holds a zero byte or is too long, and for
 * a directory that is none; `@actions/exec` 3.0.0 loses that error and never settles.
 *
 * @throws ConfigurationError `config-invalid`
 */
export async function prepareLaunch(spec: CommandSpec): Promise<Launch> {
  const [name] = spec.argv;
  const why = textProblem(spec) ?? (await directoryProblem(spec.cwd));
  if (why !== undefined) throw notStarted(name, why);
  const program = await findProgram(name, { path: spec.env['PATH'], cwd: spec.cwd });
  if (program.kind === 'missing') throw notStarted(name, program.why);
  // Not on the PATH of the command, which says nothing about where our own tools are.
  const setsid = await findProgram('setsid', { path: process.env['PATH'], cwd: '/' });
  if (setsid.kind === 'missing') {
    throw notStarted(name, 'this machine has no setsid (util-linux or busybox)');
  }
  return { setsid: setsid.path, program: program.path };
}

/** The program could not be started at all. */
export function notStarted(program: string, why: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    'config-invalid',
    `The program ${program} could not be started: ${why}.`,
    {
      checked: [`${program} as a path and on the PATH`],
      remedy: 'Correct the command, or install the program in a step before this one.',
      cause,
    },
  );
}

function textProblem({ argv, env }: CommandSpec): string | undefined {
  const texts = [...argv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  if (texts.some((text) => text.includes('\0'))) {
    return 'an argument or a variable holds a zero byte';
  }
  const sizes = texts.map((text) => Buffer.byteLength(text) + 1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const isTooLong = total > maxTextsBytes || sizes.some((size) => size > maxTextBytes);
  return isTooLong ? 'E2BIG: the arguments and the environment are too long' : undefined;
}

async function directoryProblem(cwd: string): Promise<string | undefined> {
  const status = await stat(cwd).catch(() => undefined);
  return status?.isDirectory() === true ? undefined : `${cwd} is no directory`;
}
