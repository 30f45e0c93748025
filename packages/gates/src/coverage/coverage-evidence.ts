import type { Breach } from '../judgement.ts';
import type { CoverageMetric } from '../policy.ts';
import { cleanText } from '../report/clean-text.ts';
import type { Coverage, CoverageConflict, CoverageTally } from './coverage.ts';
import { coverageMetrics } from './coverage-report.ts';
import type { CoverageReportFacts } from './coverage-report.ts';

/** Why the coverage by this metric cannot be told from the reports; empty when it can. */
export function evidenceBreaches(
  coverage: Coverage,
  tally: CoverageTally,
  metric: CoverageMetric,
): Breach[] {
  const breaches = coverage.reports.flatMap((report) => reportBreaches(report, metric));
  if (tally.conflictCount > 0) breaches.push(conflictBreach(tally, metric));
  if (breaches.length === 0 && tally.total === 0) {
    breaches.push({
      verdict: 'error',
      reasonCode: 'coverage-missing',
      explanation:
        coverage.reports.length === 0
          ? 'There is no coverage report.'
          : `The coverage reports have not a single ${metric}, which is no evidence of coverage.`,
      remedy: 'Check that the tests ran with coverage, over the right directory.',
    });
  }
  return breaches;
}

function reportBreaches(report: CoverageReportFacts, metric: CoverageMetric): Breach[] {
  const name = cleanText(report.path);
  const breaches: Breach[] = [];
  if (report.outside * 2 > report.files) {
    const example = cleanText(report.outsideExample ?? '', 200);
    breaches.push({
      verdict: 'error',
      reasonCode: 'coverage-missing',
      explanation:
        `${report.outside} of ${report.files} files of ${name} are not in the repository, such as ${example}, so it is ` +
        'no evidence about this code.',
      remedy:
        'Give the report of this checkout, with paths relative to the repository, and without the files of others.',
    });
  }
  const lack = report.lacks.get(metric);
  if (lack !== undefined) {
    breaches.push(missing(metric, `${name} cannot be counted by ${metric}: ${cleanText(lack)}.`));
  } else if (!report.gives.has(metric) && !report.empty) {
    const gives = coverageMetrics.filter((given) => report.gives.has(given)).join(', ');
    breaches.push(missing(metric, `${name} has no ${metric} coverage; it has: ${gives}.`));
  }
  return breaches;
}

function missing(metric: CoverageMetric, explanation: string): Breach {
  const remedy = `Have the tool measure by ${metric}, or name another metric in the policy.`;
  return { verdict: 'error', reasonCode: 'coverage-missing', explanation, remedy };
}

function conflictBreach(
  { conflicts, conflictCount }: CoverageTally,
  metric: CoverageMetric,
): Breach {
  const [first] = conflicts;
  const more = conflictCount > 1 ? ` (and ${conflictCount - 1} more)` : '';
  return {
    verdict: 'error',
    reasonCode: 'coverage-unmergeable',
    explanation: `${first === undefined ? '' : describeConflict(first, metric)}${more}.`,
    remedy: 'Give one report for each part of the code, or reports of one tool and format.',
  };
}

function describeConflict(
  { path, line, reports }: CoverageConflict,
  metric: CoverageMetric,
): string {
  const names = reports.map((report) => cleanText(report)).join(' and ');
  const file = cleanText(path);
  return line === undefined
    ? `${names} cannot be put together for ${file}: one only has the sum of its ${metric} coverage, another has lines`
    : `${names} cannot be put together for ${file}:${line}: the number of its ${metric} items differs`;
}
