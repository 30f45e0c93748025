import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locate, UnsupportedSyntaxError, WorkflowFileError } from '../errors.ts';
import { unsupportedInWorkflow } from '../syntax/allowed-keys.ts';
import { parseWorkflowFile } from '../syntax/parse-file.ts';
import { readWorkflow } from '../syntax/read-workflow.ts';
import type { CallJob, JobSpec, Origin, StepsJob, WorkflowFile } from '../syntax/workflow-file.ts';
import { checkLiterals } from './inputs.ts';
import { planSteps } from './load-actions.ts';
import type { PlannedStep } from './load-actions.ts';
import { defaultPermissions, excessPermissions, readPermissions } from './permissions.ts';
import type { Permissions } from './permissions.ts';
import { parseReference } from './reference.ts';
import { labelOf, treeOf } from './sources.ts';
import type { Sources } from './sources.ts';

export interface PlannedStepsJob {
  readonly kind: 'steps';
  readonly spec: StepsJob;
  readonly permissions: Permissions;
  readonly steps: readonly PlannedStep[];
}

export interface PlannedCallJob {
  readonly kind: 'call';
  readonly spec: CallJob;
  readonly permissions: Permissions;
  readonly callee: PlannedWorkflow;
}

export type PlannedJob = PlannedStepsJob | PlannedCallJob;

/** A workflow file with everything it calls, read and checked. */
export interface PlannedWorkflow {
  readonly file: WorkflowFile;
  readonly jobs: readonly PlannedJob[];
}

export interface Plan {
  readonly workflow: PlannedWorkflow;
  /** Why GitHub would refuse to start the run although every file is valid. */
  readonly startupProblems: readonly string[];
}

/** GitHub: ten levels of workflows, fifty different ones in a run. */
const maximumLevels = 10;
const maximumWorkflows = 50;

interface Loading {
  readonly sources: Sources;
  readonly startupProblems: string[];
  readonly seen: Set<string>;
}

interface Level {
  /** The files from the entry to the caller, as labels. */
  readonly chain: readonly string[];
  /** What the caller's job may hand on; undefined for the entry. */
  readonly granted: Permissions | undefined;
}

/**
 * Loads the entry workflow and everything it calls.
 * @throws WorkflowFileError | UnsupportedSyntaxError naming file, line and column.
 */
export async function planRun(sources: Sources, origin: Origin, path: string): Promise<Plan> {
  const loading: Loading = { sources, startupProblems: [], seen: new Set() };
  const entry: Level = { chain: [], granted: undefined };
  const workflow = await load(loading, origin, path, entry).catch((error: unknown) => {
    throw error instanceof MissingFile ? new WorkflowFileError([error.message]) : error;
  });
  return { workflow, startupProblems: loading.startupProblems };
}

async function load(
  loading: Loading,
  origin: Origin,
  path: string,
  level: Level,
): Promise<PlannedWorkflow> {
  const label = labelOf(loading.sources, origin, path);
  const content = await readWorkflowText(origin, path, label);
  const chain = [...level.chain, label];
  loading.seen.add(label);
  // The callees come first, so that a fault inside one is reported with the callee's own line.
  const root = await parseWorkflowFile(label, content);
  const unsupported = unsupportedInWorkflow(root);
  if (unsupported.length > 0) throw new UnsupportedSyntaxError(unsupported);
  const file = readWorkflow(root, origin, path);
  const asked = file.permissions && readPermissions(file.permissions);
  if (asked !== undefined && level.granted !== undefined) {
    report(loading, `The workflow '${label}'`, asked, level.granted);
  }
  const inherited = asked ?? level.granted ?? defaultPermissions;
  const jobs: PlannedJob[] = [];
  for (const spec of file.jobs) {
    const permissions = jobPermissions(loading, label, spec, { inherited, granted: level.granted });
    jobs.push(await planJob(loading, file, spec, { chain, granted: permissions }));
  }
  await checkCalls(label, content, jobs);
  return { file, jobs };
}

