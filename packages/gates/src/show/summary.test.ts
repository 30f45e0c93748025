import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gateSummary } from './summary.ts';
import { account, coverageAccount, lintAccount, someFinding } from './test-support.ts';

const waiver = { id: 'no-eval', reason: 'Old code.', owner: 'ops', expires: '2026-12-31' };

function rows(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Lines that are a command, hold HTML of others, or break the table that they are in. */
function brokenLines(text: string): string[] {
  const lines = text.split('\n');
  const inTable = (index: number): boolean => lines[index]?.startsWith('| ') ?? false;
  let columns = 0;
  return lines.filter((line, index) => {
    const pipes = rows(line, '|');
    if (inTable(index) && !inTable(index - 1)) columns = pipes;
    const isBrokenRow = inTable(index) && (pipes !== columns || rows(line, '`') % 2 !== 0);
    const rest = line.replaceAll(/<\/?(?:code|details|summary)>/g, '');
    return isBrokenRow || /[<>]/.test(rest) || /^\s*::|##\[/.test(line);
  });
}

describe('gateSummary', () => {
  it('tells what stopped the gate, the counts, the findings by file, and what was read', () => {
    const known = someFinding({ id: 'no-eval', level: 'warning', blocking: false, line: 1 });
    const story = lintAccount([known, someFinding({ baseline: 'new' })], {
      notes: ['Nothing was compared with a base.'],
    });
    expect(gateSummary(story)).toBe(`### What stopped it

- ❌ \`lint-failed\`: **1 finding at or above error; none is allowed** Correct it.

### Counts

| error | warning | note | not analysed | suppressed | waived |
| --- | --- | --- | --- | --- | --- |
| **1** | 0 | 0 | 0 | **2** | 0 |

Read: 1 report with 3 items, 12,345 bytes.

### Findings that count: 1

|  | level | what |  |
| --- | --- | --- | --- |
| **<code>src/a.ts</code>** |  |  |  |
| 3:5 | ❌ error new | <code>no-console</code> | Unexpected console statement. |

<details><summary>Findings that do not count: 1</summary>

|  | level | what |  |
| --- | --- | --- | --- |
| **<code>src/a.ts</code>** |  |  |  |
| 1:5 | ▫️ warning | <code>no-eval</code> | Unexpected console statement. |

</details>

### Notes

- Nothing was compared with a base.

### What was read

| report | format | items | bytes | SHA-256 |
| --- | --- | --- | --- | --- |
| <code>reports/eslint.json</code> | eslint-json | 3 | 12,345 | \`0123456789ab\` |

Policy: <code>.github/gatewright/policy.yml</code>, with waivers \`cdcdcdcdcdcd\`.
`);
  });

  it('draws coverage with the minimum marked, and the exact shortfall', () => {
    const text = gateSummary(coverageAccount());
    expect(text).toContain('62 of 100 lines are covered; 8 more are needed for 70 %');
    expect(text).toContain(
      '| lines | `████████████░░┃░░░░░░` | **62.00 %** (62 of 100) | 70 % | ❌ 8 more needed |',
    );
    expect(text).toContain(
      '| changed lines | `████████░░░░░░░░┃░░░░` | **40.00 %** (2 of 5) | 80 % | ❌ 2 more needed |',
    );
  });

  it('says where an audited package is fixed, and what decided the severity', () => {
    const text = gateSummary(
      lintAccount([
        someFinding({
          kind: 'vulnerability',
          id: 'GHSA-1',
          level: 'critical',
          levelSource: 'cvss:3.1',
          knownExploited: true,
          path: 'package-lock.json',
          line: 7,
          message: 'Prototype pollution',
          package: { name: 'lodash', version: '4.17.20', fixedIn: ['4.17.21'], scope: 'runtime' },
          seenIn: ['a.json', 'b.json'],
        }),
      ]),
    );
    expect(text).toContain('| **<code>lodash&#64;4.17.20</code>** |  |  |  |');
    expect(text).toContain(
      '| <code>package-lock.json</code> 7:5 | ❌ critical (cvss&#58;3.1) **exploited** | <code>GHSA-1</code> | Prototype pollution Fixed in 4.17.21. (in 2 reports) |',
    );
  });

  it('shows each waiver once, with everything that became of it', () => {
    const { result, ...rest } = lintAccount([]);
    const other = { ...waiver, id: 'GHSA-2', scope: { package: 'pkg:npm/a', path: 'test/**' } };
    const text = gateSummary({
      ...rest,
      result: {
        ...result,
        waived: [
          { finding: someFinding(), waiver },
          { finding: someFinding(), waiver },
        ],
      },
      waivers: { expired: [], tooLong: [], expiring: [waiver], unused: [other] },
    });
    expect(text).toContain(
      '| expires soon, waives 2 findings | <code>no-eval</code> |  | ops | 2026-12-31 |  | Old code. |',
    );
    expect(text).toContain(
      '| unused by this gate | <code>GHSA-2</code> | pkg&#58;npm/a in test/&#42;&#42; | ops | 2026-12-31 |  | Old code. |',
    );
  });

  it('never tells the words of a secret', () => {
    const secret = someFinding({ kind: 'secret', id: 'aws-key', message: 'AKIAIOSFODNN7EXAMPLE' });
    const text = gateSummary(lintAccount([secret]));
    expect(text).toContain('aws-key');
    expect(text).not.toContain('AKIA');
  });

  it('gives up findings first, then lists, then evidence, and keeps the rest', () => {
    const { result, ...rest } = lintAccount(
      Array.from({ length: 300 }, (_, line) => someFinding({ line: line + 1 })),
    );
    const report = {
      path: 'r.json',
      format: 'sarif',
      bytes: 1,
      items: 1,
      sha256: 'ef'.repeat(32),
    };
    const evidence = Array.from({ length: 40 }, () => report);
    const story = { ...rest, result: { ...result, evidence } };
    const whole = gateSummary(story);
    expect(rows(whole, '❌ error')).toBe(300);
    const small = gateSummary(story, 8000);
    expect(rows(small, '❌ error')).toBeGreaterThan(5);
    expect(rows(small, '❌ error')).toBeLessThan(300);
    expect(small).toContain('more in the result file');
    expect(rows(small, 'r.json')).toBe(40);
    const smallest = gateSummary(story, 1500);
    expect(rows(smallest, '❌ error')).toBe(0);
    expect(rows(smallest, 'r.json')).toBeLessThan(40);
    for (const text of [whole, small, smallest]) {
      expect(text).toContain('1 finding at or above error; none is allowed');
      expect(text).toContain('| **1** | 0 | 0 | 0 | **2** | 0 |');
      expect(text).toContain('Read: 40 reports with 40 items, 40 bytes.');
    }
  });

  it('never exceeds its budget, and keeps what stopped the gate and what was read', () => {
    fc.assert(
      fc.property(account, fc.integer({ min: 16_384, max: 40_000 }), (story, budget) => {
        const text = gateSummary(story, budget);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(budget);
        for (const { reasonCode } of story.breaches) expect(text).toContain(reasonCode);
        expect(text.split('8 more are needed').length - 1).toBe(story.breaches.length);
        expect(text).toContain('### Counts');
        expect(text).toMatch(/^Read: /m);
      }),
    );
  });

  it('never exceeds any budget at all', () => {
    fc.assert(
      fc.property(account, fc.nat({ max: 3000 }), (story, budget) => {
        expect(Buffer.byteLength(gateSummary(story, budget))).toBeLessThanOrEqual(budget);
      }),
    );
  });

  it('keeps the columns of its tables, its HTML and its lines, whatever the names are', () => {
    fc.assert(
      fc.property(account, (story) => {
        expect(brokenLines(gateSummary(story))).toEqual([]);
      }),
    );
  });
});
