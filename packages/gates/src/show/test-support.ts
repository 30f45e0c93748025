import type { Finding, GateResult, Waiver } from '@gatewright/verdict';
import fc from 'fast-check';
import type { Breach } from '../judgement.ts';
import type { GateAccount } from './account.ts';

/** Texts that break out of tables, HTML, code, lines and logs. */
const traps = [
  '|',
  '||',
  '`',
  '```',
  '\n',
  '\r\n',
  '<b>',
  '</details>',
  '<!--',
  '::error::x',
  '::stop-commands::t',
  '##[error]x',
  '\u001b[31m',
  '\u2028',
  '\u202e',
  '\\',
  '- ',
  '# ',
  '1. ',
  '[a](http://x)',
  '&#124;',
  '$x$',
  ' ',
  '\ud800',
  'é',
  '😀',
  'src/a.ts',
];
export const nasty = fc
  .array(fc.oneof(fc.constantFrom(...traps), fc.string({ maxLength: 5, unit: 'binary' })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

export const sha = fc.stringMatching(/^[0-9a-f]{64}$/);
const line = fc.option(fc.integer({ min: 1, max: 9999 }), { nil: undefined });

/** Without the keys whose value is undefined. */
function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(value));
}

const levelsOf = {
  lint: ['error', 'warning', 'note'],
  test: ['error', 'warning', 'note'],
  audit: ['critical', 'high', 'moderate', 'low', 'unknown'],
} as const;
const kindsOf = {
  lint: ['lint'],
  test: ['test', 'flaky-test', 'test-regression', 'coverage'],
  audit: ['vulnerability', 'secret', 'misconfiguration', 'licence'],
} as const;

const packages = fc.record({
  name: nasty,
  version: nasty,
  fixedIn: fc.array(nasty, { maxLength: 2 }),
  scope: fc.constantFrom('runtime' as const, 'development' as const, 'unknown' as const),
});

function findingOf(gate: GateResult['gate']): fc.Arbitrary<Finding> {
  return fc
    .record({
      kind: fc.constantFrom(...kindsOf[gate]),
      id: nasty,
      aliases: fc.constant<string[]>([]),
      fingerprint: sha,
      level: fc.constantFrom(...levelsOf[gate]),
      levelSource: fc.option(nasty, { nil: undefined }),
      message: nasty,
      path: fc.option(nasty, { nil: undefined }),
      line,
      column: line,
      package: gate === 'audit' ? fc.option(packages, { nil: undefined }) : fc.constant(undefined),
      knownExploited: fc.option(fc.boolean(), { nil: undefined }),
      seenIn: fc.array(nasty, { maxLength: 2 }),
      baseline: fc.constantFrom('new' as const, 'known' as const, 'not-compared' as const),
      blocking: fc.boolean(),
    })
    .map((finding): Finding => given(finding));
}

const waiver: fc.Arbitrary<Waiver> = fc
  .record({
    id: nasty,
    scope: fc.option(fc.record({ package: nasty, path: nasty }), { nil: undefined }),
    reason: nasty,
    owner: nasty,
    expires: fc.constant('2026-12-31'),
    ticket: fc.option(nasty, { nil: undefined }),
  })
  .map((one): Waiver => given(one));

const breach: fc.Arbitrary<Breach> = fc.record({
  verdict: fc.constantFrom('fail' as const, 'error' as const),
  reasonCode: fc.constantFrom('lint-failed' as const, 'report-malformed' as const),
  explanation: nasty.map((text) => `8 more are needed ${text}`),
  remedy: nasty,
});

const count = fc.nat({ max: 1_000_000 });
const coverage = fc.record({
  metric: fc.constantFrom('line' as const, 'branch' as const),
  covered: fc.constant(61),
  total: fc.constant(100),
  percent: fc.constant('61.00'),
  minimum: fc.constant(70),
});
const countsOf: { [G in GateResult['gate']]: fc.Arbitrary<GateResult['counts']> } = {
  lint: fc.record({
    error: count,
    warning: count,
    note: count,
    notAnalysed: count,
    suppressed: count,
    waived: count,
  }),
  test: fc.record({
    tests: count,
    passed: count,
    failed: count,
    errored: count,
    skipped: count,
    flaky: count,
    waived: count,
    coverage,
  }),
  audit: fc.record({
    critical: count,
    high: count,
    moderate: count,
    low: count,
    unknown: count,
    waived: count,
  }),
};

