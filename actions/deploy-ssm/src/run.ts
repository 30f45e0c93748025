import { relative, resolve } from 'node:path';

import { placeOf, writeRunState } from '@gatewright/aws';
import type { AwsEnvironment, openEnvironment } from '@gatewright/aws';
import { environmentPolicy, readPolicy } from '@gatewright/config';
import type { EnvironmentPolicy } from '@gatewright/config';
import type { ActionContext, ActionOutcome, InputsOf } from '@gatewright/contract';
import { buildRoster, describeEvent, rollout } from '@gatewright/delivery';
import type { DeliveryEvent, Release, RolloutResult, Roster } from '@gatewright/delivery';
import type { Clock, Probe } from '@gatewright/verify';

import { conclude } from './conclude.ts';
import type { contract } from './contract.ts';
import { readPackedRelease } from './read-release.ts';
import type { PackedRelease } from './read-release.ts';
import { refuse, refuseRoster } from './refuse.ts';
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

/** Checks everything that can be checked without AWS, then brings the release to the hosts. */
export async function run(inputs: Inputs, deps: Deps): Promise<Outcome> {
  const { context } = deps;
  const { workspace } = context.run;
  if (context.run.isFork) return refuse(context.run);
  const policyPath = relative(workspace, resolve(workspace, inputs.policyPath));
  const policies = await readPolicy(workspace, policyPath);
  const policy = environmentPolicy(policies, inputs.environment);
  const packed = await readPackedRelease(workspace, inputs.manifestPath, inputs.expectedDigest);

  const { app, verify } = packed.manifest;
  const { environment } = inputs;
  const verifySeconds = verify.deadlineSeconds;
  const place = placeOf(policy, context.run, { app, environment, verifySeconds });
  const state = writeRunState((key, value) => context.saveState(key, value));
  const cloud = deps.openEnvironment(place, {
    now: () => context.now(),
    observe: state.noteCommand,
  });
  try {
    await cloud.verifyDocument();
    const { digest } = packed.manifest;
    const source = await cloud.artifacts.put({ app, digest, bytes: packed.bytes });
    const instances = await cloud.fleet.discover(policy.targets.tags);
    const roster = buildRoster(instances, policy.targets.minimumHosts);
    if (roster.problem !== undefined) return refuseRoster(roster.problem, roster, packed.manifest);

    state.begin(place);
    const note = (event: DeliveryEvent): void => {
      state.noteDelivery(event);
      context.log.info(describeEvent(event));
    };
    const release = releaseOf(packed, source);
    const result = await context.log.group(`Deploy ${app} ${release.version}`, () =>
      deliver({ inputs, policy, release, roster, cloud, deps, note }),
    );
    if (!context.signal.aborted) state.end();
    showLogs(result, context);
    return conclude(result, { app, environment, roster, apiCalls: cloud.calls() });
  } finally {
    cloud.close();
  }
}

interface Delivery {
  readonly inputs: Inputs;
  readonly policy: EnvironmentPolicy;
  readonly release: Release;
  readonly roster: Roster;
  readonly cloud: AwsEnvironment;
  readonly deps: Deps;
  readonly note: (event: DeliveryEvent) => void;
}

function deliver({
  inputs,
  policy,
  release,
  roster,
  cloud,
  deps,
  note,
}: Delivery): Promise<RolloutResult> {
  const { context, probe, probeClock } = deps;
  const { fleet, ledger, lock, clock } = cloud;
  const verify = policy.probeHosts
    ? createVerifier(probe, probeClock, (line) => context.log.info(line))
    : 'off';
  const plan = {
    environment: inputs.environment,
    runId: context.run.runId,
    release,
    hosts: roster.hosts,
    strategy: policy.strategy,
  };
  const ports = { fleet, ledger, lock, verify, clock, signal: context.signal } as const;
  return rollout(plan, ports, note);
}

function releaseOf({ manifest, bytes }: PackedRelease, source: string): Release {
  const { app, version, digest, commit, verify, rollback } = manifest;
  return {
    app,
    version,
    digest,
    commit,
    source,
    bytes: bytes.byteLength,
    rollbackMode: rollback.mode,
    verify,
  };
}

/** The hosts' own words, where something went wrong. */
function showLogs(result: RolloutResult, context: ActionContext): void {
  for (const host of result.hosts) {
    const fine = host.outcome === 'applied' || host.outcome === 'untouched';
    if (!fine && host.log !== '') context.log.untrusted(`Log of ${host.id}`, host.log);
  }
}
