import type { GitHubPending } from '@gatewright/emulators';
import { builtInStandIns, runWorkflow } from '@gatewright/engine';
import type { EngineEvent, RunEvent, WorkflowRun } from '@gatewright/engine';
import { changeEvents, hostChanges } from './aws-events.ts';
import type { HostChange } from './aws-events.ts';
import type { DemoEvent, ScenarioRecord } from './record.ts';
import { problemsOf } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import { underWatch } from './under-watch.ts';
import { repository } from './world.ts';
import type { World } from './world.ts';

/** What a scenario is played on and with. */
export interface Stage {
  readonly world: World;
  /** Root of the Gatewright repository, which serves `OWNER/gatewright@v1`. */
  readonly root: string;
  /** Where the engine puts workspaces. */
  readonly workRoot: string;
  /** Path of a Node 24 binary. */
  readonly node24: string;
  /** Decides about a waiting environment; `brief` is the page that the reviewer reads (Markdown). */
  readonly approve: (pending: GitHubPending, brief: string) => Promise<boolean>;
  readonly progress: (event: DemoEvent) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A scenario as it was seen, and the third-party actions that had stand-ins. */
export type Played = ScenarioRecord & { readonly standIns: readonly string[] };

/** Runs one scenario through the sample's own caller workflow and tells what was seen of it. */
export async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  const { world } = stage;
  const hosts = world.hosts[scenario.environment];
  const frontDoor = world.frontDoors[scenario.environment];
  const startedAt = Date.now();
  const callsBefore = world.aws.journal().length;
  const events: DemoEvent[] = [];
  const note = (event: Omit<DemoEvent, 'at'>): void => {
    const timed = { ...event, at: Date.now() - startedAt };
    events.push(timed);
    stage.progress(timed);
  };

  const summaries = new Map<string, string>();
  const unsubscribe = world.github.onPending((pending) => {
    note({
      kind: 'approval-asked',
      text: `${pending.environment} waits for ${pending.eligible.join(', ')}`,
    });
    void decide(pending, stage, summaries, note);
  });
  note({ kind: 'started', text: scenario.title });
  const {
    result: run,
    before,
    serves,
    timeline,
    probes,
  } = await underWatch(hosts, `${frontDoor.url}/orders`, () =>
    runScenario(stage, scenario, (event) => observe(event, { note, summaries, log: stage.log })),
  ).finally(unsubscribe);

  const calls = world.aws.journal().slice(callsBefore);
  const changes = hostChanges(calls);
  const nameOf = (id: string): string => hosts.find((host) => host.id === id)?.name ?? id;
  const said = lastWord(run);
  const seen = {
    jobConclusion: run.conclusion,
    verdict: said['verdict'] || 'none',
    reasonCode: said['reason-code'] || 'none',
    hosts: hosts.map(({ id, name }) => ({
      id,
      name,
      release: serves.get(id) ?? null,
      before: before.get(id) ?? null,
    })),
    // One command a wave: no fleet of the demo has more than the 50 hosts that one command reaches.
    waves: changes.filter(({ kind }) => kind === (deploys(scenario) ? 'apply' : 'revert')).length,
    hostsChanged: hostsGiven(changes, scenario.release),
    awsCalls: calls.filter(({ caller }) => !caller.includes('instance-role')).length,
  };
  note({ kind: 'finished', text: `${seen.verdict} (${seen.reasonCode}), run ${run.conclusion}` });
  const { hostsChanged: _changed, ...shown } = seen;
  return {
    name: scenario.name,
    title: scenario.title,
    environment: scenario.environment,
    release: scenario.release,
    ...shown,
    failedRequests: probes?.failed ?? 0,
    seconds: Math.round((Date.now() - startedAt) / 100) / 10,
    events: [...events, ...changeEvents(changes, startedAt, nameOf)].toSorted(
      (a, b) => a.at - b.at,
    ),
    hostTimeline: timeline,
    summaries: run.jobs
      .filter(({ summary }) => summary !== '')
      .map(({ name, summary }) => ({ job: name, markdown: summary })),
    problems: withPlaces(problemsOf(scenario.expect, seen), run),
    ...(probes === undefined ? {} : { requests: probes.windows }),
    standIns: run.standInsUsed,
  };
}

