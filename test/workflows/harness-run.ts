import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '@gatewright/cli';
import type { CallRecord, GitHubPending } from '@gatewright/emulators';
import {
  builtInStandIns,
  createConcurrencyGroups,
  findNode24,
  runWorkflow,
} from '@gatewright/engine';
import type { EngineEvent, JobRecord, Platform, StandIn, WorkflowRun } from '@gatewright/engine';
import * as z from 'zod';
import { root } from './harness-callers.ts';

/** What is to be run, as somebody would start it on GitHub. */
export interface Order {
  /** File under `.github/workflows/` of the application, without `.yml`. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Full name; default `refs/heads/main`. */
  readonly ref?: string;
  /** Decides about a job that waits; by default the reviewer approves. */
  readonly decide?: (pending: GitHubPending) => void;
  readonly observe?: (event: EngineEvent) => void;
  readonly signal?: AbortSignal;
  /** Another checkout of Gatewright than this one to take workflows and actions from, by what callers write behind `@`. */
  readonly published?: { readonly ref: string; readonly sha: string; readonly directory: string };
  /** Does not share GitHub's concurrency groups with the other runs, as a run of another repository would not. */
  readonly alone?: true;
}

/** What was seen of a run. */
export interface Attempt {
  readonly run: WorkflowRun;
  readonly events: readonly EngineEvent[];
  /** The runner's calls of AWS, in the time of the run; those of hosts are left out. */
  readonly calls: readonly CallRecord[];
  /** Who was asked to approve. */
  readonly asked: readonly GitHubPending[];
}

/** What a run needs of its stage. */
export interface Ground {
  readonly world: World;
  readonly workRoot: string;
  readonly secrets: Set<string>;
}

const repository = 'acme/orders';

/** Runs a workflow of the sample application to its end. */
export async function runOn(ground: Ground, order: Order): Promise<Attempt> {
  const { github, aws } = ground.world;
  const { ref = 'refs/heads/main', inputs, signal } = order;
  const events: EngineEvent[] = [];
  const asked: GitHubPending[] = [];
  let runId = '';
  const before = aws.journal().length;
  const decide = order.decide ?? ((pending) => approve(ground.world, pending));
  const unsubscribe = github.onPending((pending) => {
    if (pending.runId !== runId) return;
    asked.push(pending);
    decide(pending);
  });
  try {
    const run = await runWorkflow({
      repository: {
        fullName: repository,
        defaultBranch: 'main',
        directory: (name) => github.commit(repository, name),
      },
      workflow: `.github/workflows/${order.workflow}.yml`,
      event: {
        name: 'workflow_dispatch',
        ref,
        sha: github.commit(repository, ref)?.sha ?? '',
        actor: 'ada-orders',
        inputs,
      },
      remotes: (owner, repo, wanted) =>
        `${owner}/${repo}` === 'OWNER/gatewright' ? toolkit(order, wanted) : undefined,
      standIns: listening(ground.secrets),
      platform: platformOf(ground),
      node24: findNode24(),
      environment: { AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: 'true' },
      workRoot: ground.workRoot,
      ...(order.alone === undefined ? {} : { concurrencyGroups: createConcurrencyGroups() }),
      ...(signal === undefined ? {} : { signal }),
      observe(event) {
        if (event.kind === 'run-started') runId = event.runId;
        events.push(event);
        order.observe?.(event);
      },
    });
    const calls = aws
      .journal()
      .slice(before)
      .filter(({ caller }) => !caller.includes('instance-role'));
    return { run, events, calls, asked };
  } finally {
    unsubscribe();
  }
}

/** Where Gatewright itself comes from: this checkout, unless a run names a published one. */
function toolkit({ published }: Order, ref: string) {
  if (published === undefined) return { directory: root, sha: '0'.repeat(40) };
  return ref === published.ref ? published : undefined;
}

/** The reviewer of an environment approves. */
export function approve({ github }: World, pending: GitHubPending): void {
  github.approve(pending.runId, pending.environment, { by: pending.eligible[0] ?? '' });
}

const platforms = new WeakMap<World, Platform>();