/** Accounts of one gate with names and messages that try to break out. */
export const account: fc.Arbitrary<GateAccount> = fc
  .constantFrom('lint' as const, 'test' as const, 'audit' as const)
  .chain((gate) => {
    const finding = findingOf(gate);
    const result: fc.Arbitrary<GateResult> = fc.record({
      gate: fc.constant(gate),
      verdict: fc.constantFrom('pass' as const, 'fail' as const, 'error' as const),
      reasonCode: fc.constant('lint-failed'),
      explanation: nasty,
      evidence: fc.array(
        fc.record({ path: nasty, format: nasty, bytes: count, sha256: sha, items: count }),
        { maxLength: 8 },
      ),
      counts: countsOf[gate],
      findings: fc.array(finding, { maxLength: 15 }),
      findingsOmitted: fc.nat({ max: 3 }),
      waived: fc.array(fc.record({ finding, waiver }), { maxLength: 4 }),
      policy: fc.record({ source: nasty, digest: sha }),
    });
    const waivers = fc.array(waiver, { maxLength: 3 });
    return fc.record({
      result,
      breaches: fc.array(breach, { maxLength: 3 }),
      notes: fc.array(nasty, { maxLength: 4 }),
      waivers: fc.record({
        expired: waivers,
        tooLong: waivers,
        expiring: waivers,
        unused: waivers,
      }),
      changed: fc.array(nasty, { maxLength: 3 }).map((paths) => new Set(paths)),
    });
  });

const plainFinding: Finding = {
  kind: 'lint',
  id: 'no-console',
  aliases: [],
  fingerprint: 'ab'.repeat(32),
  level: 'error',
  message: 'Unexpected console statement.',
  path: 'src/a.ts',
  line: 3,
  column: 5,
  seenIn: ['reports/eslint.json'],
  baseline: 'not-compared',
  blocking: true,
};

/** One finding of the lint gate. */
export function someFinding(changes: Partial<Finding> = {}): Finding {
  return { ...plainFinding, ...changes };
}

/** A failing lint gate with these findings. */
export function lintAccount(
  findings: readonly Finding[],
  changes: Partial<GateAccount> = {},
): GateAccount {
  return {
    result: {
      gate: 'lint',
      verdict: 'fail',
      reasonCode: 'lint-failed',
      explanation: 'The linters found 1 error.',
      evidence: [
        {
          path: 'reports/eslint.json',
          format: 'eslint-json',
          bytes: 12_345,
          sha256: '0123456789abcdef'.repeat(4),
          items: 3,
        },
      ],
      counts: { error: 1, warning: 0, note: 0, notAnalysed: 0, suppressed: 2, waived: 0 },
      findings: [...findings],
      findingsOmitted: 0,
      waived: [],
      policy: { source: '.github/gatewright/policy.yml', digest: 'cd'.repeat(32) },
    },
    breaches: [
      {
        verdict: 'fail',
        reasonCode: 'lint-failed',
        explanation: '1 finding at or above error; none is allowed',
        remedy: 'Correct it.',
      },
    ],
    notes: [],
    ...changes,
  };
}

/** A test gate that misses its coverage by 8 lines, and the changed lines' by 2. */
export function coverageAccount(): GateAccount {
  const { result } = lintAccount([]);
  return {
    result: {
      ...result,
      gate: 'test',
      reasonCode: 'coverage-below-minimum',
      counts: {
        tests: 1200,
        passed: 1199,
        failed: 0,
        errored: 0,
        skipped: 1,
        flaky: 0,
        waived: 0,
        coverage: {
          metric: 'line',
          covered: 62,
          total: 100,
          percent: '62.00',
          minimum: 70,
          changed: { covered: 2, total: 5, percent: '40.00', minimum: 80 },
        },
      },
    },
    breaches: [
      {
        verdict: 'fail',
        reasonCode: 'coverage-below-minimum',
        explanation: '62 of 100 lines are covered; 8 more are needed for 70 %',
      },
    ],
    notes: [],
  };
}
