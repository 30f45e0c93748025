import { environmentPolicy } from '@gatewright/config';
import type { EnvironmentPolicy, Policy } from '@gatewright/config';
import type { ActionOutcome, InputsOf, RunContext } from '@gatewright/contract';
import type { GitHub } from '@gatewright/github';
import type { contract } from './contract.ts';
import { decide, describe } from './decide.ts';
import type { Decision } from './decide.ts';
import { renderSummary } from './render.ts';

type Contract = typeof contract;

export interface Dependencies {
  readonly run: RunContext;
  readPolicy(path: string): Promise<Policy>;
  readonly github: Pick<GitHub, 'readEnvironment'>;
}

const noOutputs = { awsRegion: '', roleToAssume: '', environmentUrl: '' };

/** Compares the live environment with the declared one, and hands on the way to AWS only if that is good. */
export async function run(
  inputs: InputsOf<Contract>,
  deps: Dependencies,
): Promise<ActionOutcome<Contract>> {
  if (deps.run.isFork) return refuse(deps.run);
  const policy = environmentPolicy(await deps.readPolicy(inputs.policyPath), inputs.environment);
  const reading = await deps.github.readEnvironment(inputs.environment);
  const decision = decide(inputs.environment, policy.protection, reading);
  const { serverUrl, repository } = deps.run;
  const settings = `${serverUrl}/${repository}/settings/environments`;
  return {
    verdict: decision.verdict,
    reasonCode: decision.reasonCode,
    explanation: decision.explanation,
    outputs: decision.verdict === 'pass' ? outputsOf(policy) : noOutputs,
    record: {
      environment: inputs.environment,
      mode: inputs.mode,
      declared: policy.protection,
      live: reading,
      differences: decision.differences,
    },
    summary: renderSummary(inputs.environment, decision, settings),
    checked: checkedFacts(decision, inputs.policyPath),
    ...(decision.remedy === undefined ? {} : { remedy: decision.remedy }),
  };
}

function outputsOf(policy: EnvironmentPolicy) {
  return {
    awsRegion: policy.aws.region,
    roleToAssume: policy.aws.roleToAssume,
    environmentUrl: policy.url ?? '',
  };
}

function checkedFacts(decision: Decision, policyPath: string): readonly string[] {
  return [`declared in ${policyPath}`, ...decision.aspects.map(describe)];
}

/** A pull request from a fork could bring its own policy; nothing is even read for it. */
function refuse(context: RunContext): ActionOutcome<Contract> {
  return {
    verdict: 'fail',
    reasonCode: 'untrusted-context',
    explanation: `A run of the event ${context.eventName} may carry foreign code, so it gets no way to an environment.`,
    outputs: noOutputs,
    record: { eventName: context.eventName },
    summary: '',
    checked: [`event: ${context.eventName}`, `ref: ${context.ref}`],
    remedy: 'Deploy from a push, a tag or a manual run of this repository.',
  };
}