async function planJob(
  loading: Loading,
  file: WorkflowFile,
  spec: JobSpec,
  level: Required<Level>,
): Promise<PlannedJob> {
  const permissions = level.granted ?? defaultPermissions;
  if (spec.kind === 'steps') {
    const steps = await planSteps(loading.sources, file.origin, spec.steps);
    return { kind: 'steps', spec, permissions, steps };
  }
  const { origin, path } = calledFile(loading.sources, file.origin, spec);
  const label = labelOf(loading.sources, origin, path);
  const complaint = callProblem(loading, level.chain, label);
  if (complaint !== undefined) throw new WorkflowFileError([locate(spec.usesAt, complaint)]);
  const callee = await load(loading, origin, path, level).catch((error: unknown) => {
    if (error instanceof MissingFile) {
      throw new WorkflowFileError([locate(spec.usesAt, `${spec.uses}: ${error.message}`)]);
    }
    throw error;
  });
  if (!callee.file.events.includes('workflow_call')) {
    throw new WorkflowFileError([
      locate(spec.usesAt, `${spec.uses} cannot be called: it has no workflow_call trigger`),
    ]);
  }
  const literals = checkLiterals(callee.file.callInputs, spec.with);
  if (literals.length > 0) throw new WorkflowFileError(literals);
  return { kind: 'call', spec, permissions, callee };
}

function callProblem(
  loading: Loading,
  chain: readonly string[],
  label: string,
): string | undefined {
  if (chain.includes(label)) return `${label} calls itself`;
  if (chain.length >= maximumLevels) return `workflows are nested deeper than ${maximumLevels}`;
  if (loading.seen.size >= maximumWorkflows && !loading.seen.has(label)) {
    return `a run takes no more than ${maximumWorkflows} different workflows`;
  }
  return undefined;
}

function calledFile(
  sources: Sources,
  caller: Origin,
  spec: CallJob,
): { readonly origin: Origin; readonly path: string } {
  const reference = parseReference(spec.uses);
  if (reference.kind === 'invalid') {
    throw new WorkflowFileError([locate(spec.usesAt, `${spec.uses}: ${reference.reason}`)]);
  }
  // Both `./` and `$/` mean the repository and commit of the file they are written in.
  if (reference.kind !== 'remote') return { origin: caller, path: reference.path };
  const origin = treeOf(sources, reference);
  if (origin === undefined) {
    throw new UnsupportedSyntaxError([
      locate(spec.usesAt, `${spec.uses}: this repository is not available at ${reference.ref}`),
    ]);
  }
  return { origin, path: reference.path };
}

/** GitHub's own check of the calls: unknown inputs, missing required ones. */
async function checkCalls(
  label: string,
  content: string,
  jobs: readonly PlannedJob[],
): Promise<void> {
  const callees = new Map<string, Origin & { readonly path: string }>();
  for (const job of jobs) {
    if (job.kind === 'call') {
      const { origin, path } = job.callee.file;
      callees.set(job.spec.uses, { ...origin, path });
    }
  }
  if (callees.size === 0) return;
  await parseWorkflowFile(label, content, async (reference) => {
    const wanted = [...callees.values()].find(
      (callee) =>
        callee.path === reference.path &&
        (!('owner' in reference) ||
          (callee.repository === `${reference.owner}/${reference.repository}` &&
            callee.ref === reference.version)),
    );
    if (wanted === undefined) throw new Error('not found');
    return {
      name: reference.path,
      content: await readFile(join(wanted.directory, wanted.path), 'utf8'),
    };
  });
}

function jobPermissions(
  loading: Loading,
  label: string,
  spec: JobSpec,
  from: { readonly inherited: Permissions; readonly granted: Permissions | undefined },
): Permissions {
  if (spec.permissions === undefined) return from.inherited;
  const asked = readPermissions(spec.permissions);
  if (from.granted !== undefined) {
    report(loading, `The nested job '${spec.id}' of '${label}'`, asked, from.granted);
  }
  return asked;
}

function report(loading: Loading, who: string, asked: Permissions, allowed: Permissions): void {
  loading.startupProblems.push(
    ...excessPermissions(asked, allowed).map((text) => `${who} ${text}.`),
  );
}

class MissingFile extends Error {}

async function readWorkflowText(origin: Origin, path: string, label: string): Promise<string> {
  try {
    return await readFile(join(origin.directory, path), 'utf8');
  } catch (cause) {
    throw new MissingFile(`${label} was not found`, { cause });
  }
}
