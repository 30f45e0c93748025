import * as z from 'zod';
import { percent, text, wholeNumber } from './scalars.ts';

const many = 1_000_000_000;
const severity = z.enum(['critical', 'high', 'moderate', 'low']);

const minimumReports = wholeNumber(1, many)
  .default(1)
  .describe('Fewest reports; without a report nothing is known.');
const newOnly = z
  .boolean()
  .default(false)
  .describe('Whether only findings count that the base result does not have; needs a base.');

const lint = z
  .strictObject({
    'fail-on': z
      .enum(['error', 'warning', 'note'])
      .default('error')
      .describe('The mildest level that fails.'),
    'new-only': newOnly,
    ratchet: z
      .record(text(/^[^\p{Cc}]{1,256}$/u, 'the name of a rule'), wholeNumber(0, many))
      .default({})
      .describe(
        'Most findings by rule. Up to its number a rule passes whatever its level; above it fails.',
      ),
    'minimum-reports': minimumReports,
  })
  .transform((value) => ({
    failOn: value['fail-on'],
    newOnly: value['new-only'],
    ratchet: value.ratchet,
    minimumReports: value['minimum-reports'],
  }));

const coverage = z
  .strictObject({
    metric: z
      .enum(['line', 'branch', 'statement', 'function'])
      .default('line')
      .describe('What is counted; two metrics are never mixed.'),
    minimum: percent.default(70).describe('Percent that must be covered.'),
    'changed-minimum': percent
      .optional()
      .describe('Percent of the lines that the change touches which must be covered.'),
    'ratchet-lines': wholeNumber(0, many)
      .optional()
      .describe('Covered lines that may be lost against the base; needs a base.'),
  })
  .transform((value) => ({
    metric: value.metric,
    minimum: value.minimum,
    ...(value['changed-minimum'] !== undefined && { changedMinimum: value['changed-minimum'] }),
    ...(value['ratchet-lines'] !== undefined && { ratchetLines: value['ratchet-lines'] }),
  }));

const coverageOrOff = z.union([z.literal('off').transform(() => undefined), coverage], {
  error: 'the word off, or a mapping with metric, minimum, changed-minimum, ratchet-lines',
});

const test = z
  .strictObject({
    'minimum-reports': minimumReports,
    'minimum-tests': wholeNumber(1, many)
      .default(1)
      .describe('Fewest tests that must have run; skipped ones do not count.'),
    'maximum-skipped': wholeNumber(0, many)
      .optional()
      .describe('Most skipped tests; unlimited when absent.'),
    'maximum-flaky': wholeNumber(0, many)
      .optional()
      .describe('Most flaky tests; unlimited when absent.'),
    regressions: z
      .boolean()
      .default(false)
      .describe(
        'Whether tests fail the gate that passed in the base and now fail, are skipped or are gone; needs a base.',
      ),
    'may-lose-tests': wholeNumber(0, many)
      .optional()
      .describe('Tests that may be fewer than in the base; not compared when absent.'),
    coverage: coverageOrOff
      .prefault({})
      .describe('What is demanded of coverage; `off` to demand none.'),
  })
  .transform((value) => ({
    minimumReports: value['minimum-reports'],
    minimumTests: value['minimum-tests'],
    ...(value['maximum-skipped'] !== undefined && { maximumSkipped: value['maximum-skipped'] }),
    ...(value['maximum-flaky'] !== undefined && { maximumFlaky: value['maximum-flaky'] }),
    regressions: value.regressions,
    ...(value['may-lose-tests'] !== undefined && { mayLoseTests: value['may-lose-tests'] }),
    ...(value.coverage !== undefined && { coverage: value.coverage }),
  }));

const audit = z
  .strictObject({
    'fail-on-severity': severity.default('high').describe('The mildest severity that fails.'),
    'unknown-severity': z
      .enum(['fail', 'warn', ...severity.options])
      .default('fail')
      .describe(
        'What an advisory without a usable severity does: fail, only warn, or count as this severity.',
      ),
    'new-only': newOnly,
    'fixable-only': z
      .boolean()
      .default(false)
      .describe('Whether only findings count for which a fixed version exists.'),
    'development-fail-on': z
      .enum([...severity.options, 'ignore'])
      .optional()
      .describe(
        'The mildest severity that fails in packages used for development only, or `ignore`; by default as fail-on-severity.',
      ),
    'minimum-reports': minimumReports,
  })
  .transform((value) => ({
    failOnSeverity: value['fail-on-severity'],
    unknownSeverity: value['unknown-severity'],
    newOnly: value['new-only'],
    fixableOnly: value['fixable-only'],
    developmentFailOn: value['development-fail-on'] ?? value['fail-on-severity'],
    minimumReports: value['minimum-reports'],
  }));

const waivers = z
  .strictObject({
    'maximum-term-days': wholeNumber(1, 3660)
      .default(90)
      .describe('Longest term of a waiver from today, in days; one that expires later is refused.'),
    'warn-days': wholeNumber(0, 3660)
      .default(14)
      .describe('A waiver that expires within so many days is shown.'),
  })
  .transform((value) => ({
    maximumTermDays: value['maximum-term-days'],
    warnDays: value['warn-days'],
  }));

/** `gates:` of policy.yml. Its output is the `GatesPolicy` of packages/gates, which a test there compares with it. */
export const gatesPolicy = z
  .strictObject({
    lint: lint.prefault({}).describe('What the lint gate allows.'),
    test: test.prefault({}).describe('What the test gate allows.'),
    audit: audit.prefault({}).describe('What the audit gate allows.'),
    waivers: waivers.prefault({}).describe('How waivers are limited.'),
    'maximum-age-minutes': wholeNumber(1, 525_600)
      .default(1440)
      .describe('Age of a gate record above which a delivery is refused, in minutes.'),
  })
  .transform((value) => ({
    lint: value.lint,
    test: value.test,
    audit: value.audit,
    waivers: value.waivers,
    maximumAgeMinutes: value['maximum-age-minutes'],
  }));
/** What the gates allow, checked and with defaults filled in. */
export type GatesPolicy = z.output<typeof gatesPolicy>;

/** What the gates allow where no policy says anything: the same as an empty `gates:`. */
export function defaultGatesPolicy(): GatesPolicy {
  return gatesPolicy.parse({});
}