/** The emulated GitHub; keeps every token that it hands to a job. One for all runs, as they share what GitHub holds. */
function platformOf({ world, secrets }: Ground): Platform {
  const { github } = world;
  const platform: Platform = platforms.get(world) ?? {
    openRun: (request) => github.openRun(request),
    closeRun: (runId, conclusion) => github.closeRun(runId, conclusion),
    async openJob(runId, job) {
      const session = await github.openJob(runId, job);
      secrets.add(session.token);
      const request = session.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
      if (request !== undefined) secrets.add(request);
      return session;
    },
  };
  platforms.set(world, platform);
  return platform;
}

/** The stand-ins; what the one for credentials masks (OIDC token and credentials) is kept. */
function listening(secrets: Set<string>): Readonly<Record<string, StandIn>> {
  const name = 'aws-actions/configure-aws-credentials';
  const original = builtInStandIns[name];
  if (original === undefined) throw new Error(`no stand-in for ${name}`);
  const standIn: StandIn = {
    ...original,
    run: (context) =>
      original.run({
        ...context,
        addMask(value) {
          secrets.add(value);
          context.addMask(value);
        },
      }),
  };
  return { ...builtInStandIns, [name]: standIn };
}

/** Looks again and again until something is there. @throws Error when it is not within 60 seconds. */
export async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`there was never ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Conclusions of the jobs, by the name within the called workflow. */
export function conclusions({ run }: Attempt): Record<string, string> {
  return Object.fromEntries(run.jobs.map(({ id, conclusion }) => [shortId(id), conclusion]));
}

export function jobOf({ run }: Attempt, name: string): JobRecord {
  const job = run.jobs.find(({ id }) => shortId(id) === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  return job;
}

function shortId(id: string): string {
  return id.split('/').at(-1) ?? '';
}

/** The verdict of a run: what its last job says. */
export function verdictOf(attempt: Attempt): string {
  const { outputs } = jobOf(attempt, 'evidence');
  return `${outputs['verdict'] ?? ''} ${outputs['reason-code'] ?? ''}`;
}

const evidenceSchema = z.object({
  verdict: z.string(),
  reasonCode: z.string(),
  explanation: z.string(),
  rolledBack: z.boolean(),
  unknowns: z.array(z.string()),
  jobs: z.record(z.string(), z.string()),
  hosts: z.array(
    z.object({
      name: z.string(),
      outcome: z.string(),
      release: z.object({ version: z.string() }).nullable(),
    }),
  ),
});

/** The evidence record that a run left as an artifact. */
export async function evidenceOf({ run }: Attempt): Promise<z.infer<typeof evidenceSchema>> {
  const artifact = run.artifacts.find(({ name }) => name === 'gatewright-evidence');
  const text = await readFile(join(artifact?.directory ?? '', 'evidence.json'), 'utf8');
  return evidenceSchema.parse(JSON.parse(text));
}

/** What the run itself and its jobs reported as errors. */
export function errorsOf({ run }: Attempt): string {
  return [run, ...run.jobs]
    .flatMap(({ annotations }) => annotations.filter(({ level }) => level === 'error'))
    .map(({ message }) => message)
    .join('\n');
}

const command = z.object({
  InstanceIds: z.array(z.string()),
  Parameters: z.record(z.string(), z.array(z.string())),
});

/** The commands that asked hosts to change, in their order: `apply 1.1.0 i-…`. */
export function changesIn(attempt: Attempt): string[] {
  return ownCalls(attempt).flatMap(({ operation, errorCode, parameters }) => {
    if (operation !== 'SendCommand' || errorCode !== undefined) return [];
    const { InstanceIds, Parameters } = command.parse(parameters);
    const kind = Parameters['Operation']?.[0] ?? '';
    if (kind !== 'apply' && kind !== 'revert') return [];
    return [`${kind} ${Parameters['Version']?.[0] ?? ''} ${InstanceIds.toSorted().join(' ')}`];
  });
}

/** The calls that were made with the credentials of this very run; others may have run beside it. */
export function ownCalls({ run, calls }: Attempt): readonly CallRecord[] {
  return calls.filter(({ caller }) => caller.includes(`/gatewright-${run.runId}-`));
}

/** How the steps of a job ended, before any `continue-on-error`. */
export function outcomes(attempt: Attempt, job: string): Record<string, string> {
  return Object.fromEntries(jobOf(attempt, job).steps.map(({ name, outcome }) => [name, outcome]));
}

/** Names of the AWS operations that were called, each once. */
export function operationsIn(calls: readonly CallRecord[]): string[] {
  return [...new Set(calls.map(({ operation }) => operation))].toSorted();
}
