import { relative, resolve } from 'node:path';

import { placeOf, writeRunState } from '@gatewright/aws';
import type { AwsEnvironment, openEnvironment } from '@gatewright/aws';
import { environmentPolicy, readPolicy } from '@gatewright/config';
import type { EnvironmentPolicy } from '@gatewright/config';
import type { ActionContext, ActionOutcome, InputsOf, RunContext } from '@gatewright/contract';
import { describeEvent, rollback } from '@gatewright/delivery';
import type { DeliveryEvent, RollbackResult } from '@gatewright/delivery';
import { ConfigurationError } from '@gatewright/verdict';
import type { Clock, Probe } from '@gatewright/verify';

import { appName } from './app-name.ts';
import { conclude, refuse } from './conclude.ts';
import type { contract } from './contract.ts';
import { chooseScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { createVerifier } from './verifier.ts';

type Inputs = InputsOf<typeof contract>;
type Outcome = ActionOutcome<typeof contract>;

/** What the action acts through. */
export interface Deps {
  readonly context: ActionContext;
  readonly openEnvironment: typeof openEnvironment;
  readonly probe: Probe;
  readonly probeClock: Clock;
}

/** Only the ledger will tell which suite is to be run; most take less. */
const verifySeconds = 600;

/** Takes hosts back to an earlier verified release. */
export async function run(inputs: Inputs, deps: Deps): Promise<Outcome> {
  const { context } = deps;
  const { workspace } = context.run;
  if (context.run.isFork) return refuse(context.run);
  const policyPath = relative(workspace, resolve(workspace, inputs.policyPath));
  const policies = await readPolicy(workspace, policyPath);
  const policy = environmentPolicy(policies, inputs.environment);
  const app = await appName(workspace, inputs);

  const { environment } = inputs;
  const place = placeOf(policy, context.run, { app, environment, verifySeconds });
  const state = writeRunState((key, value) => context.saveState(key, value));
  const cloud = deps.openEnvironment(place, {
    now: () => context.now(),
    observe: state.noteCommand,
  });
  try {
    await cloud.verifyDocument();
    const instances = await cloud.fleet.discover(policy.targets.tags);
    const scope = chooseScope(instances, inputs.hosts);
    if (scope.hosts.length + scope.unreachable.length === 0) throw nobody(policy);

    state.begin(place);
    const note = (event: DeliveryEvent): void => {
      state.noteDelivery(event);
      context.log.info(describeEvent(event));
    };
    const result = await context.log.group(`Roll ${app} back to ${inputs.to}`, () =>
      takeBack({ inputs, policy, scope, cloud, deps, note }),
    );
    if (!context.signal.aborted) state.end();
    showLogs(result, context);
    return conclude(result, { app, environment, apiCalls: cloud.calls() });
  } finally {
    cloud.close();
  }
}

interface Journey {
  readonly inputs: Inputs;
  readonly policy: EnvironmentPolicy;
  readonly scope: Scope;
  readonly cloud: AwsEnvironment;
  readonly deps: Deps;
  readonly note: (event: DeliveryEvent) => void;
}

function takeBack({ inputs, policy, scope, cloud, deps, note }: Journey): Promise<RollbackResult> {
  const { context, probe, probeClock } = deps;
  const { fleet, ledger, lock, clock } = cloud;
  const { leaving } = inputs;
  const verify = policy.probeHosts
    ? createVerifier(probe, probeClock, (line) => context.log.info(line))
    : 'off';
  const plan = {
    environment: inputs.environment,
    runId: context.run.runId,
    hosts: scope.hosts,
    unreachable: scope.unreachable,
    // A failed release leaves at once; a wanted change goes in the waves of any other.
    strategy: leaving === undefined ? policy.strategy : ({ kind: 'all-at-once' } as const),
    to: inputs.to,
    ...(leaving === undefined ? {} : { leaving }),
    reason: (inputs.reason ?? defaultReason(leaving, context.run)).slice(0, 500),
  };
  const ports = { fleet, ledger, lock, verify, clock, signal: context.signal } as const;
  return rollback(plan, ports, note);
}

function defaultReason(leaving: string | undefined, { actor, runId }: RunContext): string {
  return leaving === undefined
    ? `asked for by ${actor} in run ${runId}`
    : `the delivery of run ${runId} failed`;
}

/** The hosts' own words, where something went wrong. */
function showLogs(result: RollbackResult, context: ActionContext): void {
  for (const host of result.hosts) {
    const fine = host.outcome === 'restored' || host.outcome === 'untouched';
    if (!fine && host.log !== '') context.log.untrusted(`Log of ${host.id}`, host.log);
  }
}

function nobody(policy: EnvironmentPolicy): ConfigurationError {
  const tags = Object.entries(policy.targets.tags).map(([key, value]) => `${key}=${value}`);
  return new ConfigurationError('no-host-matches', 'no managed instance matches the target', {
    checked: [`tags: ${tags.join(', ')}`, `region: ${policy.aws.region}`],
    remedy: 'Compare the tags in policy.yml with those of the instances, and check the region.',
  });
}
