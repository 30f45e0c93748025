import type { JobEnd, Needs } from '@gatewright/contract';
import { isReasonCode } from '@gatewright/verdict';
import type { ReasonCode, Verdict } from '@gatewright/verdict';
import type { ParsedResults, Step } from './results.ts';

export type Kind = 'deploy' | 'rollback';

/** Everything that the decision looks at. */
export interface Facts {
  readonly kind: Kind;
  readonly environment: string;
  readonly release: string;
  readonly needs: Needs;
  readonly results: ParsedResults;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  /** A failed deployment was taken back, and that was verified. */
  readonly rolledBack: boolean;
  /** What the evidence leaves open, one sentence each. */
  readonly unknowns: readonly string[];
}

type Cause = Pick<Decision, 'verdict' | 'reasonCode' | 'explanation'>;

/** The jobs that must succeed, and the steps that must have left exactly this reason code. */
const demands = {
  deploy: {
    jobs: ['package', 'brief', 'deploy'],
    steps: {
      'protect-environment': 'environment-protected',
      'require-gates': 'gates-passed',
      'deploy-ssm': 'delivered',
      'smoke-test': 'verified',
    },
  },
  rollback: {
    jobs: ['protect', 'rollback'],
    steps: { 'protect-environment': 'environment-protected', 'rollback-ssm': 'rolled-back' },
  },
} as const satisfies Record<Kind, { jobs: readonly string[]; steps: Record<string, ReasonCode> }>;

/**
 * Decides how the whole delivery ended. A pass needs every proof at once: each required job succeeded, each required
 * step left a result with the one reason code that means success, all of them speak of the same release, and every
 * host is said to serve it. Whatever is missing, unreadable or contradictory is `evidence-incomplete`.
 */
export function decide(facts: Facts): Decision {
  const rolledBack = facts.kind === 'deploy' && isRolledBack(facts.results.steps);
  const cause =
    firstBadStep(facts) ??
    badJob(facts) ??
    refusedCredentials(facts) ??
    incomplete(facts) ??
    contradiction(facts);
  const unknowns = openQuestions(facts, rolledBack);
  if (cause === undefined) return { ...success(facts), rolledBack, unknowns };
  const explanation = rolledBack
    ? `${cause.explanation} The hosts were taken back, and that was verified.`
    : cause.explanation;
  return { ...cause, explanation, rolledBack, unknowns };
}

function success({ kind, environment, release }: Facts): Cause {
  return kind === 'deploy'
    ? {
        verdict: 'pass',
        reasonCode: 'delivered',
        explanation: `Every host of ${environment} serves ${release}, and the smoke checks passed.`,
      }
    : {
        verdict: 'pass',
        reasonCode: 'rolled-back',
        explanation: `Every host of ${environment} serves the earlier release again, and it was verified.`,
      };
}

function isRolledBack(steps: readonly Step[]): boolean {
  return steps.some(
    ({ action, verdict, reasonCode }) =>
      action === 'rollback-ssm' && verdict === 'pass' && reasonCode === 'rolled-back',
  );
}

/** The first step that did not pass; a rollback that failed is worse news than what caused it. */
function firstBadStep({ kind, results }: Facts): Cause | undefined {
  const rollback = results.steps.find(({ action }) => action === 'rollback-ssm');
  const bad = Object.keys(demands[kind].steps)
    .flatMap((action) => results.steps.find((step) => step.action === action) ?? [])
    .find((step) => step.verdict !== 'pass' && !isWaivedByPolicy(step));
  if (rollback !== undefined && rollback.verdict !== 'pass' && bad !== rollback) {
    const before = bad === undefined ? '' : ` It was to undo: ${bad.explanation}`;
    return { ...causeOf(rollback), explanation: `${causeOf(rollback).explanation}${before}` };
  }
  return bad === undefined ? undefined : causeOf(bad);
}

/** The one skip that is no gap: the policy says in so many words that this environment needs no gates. */
function isWaivedByPolicy({ action, verdict, reasonCode }: Step): boolean {
  return action === 'require-gates' && verdict === 'skipped' && reasonCode === 'gates-not-required';
}

function causeOf({ action, verdict, reasonCode, explanation }: Step): Cause {
  // A step that the policy told to be skipped proves nothing about the delivery.
  const red = verdict === 'pass' || verdict === 'skipped' ? 'error' : verdict;
  return { verdict: red, reasonCode, explanation: `${action}: ${explanation}` };
}

/** A job that ended badly and told why, or was cancelled. */
function badJob(facts: Facts): Cause | undefined {
  const ended = requiredJobs(facts);
  const told = ended.find(({ job }) => job?.result === 'failure' && reasonOf(job) !== undefined);
  const reasonCode = told?.job === undefined ? undefined : reasonOf(told.job);
  if (told !== undefined && reasonCode !== undefined) {
    const verdict = told.job?.outputs['verdict'] === 'fail' ? 'fail' : 'error';
    return { verdict, reasonCode, explanation: `The job ${told.name} failed.` };
  }
  const cancelled = ended.find(({ job }) => job?.result === 'cancelled');
  if (cancelled === undefined) return undefined;
  const explanation = `The job ${cancelled.name} was cancelled.`;
  return { verdict: 'error', reasonCode: 'cancelled', explanation };
}

function reasonOf(job: JobEnd): ReasonCode | undefined {
  const reason = job.outputs['reason-code'] ?? '';
  return isReasonCode(reason) ? reason : undefined;
}

