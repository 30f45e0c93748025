import { environmentPolicy } from '@gatewright/config';
import type { Policy, ReleaseManifest } from '@gatewright/config';
import type { ActionOutcome, InputsOf, RunContext } from '@gatewright/contract';
import type { GitHub } from '@gatewright/github';
import { GatewrightError } from '@gatewright/verdict';
import { makeBrief, planText } from './brief.ts';
import type { Reading, Readings } from './brief.ts';
import type { contract } from './contract.ts';
import { renderBrief } from './render.ts';

type Outcome = ActionOutcome<typeof contract>;

/** What the action asks of the world. */
export interface Deps {
  readonly run: RunContext;
  readonly readPolicy: (path: string) => Promise<Policy>;
  readonly readManifest: (path: string) => Promise<ReleaseManifest>;
  /** SHA-256 of a file, hex. */
  readonly hashFile: (path: string) => Promise<string>;
  readonly github: Pick<GitHub, 'lastSuccessfulDeployment' | 'compareCommits'>;
}

/** Writes the page that a reviewer reads. What it cannot learn it says; it never leaves it out. */
export async function run(inputs: InputsOf<typeof contract>, deps: Deps): Promise<Outcome> {
  if (deps.run.isFork) return untrusted(deps.run);
  const policy = environmentPolicy(await deps.readPolicy(inputs.policyPath), inputs.environment);
  const release = await deps.readManifest(inputs.manifestPath);
  const { artifactPath } = inputs;
  if (artifactPath !== undefined) {
    const digest = await deps.hashFile(artifactPath);
    if (digest !== release.digest) return otherBytes(release, digest);
  }
  const { environment } = inputs;
  const readings = {
    ...(await readGitHub(environment, release.commit, deps.github)),
    artifactCompared: artifactPath !== undefined,
  };
  const brief = makeBrief({ environment, policy, release, run: deps.run, readings });
  const plan = planText(brief);
  return {
    verdict: 'pass',
    reasonCode: 'planned',
    explanation: `Ready for approval: ${plan}`,
    outputs: { digest: release.digest, release: release.version, plan },
    record: {
      environment,
      release: { version: release.version, digest: release.digest, commit: release.commit },
      deployed: readings.deployed,
      changes: readings.changes ?? null,
      plan: brief.plan,
      forwardOnly: brief.forwardOnly,
      unknowns: brief.unknowns,
    },
    summary: renderBrief(brief),
  };
}

async function readGitHub(
  environment: string,
  head: string,
  github: Deps['github'],
): Promise<Omit<Readings, 'artifactCompared'>> {
  const deployed = await reading(() => github.lastSuccessfulDeployment(environment));
  const base = deployed.kind === 'read' ? deployed.value?.sha : undefined;
  if (base === undefined) return { deployed };
  return { deployed, changes: await reading(() => github.compareCommits(base, head)) };
}

/** A refused or failed call is a finding for the page; a defect or a cancel is not. */
async function reading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'read', value: await read() };
  } catch (error) {
    if (!(error instanceof GatewrightError) || error.reasonCode === 'internal-error') throw error;
    const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`;
    return { kind: 'unreadable', why: `${error.message}${remedy}` };
  }
}

const nothingPlanned = { outputs: { digest: '', release: '', plan: '' }, record: {}, summary: '' };

function untrusted({ eventName }: RunContext): Outcome {
  return {
    ...nothingPlanned,
    verdict: 'fail',
    reasonCode: 'untrusted-context',
    explanation: 'This run may carry code from a fork, so nothing is planned for it.',
    checked: [`event: ${eventName}`],
    remedy: 'Deliver from a push to a branch of this repository, or by workflow_dispatch.',
  };
}

function otherBytes(release: ReleaseManifest, digest: string): Outcome {
  return {
    ...nothingPlanned,
    verdict: 'fail',
    reasonCode: 'digest-mismatch',
    explanation: `The artifact is not the one that the manifest of ${release.version} describes.`,
    checked: [`SHA-256 in the manifest: ${release.digest}`, `SHA-256 of the artifact: ${digest}`],
    remedy: 'Run the package job again, and see what else writes to the artifact.',
  };
}
