import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ansiPaint, plainSummary } from './plain-summary.ts';
import { account, coverageAccount, lintAccount, someFinding } from './test-support.ts';

describe('plainSummary', () => {
  it('tells the verdict first, then why, the findings, and what was read', () => {
    const known = someFinding({ id: 'no-eval', level: 'warning', blocking: false, path: 'b.ts' });
    expect(plainSummary(lintAccount([known, someFinding()]))).toBe(
      `lint: fail (lint-failed) The linters found 1 error.
  fail lint-failed: 1 finding at or above error; none is allowed Correct it.

error 1, warning 0, note 0, not analysed 0, suppressed 2, waived 0

src/a.ts
  3:5  error  no-console  Unexpected console statement.

b.ts
  3:5  warning, does not count  no-eval  Unexpected console statement.

read: 1 report
  reports/eslint.json (eslint-json, 3 items, 12,345 bytes) 0123456789ab
policy: .github/gatewright/policy.yml cdcdcdcdcdcd
`,
    );
  });

  it('tells the exact shortfall of coverage', () => {
    const text = plainSummary(coverageAccount());
    expect(text).toContain('tests 1,200, passed 1,199, ');
    expect(text).toContain('62 of 100 lines covered, 62.00 %, 70 % demanded, 8 more needed');
    expect(text).toContain('2 of 5 changed lines covered, 40.00 %, 80 % demanded, 2 more needed');
  });

  it('says it when nothing was read', () => {
    const { result, ...rest } = lintAccount([]);
    expect(plainSummary({ ...rest, result: { ...result, evidence: [] } })).toContain(
      'read: nothing',
    );
  });

  it('never tells the words of a secret', () => {
    const secret = someFinding({ kind: 'secret', id: 'aws-key', message: 'AKIAIOSFODNN7EXAMPLE' });
    expect(plainSummary(lintAccount([secret]))).not.toContain('AKIA');
  });

  it('has colours only when they are asked for', () => {
    const escape = '\u001b';
    expect(plainSummary(lintAccount([someFinding()]))).not.toContain(escape);
    expect(plainSummary(lintAccount([someFinding()]), ansiPaint)).toContain(
      `${escape}[31mlint: fail${escape}[39m`,
    );
  });

  it('has no line that is a workflow command, and no escape, whatever the names are', () => {
    fc.assert(
      fc.property(account, (story) => {
        const text = plainSummary(story);
        expect(text).not.toMatch(/^\s*::|##\[/m);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(plainSummary(story, ansiPaint)).not.toMatch(/^\s*::|##\[/m);
        for (const { reasonCode } of story.breaches) expect(text).toContain(reasonCode);
        expect(text).toMatch(/^read: /m);
      }),
    );
  });
});
