import { GatewrightError } from '@gatewright/verdict';
import type { ReasonCode, VerificationVerdict } from '@gatewright/verdict';

import type { HostAccount } from './account.ts';
import { releaseName } from './model.ts';

/** How a delivery ended, or why it stopped. */
export interface Ending {
  readonly verdict: VerificationVerdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  /** What was looked at, one fact an entry. */
  readonly checked: readonly string[];
  /** What to do next; empty when there is nothing to do. */
  readonly remedy: string;
}

/** Findings about the release or the plan. Everything else that stops a delivery is "could not tell": an error. */
const findings: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'converge-timed-out',
  'digest-mismatch',
  'health-never-answered',
  'hook-failed',
  'hook-output-flooded',
  'hook-timed-out',
  'host-unfit',
  'no-host-matches',
  'no-way-back',
  'release-unknown',
  'smoke-failed',
  'too-few-hosts',
]);

/** An ending that is not a success. */
export function stopped(
  reasonCode: ReasonCode,
  explanation: string,
  details: { readonly checked?: readonly string[]; readonly remedy?: string } = {},
): Ending {
  const verdict = findings.has(reasonCode) ? 'fail' : 'error';
  return {
    verdict,
    reasonCode,
    explanation,
    checked: details.checked ?? [],
    remedy: details.remedy ?? '',
  };
}

/** The ending of a cancelled run. */
export function cancelled(): Ending {
  return stopped('cancelled', 'the run was cancelled; no further host got a command', {
    remedy: 'Run the delivery again, or roll the touched hosts back.',
  });
}

/** The ending of a run whose lock another delivery has taken over. */
export function lockLost(): Ending {
  return stopped('lock-lost', 'another delivery took the lock over; nothing more was written', {
    remedy: 'Wait for the other delivery, then look at the hosts listed as touched.',
  });
}

/** The ending that an error stands for; the account of the hosts must survive also a defect of ours. */
export function endingOf(error: unknown): Ending {
  if (error instanceof GatewrightError) {
    return stopped(error.reasonCode, error.message, {
      checked: error.checked,
      remedy: error.remedy ?? '',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return stopped('internal-error', message, { remedy: 'Report this with the log of the run.' });
}

/** An early end has looked at nothing else: then the last known state of the hosts is the fact that counts. */
export function withHostFacts(ending: Ending, hosts: readonly HostAccount[]): Ending {
  if (ending.verdict === 'pass' || ending.checked.length > 0) return ending;
  // Without a release it serves nothing, or nobody has asked it yet: neither is claimed.
  const facts = hosts.map(({ id, outcome, release }) =>
    release === null ? `${id}: ${outcome}` : `${id}: ${outcome}, served ${releaseName(release)}`,
  );
  return { ...ending, checked: facts };
}
