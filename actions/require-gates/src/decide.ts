import { gateName } from '@gatewright/verdict';
import type { GateRecord, GateVerdict, ReasonCode } from '@gatewright/verdict';
import type { RecordReading } from './read-record.ts';

/** What the decision looks at. */
export interface Facts {
  readonly reading: RecordReading;
  /** SHA-256 that the workflow `gates` gave out; undefined when the caller passed none. */
  readonly expectedDigest: string | undefined;
  readonly repository: string;
  /** Commit that is to be delivered, and its tree as GitHub says. */
  readonly commit: string;
  readonly tree: string;
  /** The run that delivers; the record must be its own. */
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly maximumAgeMinutes: number;
}

export interface Decision {
  readonly verdict: GateVerdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
}

/** A clock of another runner may be ahead of ours by this much. */
const clockSkewMinutes = 5;

/** Accepts exactly one record: the one that `gates` made in this run for this commit, passed and fresh. */
export function decide(facts: Facts): Decision {
  const { reading, expectedDigest, now, maximumAgeMinutes } = facts;
  if (reading.kind === 'absent' || expectedDigest === undefined)
    return missing(reading, expectedDigest);
  if (reading.kind === 'unreadable') return mismatch([`it cannot be read: ${reading.problem}`]);
  const { record } = reading;
  const differences = differencesOf(facts, record, reading.digest, expectedDigest);
  if (differences.length > 0) return mismatch(differences);
  const ageMinutes = (now - Date.parse(record.at)) / 60_000;
  if (ageMinutes < -clockSkewMinutes) return mismatch([`it is of the future: ${record.at}`]);
  if (ageMinutes > maximumAgeMinutes) {
    return {
      verdict: 'fail',
      reasonCode: 'gate-record-stale',
      explanation: `The gate record is ${Math.floor(ageMinutes)} minutes old; the policy allows ${maximumAgeMinutes}.`,
    };
  }
  const open = gateName.options.filter((gate) => record.gates[gate]?.verdict !== 'pass');
  if (record.verdict !== 'pass' || open.length > 0) {
    const which = open.length === 0 ? '' : ` (not passed: ${open.join(', ')})`;
    return {
      verdict: 'fail',
      reasonCode: 'gates-failed',
      explanation: `The gate record says ${record.verdict}${which}: ${record.explanation}`,
    };
  }
  return {
    verdict: 'pass',
    reasonCode: 'gates-passed',
    explanation:
      'Lint, test and audit passed for this commit, and the record of it is unchanged and fresh.',
  };
}

function missing(reading: RecordReading, expectedDigest: string | undefined): Decision {
  const what = [
    ...(reading.kind === 'absent' ? ['there is no gate record'] : []),
    ...(expectedDigest === undefined ? ['its digest was not given'] : []),
  ];
  return {
    verdict: 'error',
    reasonCode: 'gate-record-missing',
    explanation: `The policy demands the gates, but ${what.join(' and ')}.`,
  };
}

function mismatch(differences: readonly string[]): Decision {
  return {
    verdict: 'fail',
    reasonCode: 'gate-record-mismatch',
    explanation: `The gate record is not the one of this delivery: ${differences.join('; ')}.`,
  };
}

function differencesOf(
  facts: Facts,
  record: GateRecord,
  digest: string,
  expected: string,
): string[] {
  return [
    ...differs('its SHA-256', digest, expected),
    ...differs('its repository', record.repository.toLowerCase(), facts.repository.toLowerCase()),
    ...differs('its commit', record.commit, facts.commit),
    ...differs('its tree', record.tree, facts.tree),
    ...differs('its run', record.runId, facts.runId),
  ];
}

function differs(what: string, has: string, wanted: string): string[] {
  return has === wanted ? [] : [`${what} is ${has}, not ${wanted}`];
}
