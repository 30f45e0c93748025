import type { LintLevel, Severity } from '@gatewright/verdict';

/** What the lint gate allows. */
export interface LintPolicy {
  /** The mildest level that fails. */
  readonly failOn: LintLevel;
  /** Only findings that the base result does not have count; needs a base. */
  readonly newOnly: boolean;
  /** Most findings by rule; a rule at its number passes whatever its level, above it fails. */
  readonly ratchet: Readonly<Record<string, number>>;
  /** Fewest reports. At least 1. */
  readonly minimumReports: number;
}

/** Metric of coverage; a gate never mixes them. */
export type CoverageMetric = 'line' | 'branch' | 'statement' | 'function';

/** What the test gate demands of coverage. */
export interface CoveragePolicy {
  readonly metric: CoverageMetric;
  /** Percent, 0 to 100, with at most two decimals. */
  readonly minimum: number;
  /** Percent of the lines that the change touches. */
  readonly changedMinimum?: number;
  /** Covered lines that may be lost against the base; needs a base. */
  readonly ratchetLines?: number;
}

/** What the test gate allows. */
export interface TestPolicy {
  /** Fewest reports with cases. At least 1. */
  readonly minimumReports: number;
  /** Fewest tests that ran, skipped ones not counted. At least 1. */
  readonly minimumTests: number;
  /** Most skipped tests; unlimited when absent. */
  readonly maximumSkipped?: number;
  /** Most flaky tests; unlimited when absent. */
  readonly maximumFlaky?: number;
  /** Newly failing, newly skipped and removed tests fail; needs a base. */
  readonly regressions: boolean;
  /** Fewer tests than the base fail by at most this many; needs a base. Not compared when absent. */
  readonly mayLoseTests?: number;
  /** Absent when coverage is not demanded. */
  readonly coverage?: CoveragePolicy;
}

/** What the audit gate allows. */
export interface AuditPolicy {
  /** The mildest severity that fails. */
  readonly failOnSeverity: Exclude<Severity, 'unknown'>;
  /** What an advisory without a usable severity does: fail, or count as this severity, or only warn. */
  readonly unknownSeverity: 'fail' | 'warn' | Exclude<Severity, 'unknown'>;
  /** Only findings that the base result does not have count; needs a base. */
  readonly newOnly: boolean;
  /** Only findings count for which a fixed version exists. */
  readonly fixableOnly: boolean;
  /** The mildest severity that fails in packages used for development only; `ignore` counts none of them. */
  readonly developmentFailOn: Exclude<Severity, 'unknown'> | 'ignore';
  /** Fewest reports. At least 1. */
  readonly minimumReports: number;
}

/** How waivers are limited. */
export interface WaiverPolicy {
  /** Longest term from today, in days; a waiver that expires later does not hold. */
  readonly maximumTermDays: number;
  /** A waiver that expires within so many days is shown. */
  readonly warnDays: number;
}

/** The `gates` part of policy.yml. */
export interface GatesPolicy {
  readonly lint: LintPolicy;
  readonly test: TestPolicy;
  readonly audit: AuditPolicy;
  readonly waivers: WaiverPolicy;
  /** Age of a gate record, in minutes, above which a delivery is refused. */
  readonly maximumAgeMinutes: number;
}
