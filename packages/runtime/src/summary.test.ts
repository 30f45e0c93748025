import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderSummary } from './summary.ts';
import type { SummaryHead } from './summary.ts';

const head: SummaryHead = {
  verdict: 'fail',
  reasonCode: 'smoke-failed',
  explanation: 'Host <b>a</b> answered\n# 500 | [x](http://y)',
  checked: ['/orders'],
  remedy: 'Look.',
  help: 'docs/07-TROUBLESHOOTING.md#smoke-failed',
};

describe('renderSummary', () => {
  it('says the verdict on its first line, with foreign text as plain words', () => {
    expect(renderSummary(head, '').split('\n')[0]).toBe(
      '**Verdict: fail** (`smoke-failed`). Host &lt;b\\>a&lt;/b\\> answered \\# 500 \\| \\[x\\](http://y)',
    );
  });

  it('keeps within its bytes and keeps the first line, whatever the body', () => {
    const line = fc.constantFrom(
      '```',
      '<details><summary>é</summary>',
      '</details>',
      'x'.repeat(300),
      '| a | 😀 |',
      '',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), (lines) => {
        const summary = renderSummary(head, lines.join('\n'), 8000);
        expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(8000);
        expect(summary.startsWith('**Verdict: fail**')).toBe(true);
      }),
    );
  });

  it('closes what was open where it cut, so that the notice can be read', () => {
    const body = `<details>\n\n\`\`\`\n${'line\n'.repeat(4000)}\`\`\`\n</details>`;
    const summary = renderSummary(head, body, 8000);
    expect(summary).toMatch(/line\n```\n<\/details>\n\n\n_The summary was cut/);
  });
});
