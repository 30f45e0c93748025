import { environmentPolicy, readPolicy, readReleaseManifest } from '@gatewright/config';
import type { ReleaseManifest } from '@gatewright/config';
import type { ActionContext, ActionOutcome, InputsOf } from '@gatewright/contract';
import { renderVerifyReport, verifyRelease } from '@gatewright/verify';
import type { Clock, Probe, Target, VerifyReport } from '@gatewright/verify';
import type { contract } from './contract.ts';
import { describeEvent } from './describe-event.ts';
import { readTargets } from './read-targets.ts';

type Inputs = InputsOf<typeof contract>;

export interface Deps {
  readonly context: ActionContext;
  readonly probe: Probe;
  readonly clock: Clock;
}

/** Reads what is expected and where, verifies it, and reports. */
export async function run(inputs: Inputs, deps: Deps): Promise<ActionOutcome<typeof contract>> {
  const { context, probe, clock } = deps;
  const { workspace } = context.run;
  const policy = await readPolicy(workspace, inputs.policyPath);
  const environment = environmentPolicy(policy, inputs.environment);
  const targets = readTargets(inputs.targets ?? [], environment);
  const manifest = await readReleaseManifest(workspace, inputs.manifestPath);

  const title = `Verify ${manifest.app} ${manifest.version} in ${inputs.environment}`;
  const deadlineSeconds = inputs.deadlineSeconds ?? manifest.verify.deadlineSeconds;
  const report = await context.log.group(title, () =>
    verifyRelease({
      targets,
      release: manifest.version,
      suite: { ...manifest.verify, deadlineSeconds },
      probe,
      clock,
      signal: context.signal,
      observe: (event) => context.log.info(describeEvent(event)),
    }),
  );
  return outcome(report, manifest, targets, inputs);
}

function outcome(
  report: VerifyReport,
  manifest: ReleaseManifest,
  targets: readonly Target[],
  inputs: Inputs,
): ActionOutcome<typeof contract> {
  const { app, version, digest } = manifest;
  const checks = report.targets.flatMap((target) => target.checks);
  const passed = checks.filter(({ verdict }) => verdict === 'pass').length;
  // Counted from the plan, so that checks which were never begun do not look as if there were none.
  const total = targets.length * manifest.verify.checks.length;
  const remedy = remedies.get(report.reasonCode);
  return {
    verdict: report.verdict,
    reasonCode: report.reasonCode,
    explanation: report.explanation,
    outputs: { checksTotal: total, checksFailed: total - passed },
    record: { environment: inputs.environment, release: { app, version, digest }, report },
    summary: renderVerifyReport(report),
    checked: targets.map(({ name, baseUrl }) => `${name} at ${baseUrl}`),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

const remedies = new Map<string, string>([
  [
    'smoke-failed',
    'The release is bad on these checks: mend it, or the check if it expects the wrong thing.',
  ],
  [
    'converge-timed-out',
    'See on the hosts named above what they serve and why; raise verify.deadline-seconds only if they were on their way.',
  ],
  [
    'smoke-inconclusive',
    'Look at the targets named above before you go on; another deployment may be under way.',
  ],
  [
    'smoke-no-data',
    'See that there are targets and that this runner reaches them (network, security group, port), or set probe-hosts: false and a url in the policy.',
  ],
]);
