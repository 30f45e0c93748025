import type { CoverageCounts, GateResult } from '@gatewright/verdict';
import type { Breach, Judgement } from '../judgement.ts';
import type { CoverageMetric, CoveragePolicy } from '../policy.ts';
import { cleanText } from '../report/clean-text.ts';
import { evidenceBreaches } from './coverage-evidence.ts';
import { judgeChanges } from './judge-changes.ts';
import type { ChangedLines } from './judge-changes.ts';
import type { Coverage, CoverageTally } from './coverage.ts';
import { percentText, shortfall } from './ratio.ts';

/** What the policy of coverage is applied to. */
export interface CoverageInput {
  readonly coverage: Coverage;
  /** Lines that the change adds or alters, by tree path; undefined when that is not known. */
  readonly changedLines?: ChangedLines | undefined;
  /** Result of the test gate to compare with. */
  readonly base?: GateResult | undefined;
  readonly policy: CoveragePolicy;
}

/** The part of the test gate's judgement that is about coverage. */
export interface CoverageJudgement extends Pick<Judgement, 'findings' | 'breaches' | 'notes'> {
  /** Absent when the coverage cannot be told. */
  readonly counts?: CoverageCounts;
}

/** Names of the things that a metric counts. */
export const metricNouns: Readonly<Record<CoverageMetric, string>> = {
  line: 'lines',
  branch: 'branches',
  statement: 'statements',
  function: 'functions',
};

/**
 * Applies the policy to the merged coverage. Decisions are made with whole numbers; coverage that cannot be told, or of
 * nothing, is a breach and not 100 %.
 */
export function judgeCoverage(input: CoverageInput): CoverageJudgement {
  const { coverage, policy } = input;
  const tally = coverage.tally(policy.metric);
  const evidence = evidenceBreaches(coverage, tally, policy.metric);
  const changes = judgeChanges(coverage, input.changedLines, policy.changedMinimum);
  const certain = evidence.length === 0;
  const counts: CoverageCounts | undefined = certain
    ? {
        metric: policy.metric,
        covered: tally.covered,
        total: tally.total,
        percent: percentText(tally),
        minimum: policy.minimum,
        ...(changes.counts === undefined ? {} : { changed: changes.counts }),
      }
    : undefined;
  return {
    ...(counts === undefined ? {} : { counts }),
    findings: changes.findings,
    breaches: [
      ...evidence,
      ...(certain ? minimumBreach(tally, policy) : []),
      ...(certain ? ratchetBreach(tally, input) : []),
      ...changes.breaches,
    ],
    notes: [...notesOf(coverage, tally, policy.metric), ...changes.notes],
  };
}

function minimumBreach(tally: CoverageTally, { metric, minimum }: CoveragePolicy): Breach[] {
  const missing = shortfall(tally, minimum);
  if (missing === 0) return [];
  const { covered, total } = tally;
  return [
    {
      verdict: 'fail',
      reasonCode: 'coverage-below-minimum',
      explanation:
        `${covered} of ${total} ${metricNouns[metric]} are covered (${percentText(tally)} %); ` +
        `${missing} more covered ${nounOf(metric, missing)} needed for ${minimum} %.`,
      remedy: 'Test more of the code; the coverage reports list what is not covered.',
    },
  ];
}

function ratchetBreach(tally: CoverageTally, { base, policy }: CoverageInput): Breach[] {
  const { metric, ratchetLines } = policy;
  if (ratchetLines === undefined) return [];
  const before = base === undefined || base.verdict === 'error' ? undefined : coverageOf(base);
  if (before?.metric !== metric) {
    const lack =
      base === undefined
        ? 'there is no base result'
        : `the base result has no ${metric} coverage to compare with`;
    return [
      {
        verdict: 'error',
        reasonCode: 'base-unusable',
        explanation: `The policy limits how much coverage may be lost, but ${lack}.`,
        remedy: 'Give the result of the test gate for the base commit, made with the same metric.',
      },
    ];
  }
  const lost = before.covered - tally.covered;
  if (lost <= ratchetLines) return [];
  return [
    {
      verdict: 'fail',
      reasonCode: 'coverage-decreased',
      explanation:
        `${tally.covered} ${metricNouns[metric]} are covered, ${before.covered} were in the base: ` +
        `${lost} lost, ${ratchetLines} may be.`,
      remedy: 'Cover again what the base covers.',
    },
  ];
}

function coverageOf({ counts }: GateResult): CoverageCounts | undefined {
  return 'coverage' in counts ? counts.coverage : undefined;
}

function notesOf(coverage: Coverage, tally: CoverageTally, metric: CoverageMetric): string[] {
  const notes: string[] = [];
  for (const report of coverage.reports) {
    const name = cleanText(report.path);
    notes.push(...report.notes.map((note) => cleanText(note)));
    if (report.empty) notes.push(`${name} has no line of code.`);
    if (report.outside > 0) {
      const example = cleanText(report.outsideExample ?? '', 200);
      notes.push(
        `${report.outside} of ${report.files} files of ${name} are not in the repository and do not count, such as ` +
          `${example}.`,
      );
    }
  }
  if (metric !== 'line' && tally.sharedFiles > 0) {
    notes.push(
      `${tally.sharedFiles} files are in several reports; of their ${metricNouns[metric]}, those count as covered that ` +
        'the best report covers in a line, so the true number may be higher.',
    );
  }
  return notes;
}

function nounOf(metric: CoverageMetric, count: number): string {
  return count === 1 ? `${metric} is` : `${metricNouns[metric]} are`;
}
