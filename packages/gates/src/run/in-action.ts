import { mkdir, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { ActionContext } from '@gatewright/contract';
import { jobStart } from './job-start.ts';
import type { GatePlace } from './judge-project.ts';
import { toSarif } from '../show/index.ts';
import type { GateAccount } from '../show/index.ts';
import type { RunCommand } from './tool.ts';

/** What an action binds. */
export interface ActionParts {
  readonly context: Pick<ActionContext, 'log' | 'signal' | 'run' | 'now'>;
  readonly runCommand: RunCommand;
  /** The environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The place of a gate in a job. */
export type ActionPlace = GatePlace & { readonly reportsDirectory: string };

/** The job that an action runs in, as the place of a gate. */
export async function gatePlace({ context, runCommand, env }: ActionParts): Promise<ActionPlace> {
  const { log, run, signal } = context;
  return {
    workspace: run.workspace,
    commit: run.sha,
    reportsDirectory: join(run.temp, 'gatewright', `reports-${randomUUID()}`),
    since: await jobStart(env),
    runCommand,
    env,
    signal,
    now: () => context.now(),
    say: (line) => log.info(line),
    // The mark says that it is foreign text; the logger keeps it from being a workflow command.
    show: (line) => log.info(`  | ${line}`),
  };
}

/** Writes the findings as SARIF for those who want them. That it fails changes no verdict. */
export async function writeSarif(
  account: GateAccount,
  path: string | undefined,
  { log, run }: ActionParts['context'],
): Promise<void> {
  if (path === undefined) return;
  const file = resolve(run.workspace, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(toSarif(account))}\n`);
  } catch (error) {
    log.warning(`The SARIF file ${path} was not written: ${String(error)}`);
  }
}
