import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decideRetry } from './retry.ts';

const now = Date.parse('2026-11-20T09:00:00Z');
const attempt = { headers: {}, count: 1, now };

describe('decideRetry', () => {
  it.each([
    ['no answer', { status: undefined }, { kind: 'wait', milliseconds: 1000 }],
    ['a broken answer, again', { status: 502, count: 2 }, { kind: 'wait', milliseconds: 2000 }],
    ['the third broken answer', { status: 502, count: 3 }, { kind: 'give-up' }],
    ['a missing permission', { status: 403 }, { kind: 'give-up' }],
    ['an absent thing', { status: 404 }, { kind: 'give-up' }],
    [
      'throttled, with a time',
      { status: 403, headers: { 'retry-after': '7' } },
      { kind: 'wait', milliseconds: 7000 },
    ],
    ['throttled for long', { status: 429, headers: { 'retry-after': '61' } }, { kind: 'give-up' }],
    [
      'limit used up, renewed soon',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 20) },
      },
      { kind: 'wait', milliseconds: 20_000 },
    ],
    [
      'limit used up for long',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 3000) },
      },
      { kind: 'give-up' },
    ],
    ['throttled without a time', { status: 429 }, { kind: 'wait', milliseconds: 60_000 }],
  ])('%s', (_, given, expected) => {
    expect(decideRetry({ ...attempt, ...given })).toEqual(expected);
  });

  it('never waits longer than a minute, and never a fourth time', () => {
    const headers = fc.dictionary(
      fc.constantFrom('retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset'),
      fc.oneof(fc.string(), fc.integer().map(String)),
    );
    const status = fc.option(fc.integer({ min: 400, max: 599 }), { nil: undefined });
    fc.assert(
      fc.property(headers, status, fc.integer({ min: 1, max: 9 }), (given, code, count) => {
        const decision = decideRetry({ status: code, headers: given, count, now });
        if (decision.kind === 'give-up') return;
        expect(count).toBeLessThan(3);
        expect(decision.milliseconds).toBeGreaterThanOrEqual(0);
        expect(decision.milliseconds).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});
