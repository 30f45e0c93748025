import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answer, checkOf, noAnswer, suiteOf } from '../test/kit.ts';
import type { CheckExpectation, Mismatch, ProbeResult, VerifyReport } from './index.ts';
import { renderVerifyReport } from './index.ts';
import { judgeAnswer } from './judge-answer.ts';
import { observeRelease } from './read-release.ts';
import { safeText } from './safe-text.ts';

function mismatches(result: ProbeResult, expect_: Partial<CheckExpectation>): readonly Mismatch[] {
  const observation = judgeAnswer(result, checkOf('x', expect_).expect);
  return observation.kind === 'wrong' ? observation.mismatches : [];
}
const json = (body: unknown): ProbeResult => answer(200, JSON.stringify(body));

describe('judgeAnswer', () => {
  it.each<[string, ProbeResult, Partial<CheckExpectation>]>([
    ['status', answer(204, ''), { status: 204 }],
    [
      'header, in any case',
      answer(200, '', { 'content-type': 'application/json; charset=utf-8' }),
      { headers: { 'Content-Type': 'json' } },
    ],
    ['body text', answer(200, 'a needle here'), { bodyContains: 'needle' }],
    [
      'JSON value',
      json({ items: [{ id: 1 }] }),
      { json: [{ kind: 'equals', path: '$.items[0].id', equals: 1 }] },
    ],
    [
      'JSON mapping, in any order',
      json({ a: { b: 1, c: [null] } }),
      { json: [{ kind: 'equals', path: '$.a', equals: { c: [null], b: 1 } }] },
    ],
    ['JSON presence', json({ a: null }), { json: [{ kind: 'exists', path: '$.a', exists: true }] }],
    ['JSON absence', json({ a: 1 }), { json: [{ kind: 'exists', path: '$.b', exists: false }] }],
    [
      'filter',
      json([{ n: 1 }, { n: 5 }]),
      { json: [{ kind: 'equals', path: '$[?@.n > 3].n', equals: 5 }] },
    ],
    ['latency', answer(200, ''), { latencyMs: 3 }],
  ])('is content with the expected %s', (_, result, expectation) => {
    expect(mismatches(result, expectation)).toEqual([]);
  });

  it.each<[ProbeResult, Partial<CheckExpectation>, string, string]>([
    [answer(500, ''), {}, 'status 200', 'status 500'],
    [
      answer(302, '', { location: '/login' }),
      {},
      'status 200',
      'status 302 to /login (redirects are not followed)',
    ],
    [
      answer(200, '', {}),
      { headers: { server: 'x' } },
      'header server contains "x"',
      'no such header',
    ],
    [
      answer(200, '', { server: 'nginx' }),
      { headers: { server: 'X' } },
      'header server contains "X"',
      'nginx',
    ],
    [answer(200, 'hay'), { bodyContains: 'needle' }, 'body contains "needle"', 'hay'],
    [answer(200, ''), { bodyContains: 'needle' }, 'body contains "needle"', 'an empty body'],
    [json({ a: '1' }), { json: [{ kind: 'equals', path: '$.a', equals: 1 }] }, '$.a is 1', '"1"'],
    [json({}), { json: [{ kind: 'equals', path: '$.a', equals: 1 }] }, '$.a is 1', 'nothing there'],
    [
      json({ a: [1, 1] }),
      { json: [{ kind: 'equals', path: '$.a[*]', equals: 1 }] },
      '$.a[*] is 1',
      '2 values: [1,1]',
    ],
    [
      json({ a: 1 }),
      { json: [{ kind: 'exists', path: '$.a', exists: false }] },
      '$.a does not exist',
      '1',
    ],
    [
      answer(200, '<html>'),
      { json: [{ kind: 'exists', path: '$.a', exists: true }] },
      '$.a exists',
      'a body that is not JSON: <html>',
    ],
    [answer(200, ''), { latencyMs: 2 }, 'answer within 2 ms', '3 ms'],
  ])('tells what it expected of %j', (result, expectation, expected, actual) => {
    expect(mismatches(result, expectation)).toEqual([{ expected, actual }]);
  });

  it('decides nothing on half a JSON body', () => {
    const cut: ProbeResult = {
      kind: 'answer',
      status: 200,
      headers: {},
      body: '{"a":1}',
      bodyTruncated: true,
      timings: noAnswer.timings,
    };
    expect(mismatches(cut, { json: [{ kind: 'exists', path: '$.b', exists: false }] })).toEqual([
      { expected: '$.b does not exist', actual: 'a body of more than 1 MiB' },
    ]);
  });

  it('survives JSON of any shape', () => {
    const deep = answer(200, `${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(
      mismatches(deep, { json: [{ kind: 'exists', path: '$..a', exists: true }] }),
    ).toHaveLength(1);
  });
});

describe('observeRelease', () => {
  const { release: identity } = suiteOf();
  const header = { kind: 'header', path: '/', header: 'X-Release' } as const;

  it.each([
    [json({ release: '1.1.0' }), identity, { kind: 'expected' }],
    [json({ release: '1.1.00' }), identity, { kind: 'other', release: '1.1.00' }],
    [json({ release: 1.1 }), identity, { kind: 'untold', detail: 'no text at $.release' }],
    [json({}), identity, { kind: 'untold', detail: 'nothing at $.release' }],
    [answer(503, '{"release":"1.1.0"}'), identity, { kind: 'untold', detail: 'status 503' }],
    [answer(200, 'ok'), identity, { kind: 'untold', detail: 'a body that is not JSON: ok' }],
    [answer(200, '', { 'x-release': '1.1.0' }), header, { kind: 'expected' }],
    [answer(200, '', { 'x-release': 'V1.1.0' }), header, { kind: 'other', release: 'V1.1.0' }],
    [answer(200, ''), header, { kind: 'untold', detail: 'no header X-Release' }],
    [noAnswer, identity, { kind: 'no-answer', detail: 'connection refused' }],
    [
      json({ release: '1.1.0\u200b' }),
      identity,
      { kind: 'other', release: '1.1.0 and unprintable characters' },
    ],
  ])('reads %j', (result, from, expected) => {
    expect(observeRelease(result, from, '1.1.0')).toEqual(expected);
  });
});

describe('text from a target', () => {
  it('is never long, and never more than plain characters on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const safe = safeText(text);
        expect(Array.from(safe).length).toBeLessThanOrEqual(200);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(safeText('\u001b[31mred\r\n::error::x\u202e')).toBe('[31mred ::error::x');
  });

  it('stays text in a summary', () => {
    const report: VerifyReport = {
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation: '1.1.0 is bad: <img src=x>',
      release: '1.1.0',
      probes: 9,
      seconds: 2.5,
      targets: [
        {
          name: 'i-1',
          converged: true,
          observedRelease: '1.1.0',
          checks: [
            { name: 'orders', verdict: 'pass', attempts: 3, failures: [], latencyMs: 12 },
            {
              name: 'stock',
              verdict: 'fail',
              attempts: 3,
              failures: [{ expected: 'status 200', actual: '| [x](http://evil) `| <img>' }],
              latencyMs: null,
            },
          ],
        },
        { name: 'i-2', converged: false, observedRelease: null, checks: [] },
      ],
    };
    expect(renderVerifyReport(report)).toBe(
      [
        '9 requests in 2.5 s.',
        '',
        '| Target | Release | orders | stock |',
        '| --- | --- | --- | --- |',
        '| i-1 | 1.1.0 | ✅ pass (3×, 12 ms) | ❌ fail (3×) |',
        '| i-2 | ⚠️ unknown | – | – |',
        '',
        '- **stock** on i-1: expected status 200, got &#124; &#91;x&#93;&#40;http&#58;//evil&#41; &#96;&#124; &#60;img&#62;',
        '',
      ].join('\n'),
    );
  });
});
