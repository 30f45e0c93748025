import type { Protection } from '@gatewright/config';
import type { EnvironmentReading } from '@gatewright/github';
import type { ReasonCode } from '@gatewright/verdict';
import { compareProtection } from './compare.ts';
import type { Aspect } from './compare.ts';

export interface Decision {
  readonly verdict: 'pass' | 'fail' | 'error';
  readonly reasonCode: Extract<ReasonCode, `environment-${string}`>;
  readonly explanation: string;
  /** Every aspect that was compared. */
  readonly aspects: readonly Aspect[];
  /** Those that are not as declared. */
  readonly differences: readonly Aspect[];
  readonly remedy?: string;
}

/**
 * Judges an environment. Passes only if the live protection is known in every declared aspect and nowhere weaker:
 * stricter is good, could-not-tell is not.
 */
export function decide(name: string, declared: Protection, reading: EnvironmentReading): Decision {
  if (reading.kind === 'missing') return missing(name, reading.existing);
  if (reading.kind === 'unreadable') {
    return {
      verdict: 'error',
      reasonCode: 'environment-unreadable',
      explanation: `The protection of ${name} could not be read: ${reading.why}.`,
      ...nothingCompared,
      ...(reading.remedy === undefined ? {} : { remedy: reading.remedy }),
    };
  }
  const aspects = compareProtection(declared, reading.protection);
  const differences = aspects.filter(({ severity }) => severity !== 'same' && severity !== 'noted');
  return { ...judge(name, declared, differences), aspects, differences };
}

const nothingCompared = { aspects: [], differences: [] } as const;

function missing(name: string, existing: readonly string[]): Decision {
  const others = existing.length === 0 ? 'there is none' : `there are ${existing.join(', ')}`;
  return {
    verdict: 'fail',
    reasonCode: 'environment-missing',
    explanation: `The environment ${name} does not exist; ${others}.`,
    ...nothingCompared,
    remedy: `Create ${name} with the declared protection. Do not let a job create it: it would have none.`,
  };
}

type Judgement = Pick<Decision, 'verdict' | 'reasonCode' | 'explanation' | 'remedy'>;

function judge(name: string, declared: Protection, differences: readonly Aspect[]): Judgement {
  const weaker = differences.filter(({ severity }) => severity === 'weaker');
  if (weaker.length > 0) {
    return {
      verdict: 'fail',
      reasonCode: 'environment-weak',
      explanation: `${name} is weaker than declared: ${weaker.map(describe).join('; ')}.`,
      remedy: `Let an administrator of the repository set ${list(weaker)} of ${name} as declared, or change the policy on the default branch.`,
    };
  }
  const unknown = differences.filter(({ severity }) => severity === 'unknown');
  if (unknown.length > 0) {
    return {
      verdict: 'error',
      reasonCode: 'environment-unreadable',
      explanation: `It cannot be told whether ${name} is as strict as declared: ${unknown.map(describe).join('; ')}.`,
      remedy: `Declare ${list(unknown)} in the form that the environment uses, and grant "contents: read" to the job.`,
    };
  }
  return {
    verdict: 'pass',
    reasonCode: 'environment-protected',
    explanation: explainPass(name, declared, differences),
  };
}

function explainPass(name: string, declared: Protection, stricter: readonly Aspect[]): string {
  if (declared.kind === 'none') return `${name} exists; the policy declares no protection for it.`;
  return stricter.length === 0
    ? `${name} is protected as declared.`
    : `${name} is protected as declared, and stricter in ${list(stricter)}.`;
}

function list(aspects: readonly Aspect[]): string {
  return aspects.map(({ aspect }) => aspect).join(', ');
}

/** One difference in a line, for explanations and the list of facts. */
export function describe({ aspect, declared, live, note }: Aspect): string {
  return `${aspect}: declared ${declared}, live ${live}${note === undefined ? '' : ` (${note})`}`;
}