/** The step that asks AWS for credentials is not ours and leaves no result file; the job passes on how it ended. */
function refusedCredentials({ kind, needs }: Facts): Cause | undefined {
  if (jobNamed(needs, kind)?.outputs['credentials-outcome'] !== 'failure') return undefined;
  return {
    verdict: 'error',
    reasonCode: 'role-refused',
    explanation: `The job ${kind} could not assume the deploy role; no command was sent.`,
  };
}

function incomplete(facts: Facts): Cause | undefined {
  const gaps = gapsOf(facts);
  if (gaps.length === 0) return undefined;
  return {
    verdict: 'error',
    reasonCode: 'evidence-incomplete',
    explanation: `The delivery is not proven: ${gaps.join('; ')}.`,
  };
}

function gapsOf(facts: Facts): string[] {
  const { kind, needs, results } = facts;
  const wrong = requiredJobs(facts).filter(({ job }) => job?.result !== 'success');
  return [
    ...(needs.kind === 'unreadable' ? [needs.why] : []),
    ...(needs.kind === 'known'
      ? wrong.map(({ name, job }) => `job ${name}: ${job?.result ?? 'not among the needed jobs'}`)
      : []),
    ...results.bad.map(({ file, problem }) => `result file ${file}: ${problem}`),
    ...Object.entries(demands[kind].steps).flatMap(([action, expected]) => {
      const step = results.steps.find((candidate) => candidate.action === action);
      if (step === undefined) return [`no result of ${action}`];
      const isProof = step.reasonCode === expected || isWaivedByPolicy(step);
      return isProof ? [] : [`${action} says ${step.reasonCode}`];
    }),
  ];
}

/** Results that are good each by itself, but do not belong together. */
function contradiction(facts: Facts): Cause | undefined {
  const { kind, needs, results, environment } = facts;
  const release = served(facts);
  const problems = [
    ...results.steps
      .filter(({ details }) => (details.environment ?? environment) !== environment)
      .map(({ action }) => `${action} speaks of another environment`),
    ...(kind === 'deploy' && stepOf(facts, 'rollback-ssm') !== undefined
      ? ['a rollback ran although nothing had failed']
      : []),
    ...hostProblems(facts, release),
  ];
  const approved = ['package', 'brief'].map((name) => jobNamed(needs, name)?.outputs['digest']);
  if (kind === 'deploy' && approved.some((digest) => (digest ?? '') === '')) {
    problems.push('no digest was approved');
  }
  if (problems.length > 0) {
    const explanation = `The delivery is not proven: ${problems.join('; ')}.`;
    return { verdict: 'error', reasonCode: 'evidence-incomplete', explanation };
  }
  if (kind === 'rollback' || approved.every((digest) => digest === release?.digest))
    return undefined;
  return {
    verdict: 'error',
    reasonCode: 'digest-mismatch',
    explanation: 'The packed, the approved and the delivered release do not have one digest.',
  };
}

/** The release that the hosts should serve now; null means that a rollback left them with nothing, as they were. */
function served(facts: Facts): { version: string; digest: string } | null | undefined {
  return facts.kind === 'deploy'
    ? stepOf(facts, 'deploy-ssm')?.details.release
    : stepOf(facts, 'rollback-ssm')?.details.to;
}

function hostProblems(facts: Facts, release: ReturnType<typeof served>): string[] {
  const { kind } = facts;
  if (release === undefined || (release === null && kind === 'deploy')) {
    return ['no result names the release'];
  }
  const step = stepOf(facts, kind === 'deploy' ? 'deploy-ssm' : 'rollback-ssm');
  const hosts = step?.details.hosts ?? [];
  if (hosts.length === 0) return ['no result names a host'];
  const free = kind === 'rollback' && (facts.release === 'previous' || release === null);
  return [
    ...(free || facts.release === release?.version
      ? []
      : ['the results name another release than the one asked for']),
    ...hosts
      .filter((host) => host.release?.digest !== release?.digest)
      .map(({ id }) => `host ${id} is not said to serve it`),
  ];
}

function requiredJobs({ kind, needs }: Facts): { name: string; job: JobEnd | undefined }[] {
  return demands[kind].jobs.map((name) => ({ name, job: jobNamed(needs, name) }));
}

function jobNamed(needs: Needs, name: string): JobEnd | undefined {
  return needs.kind === 'known' ? needs.jobs.get(name) : undefined;
}

function stepOf({ results }: Facts, action: string): Step | undefined {
  return results.steps.find((step) => step.action === action);
}

function openQuestions(facts: Facts, rolledBack: boolean): string[] {
  const job = jobNamed(facts.needs, facts.kind);
  if (job?.result === 'success') return [];
  const began = job?.outputs['credentials-outcome'] === 'success';
  const main = stepOf(facts, facts.kind === 'deploy' ? 'deploy-ssm' : 'rollback-ssm');
  const questions = {
    'Hosts were changed and no rollback was proven: look at what they serve.':
      job?.outputs['touched'] === 'true' && !rolledBack,
    'The job had credentials and left no result: whether a host was changed is not known here.':
      began && main === undefined,
    'The job left nothing: it was rejected by a reviewer, stopped by a rule, or its runner was lost.':
      job?.result === 'failure' && !began && facts.results.steps.length === 0,
  };
  return Object.entries(questions).flatMap(([text, open]) => (open ? [text] : []));
}
