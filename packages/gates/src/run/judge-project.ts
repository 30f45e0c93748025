import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigurationError } from '@gatewright/verdict';
import type { Waiver } from '@gatewright/verdict';
import { treePath } from '../report/tree-path.ts';
import type { TreeRoots } from '../report/tree-path.ts';
import { effectivePolicy } from './effective-policy.ts';
import type { PolicyInForce, PolicyWishes } from './effective-policy.ts';
import type { GateKind } from './gate-kind.ts';
import { gitFacts } from './git.ts';
import { readBase } from './read-base.ts';
import type { EvidenceRequest, GatePorts } from './request.ts';
import { runGate } from './run-gate.ts';
import type { GateAccount } from '../show/index.ts';
import { toolRunner } from './tool.ts';
import type { ToolRunnerParts } from './tool.ts';

/** What the one who runs a gate gives; the names are those of the inputs of the actions. */
export interface GateInputs extends PolicyWishes {
  readonly reports?: readonly string[] | undefined;
  readonly coverageReports?: readonly string[] | undefined;
  readonly command?: readonly [string, ...string[]] | undefined;
  readonly workingDirectory: string;
  readonly timeoutSeconds: number;
  readonly format?: string | undefined;
  readonly baseResultPath?: string | undefined;
  readonly diffBase?: string | undefined;
  readonly severitySnapshot?: string | undefined;
}

/** What holds, whatever the inputs say. */
export interface GateRules {
  readonly policy: PolicyInForce;
  readonly waivers: readonly Waiver[];
  /** Facts to show, one sentence each. */
  readonly notes: readonly string[];
}

/** Where the gate stands, and what it does to the world. */
export interface GatePlace extends ToolRunnerParts {
  /** Absolute; relative paths are meant from here, and nothing outside of it is evidence. */
  readonly workspace: string;
  /** When the job began, in milliseconds since the epoch; absent when nobody knows. */
  readonly since?: number | undefined;
  readonly now: () => number;
  readonly say: (line: string) => void;
  /** Absolute; gets a copy of every report that was read. Absent: none is kept. */
  readonly reportsDirectory?: string;
  /** Commit of the run, where no git can be asked. */
  readonly commit?: string;
}

/**
 * Runs one gate over a project: the same for an action and on a laptop.
 *
 * @throws ConfigurationError when inputs, policy or base are not usable; evidence that is not ends in the account.
 */
export async function judgeProject(
  kind: GateKind,
  inputs: GateInputs,
  rules: GateRules,
  place: GatePlace,
): Promise<GateAccount> {
  const { policy, waivers, notes } = rules;
  const { reportsDirectory, commit } = place;
  const gates = effectivePolicy(policy, inputs);
  const { baseResultPath: basePath, severitySnapshot: snapshot, format, diffBase } = inputs;
  const at = (path: string): string => resolve(place.workspace, path);
  const base =
    basePath === undefined ? undefined : await readBase(at(basePath), basePath, kind.gate);
  const directory = await workingDirectory(place.workspace, inputs.workingDirectory);
  const runTool = toolRunner(place);
  const git = gitFacts(runTool, directory.base);
  const ports: GatePorts = { runTool, git, now: place.now, say: place.say, env: place.env };
  const scratch = await mkdtemp(join(place.env['RUNNER_TEMP'] || tmpdir(), 'gatewright-gate-'));
  try {
    const request = {
      gate: kind.gate,
      roots: await repositoryRoots(directory, await git.root()),
      evidence: evidenceOf(inputs, place.since),
      timeoutSeconds: inputs.timeoutSeconds,
      policy: { source: policy.source, gates },
      waivers,
      notes,
      scratch,
      ...(reportsDirectory === undefined ? {} : { reportsDirectory }),
      ...(commit === undefined ? {} : { commit }),
      ...(format === undefined ? {} : { format }),
      ...(base === undefined ? {} : { base }),
      ...(diffBase === undefined ? {} : { diffBase }),
      ...(snapshot === undefined ? {} : { severitySnapshot: at(snapshot) }),
    };
    return await runGate(kind, request, ports);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function evidenceOf(inputs: GateInputs, since: number | undefined): EvidenceRequest {
  const { reports, command, coverageReports = [] } = inputs;
  if (command !== undefined) {
    return {
      kind: 'command',
      command,
      coverageReports,
      ...(reports === undefined ? {} : { reports }),
    };
  }
  if (reports === undefined && coverageReports.length === 0) return { kind: 'detect' };
  const age = since === undefined ? {} : { since };
  return { kind: 'reports', reports: reports ?? [], coverageReports, ...age };
}

/** @throws ConfigurationError `input-invalid` when it is no directory of the workspace. */
async function workingDirectory(workspace: string, path: string): Promise<TreeRoots> {
  const root = await realpath(workspace);
  const base = await realpath(resolve(root, path)).catch(() => undefined);
  if (base !== undefined && isWithin(base, root)) return { root, base };
  throw new ConfigurationError(
    'input-invalid',
    `working-directory: ${JSON.stringify(path)} is not a directory of the workspace.`,
    { remedy: 'Give a directory relative to the workspace; check the code out before this step.' },
  );
}

/** Paths are those of the repository, which may be checked out below the workspace. */
async function repositoryRoots(given: TreeRoots, top: string | undefined): Promise<TreeRoots> {
  return top !== undefined && isWithin(top, given.root) && isWithin(given.base, top)
    ? { root: top, base: given.base }
    : given;
}

function isWithin(path: string, root: string): boolean {
  return path === root || treePath(path, { root, base: root }) !== undefined;
}
