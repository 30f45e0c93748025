import type { ReleaseManifest } from '@gatewright/config';
import type { ActionOutcome, RunContext } from '@gatewright/contract';
import type { Roster, RosterProblem } from '@gatewright/delivery';

import type { contract } from './contract.ts';

type Outcome = ActionOutcome<typeof contract>;

const nothingDone: Outcome['outputs'] = {
  app: '',
  release: '',
  previousRelease: '',
  touched: false,
  touchedHosts: '',
  targets: '',
  waves: 0,
  hostsTotal: 0,
  generation: '',
};

/** A run that may carry foreign code never deploys. */
export function refuse(run: RunContext): Outcome {
  return {
    verdict: 'fail',
    reasonCode: 'untrusted-context',
    explanation: 'This run may carry code from a fork, so it must not deploy.',
    outputs: nothingDone,
    record: { eventName: run.eventName },
    summary: 'No host was changed.',
    checked: [`event: ${run.eventName}`, `ref: ${run.ref}`],
    remedy: 'Deploy from a push to a branch of this repository, or by workflow_dispatch.',
  };
}

/** The hosts that are there cannot carry the delivery. */
export function refuseRoster(
  problem: RosterProblem,
  roster: Roster,
  manifest: ReleaseManifest,
): Outcome {
  const { app, version } = manifest;
  const { reasonCode, explanation, checked, remedy } = problem;
  return {
    // An unreachable host says nothing about the plan; too few matching ones do.
    verdict: reasonCode === 'host-offline' ? 'error' : 'fail',
    reasonCode,
    explanation,
    outputs: { ...nothingDone, app, release: version, hostsTotal: roster.hosts.length },
    record: { app, release: { version, digest: manifest.digest }, roster },
    summary: `No host was changed: ${explanation}.`,
    checked,
    remedy,
  };
}