/** What the run says of itself: its evidence, or the verdict of the gates when they let nothing come after them. */
function lastWord({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
  const outputsOf = (name: string) => jobs.find(({ id }) => id.endsWith(`/${name}`))?.outputs ?? {};
  const evidence = outputsOf('evidence');
  return evidence['verdict'] ? evidence : outputsOf('verdict');
}

/** Problems say what differs; the failed steps and what they reported say where to look. */
function withPlaces(problems: readonly string[], run: WorkflowRun): string[] {
  if (problems.length === 0) return [];
  const steps = run.jobs.flatMap((job) =>
    job.steps
      .filter(({ outcome }) => outcome === 'failure')
      .map(({ name }) => `failed step: ${job.name}: ${name}`),
  );
  const reports = [run, ...run.jobs]
    .flatMap(({ annotations }) => annotations.filter(({ level }) => level === 'error'))
    .map(({ message }) => `reported: ${message.split('\n', 1)[0] ?? ''}`);
  return [...problems, ...new Set([...steps, ...reports])];
}

/** Runs the sample's own caller workflow as a scenario wants it, and nothing around it. */
export function runScenario(
  stage: Pick<Stage, 'world' | 'root' | 'workRoot' | 'node24' | 'signal'>,
  scenario: Scenario,
  observer: (event: EngineEvent) => void,
): Promise<WorkflowRun> {
  const { world, root } = stage;
  const { github, aws } = world;
  if (deploys(scenario)) moveMain(world, scenario.release);
  return runWorkflow({
    repository: {
      fullName: repository,
      defaultBranch: 'main',
      directory: (ref) => github.commit(repository, ref),
    },
    workflow: scenario.workflow,
    event: eventOf(scenario, world),
    remotes: (owner, repo) =>
      owner === 'OWNER' && repo === 'gatewright'
        ? { directory: root, sha: '0'.repeat(40) }
        : undefined,
    standIns: builtInStandIns,
    platform: github,
    node24: stage.node24,
    environment: { AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: 'true' },
    workRoot: stage.workRoot,
    observe: observer,
    signal: stage.signal,
  });
}

/** What somebody did on GitHub to start it. */
function eventOf(scenario: Scenario, { github, commits }: World): RunEvent {
  const { workflow, environment, release } = scenario;
  const head = github.commit(repository, 'refs/heads/main')?.sha ?? '';
  const actor = 'ada-orders';
  if (workflow.endsWith('/gates.yml')) {
    const sha = commits.find((commit) => commit.version === release)?.sha ?? '';
    const repo = { full_name: repository };
    const pull = { number: 7, head: { sha, repo }, base: { sha: head, repo } };
    const payload = { pull_request: pull };
    return { name: 'pull_request', ref: 'refs/pull/7/merge', sha, actor, payload };
  }
  const inputs = deploys(scenario) ? { environment, release } : { environment, to: release };
  return { name: 'workflow_dispatch', ref: 'refs/heads/main', sha: head, actor, inputs };
}

function deploys({ workflow }: Scenario): boolean {
  return workflow.endsWith('/deploy.yml');
}

/** What a push of the release's commit would have done. */
function moveMain({ github, commits }: World, version: string): void {
  const sha = commits.find((commit) => commit.version === version)?.sha ?? '';
  const commit = github.commit(repository, sha);
  if (commit === undefined) throw new Error(`The sample application has no release ${version}.`);
  github.push(repository, 'refs/heads/main', commit);
}

async function decide(
  pending: GitHubPending,
  stage: Stage,
  summaries: ReadonlyMap<string, string>,
  note: (event: Omit<DemoEvent, 'at'>) => void,
): Promise<void> {
  const brief = [...summaries].find(([job]) => job.endsWith('brief'))?.[1] ?? '';
  const approved = await stage.approve(pending, brief);
  const by = pending.eligible[0] ?? '';
  const { github } = stage.world;
  note({ kind: 'approval', text: approved ? `approved by ${by}` : `rejected by ${by}` });
  if (approved)
    github.approve(pending.runId, pending.environment, { by, comment: 'Read the brief.' });
  else github.reject(pending.runId, pending.environment, { by, comment: 'Not now.' });
}

function observe(
  event: EngineEvent,
  to: {
    readonly note: (event: Omit<DemoEvent, 'at'>) => void;
    readonly summaries: Map<string, string>;
    readonly log: (line: string) => void;
  },
): void {
  if (event.kind === 'log') to.log(`${event.job} | ${event.line}`);
  if (event.kind === 'summary') {
    to.summaries.set(event.job, (to.summaries.get(event.job) ?? '') + event.markdown);
  }
  if (event.kind === 'job-finished' && event.job.includes(' / '))
    to.note({ kind: 'note', text: `${event.job}: ${event.conclusion}` });
  if (event.kind !== 'step-finished' || event.conclusion === 'skipped') return;
  const good = event.conclusion === 'success';
  if (event.step === 'Smoke test') {
    to.note({ kind: good ? 'smoke-pass' : 'smoke-fail', text: `smoke test: ${event.conclusion}` });
  }
  if (event.step === 'Deploy in waves' && !good) {
    to.note({ kind: 'smoke-fail', text: `deploy in waves: ${event.conclusion}` });
  }
}

/** How many hosts were ever asked to serve this release. */
function hostsGiven(changes: readonly HostChange[], version: string): number {
  return new Set(
    changes.filter((change) => change.version === version).flatMap(({ hostIds }) => hostIds),
  ).size;
}
