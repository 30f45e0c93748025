import { describe, expect, it } from '@jest/globals';
import {
  answer,
  bad,
  checkOf,
  noAnswer,
  ok,
  scriptedProbe,
  serving,
  suiteOf,
  times,
  verify,
  virtualClock,
} from '../test/kit.ts';
import { suiteProblems, verifyRelease } from './index.ts';
import type { Probe, Target, VerifyEvent } from './index.ts';

describe('verifyRelease', () => {
  it('passes when every target converges and every check succeeds often enough in a row', async () => {
    const script = {
      'a/healthz': [serving('1.1.0')],
      'a/orders': [ok],
      'b/healthz': [noAnswer, serving('1.0.0'), serving('1.1.0')],
      'b/orders': [noAnswer, ok],
    };
    const passed = { name: 'orders', verdict: 'pass', latencyMs: 3 };
    expect(await verify(script)).toEqual({
      verdict: 'pass',
      reasonCode: 'verified',
      explanation: 'All 2 targets serve 1.1.0 and passed 2 checks.',
      release: '1.1.0',
      targets: [
        {
          name: 'a',
          converged: true,
          observedRelease: '1.1.0',
          checks: [{ ...passed, attempts: 3, failures: [] }],
        },
        {
          name: 'b',
          converged: true,
          observedRelease: '1.1.0',
          checks: [
            {
              ...passed,
              attempts: 4,
              failures: [{ expected: 'an answer', actual: 'no answer: connection refused' }],
            },
          ],
        },
      ],
      probes: 3 + 6 + 5 + 8,
      seconds: 7,
    });
  });

  it('asks nothing of the checks before every target has converged', async () => {
    const script = {
      'a/healthz': [serving('1.1.0')],
      'b/healthz': [...times(4, serving('1.0.0')), serving('1.1.0')],
      'a/orders': [ok],
      'b/orders': [ok],
    };
    const probe = scriptedProbe(script);
    await verify(script, { probe });
    const firstCheck = probe.asked.findIndex(({ path }) => path === '/orders');
    expect(probe.asked.slice(0, firstCheck).filter(({ baseUrl }) => baseUrl === 'b')).toHaveLength(
      7 + 1,
    );
  });

  it('begins the row anew after every slip', async () => {
    const slips = [serving('1.1.0'), serving('1.1.0'), serving('1.0.0')];
    const script = { 'a/healthz': [...slips, ...slips, serving('1.1.0')], 'a/orders': [ok] };
    const report = await verify(script, { suite: { deadlineSeconds: 60 } });
    expect(report).toMatchObject({ verdict: 'pass', probes: 9 + 6 });
  });

  it('fails fast when the right release keeps giving wrong answers', async () => {
    const script = { 'a/healthz': [serving('1.1.0')], 'a/orders': [bad] };
    const report = await verify(script, { suite: { deadlineSeconds: 3600 } });
    expect(report).toMatchObject({
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation: '1.1.0 is bad: orders on a (expected status 200, got status 500).',
      seconds: 4,
    });
    expect(report.targets[0]?.checks[0]).toMatchObject({ verdict: 'fail', attempts: 3 });
  });

  it('does not count a missing answer as a wrong one, nor as the end of a row of wrong ones', async () => {
    const script = {
      'a/healthz': [serving('1.1.0')],
      'a/orders': [bad, noAnswer, bad, noAnswer, bad],
    };
    const report = await verify(script, { suite: { deadlineSeconds: 3600 } });
    expect(report.targets[0]?.checks[0]).toMatchObject({ verdict: 'fail', attempts: 5 });
  });

  it('ends the other targets with a failed one, and does not judge them to an end', async () => {
    const script = {
      'a/healthz': [serving('1.1.0')],
      'a/orders': [bad],
      'b/healthz': [serving('1.1.0')],
      'b/orders': [noAnswer],
    };
    const report = await verify(script, { suite: { deadlineSeconds: 3600 } });
    expect(report).toMatchObject({ verdict: 'fail', seconds: 4 });
    expect(report.targets[1]?.checks[0]?.verdict).toBe('inconclusive');
  });

  it('is inconclusive when good and wrong answers alternate until the deadline', async () => {
    const flapping = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? ok : bad));
    const report = await verify({ 'a/healthz': [serving('1.1.0')], 'a/orders': flapping });
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
      explanation:
        'Neither good nor bad before the deadline: orders on a (expected status 200, got status 500).',
      seconds: 10,
    });
  });

  it('is inconclusive when a target serves another release after it had converged', async () => {
    const script = {
      'a/healthz': [...times(4, serving('1.1.0')), serving('1.0.0'), serving('1.1.0')],
      'a/orders': [ok],
    };
    expect(await verify(script)).toMatchObject({
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
      explanation: 'Mixed fleet: a served 1.0.0 after it had converged on 1.1.0.',
      targets: [{ observedRelease: '1.0.0' }],
    });
  });

  it('is an error when no target ever answered', async () => {
    expect(await verify({ 'a/healthz': [noAnswer], 'b/healthz': [noAnswer] })).toMatchObject({
      verdict: 'error',
      reasonCode: 'smoke-no-data',
      explanation:
        'No target answered before the deadline: a no answer: connection refused; b no answer: connection refused.',
      targets: [{ converged: false, observedRelease: null, checks: [] }, { converged: false }],
    });
  });

  it('fails with the mixed fleet by name when a target stays behind', async () => {
    const script = {
      'a/healthz': [serving('1.1.0')],
      'b/healthz': [serving('1.0.0')],
      'c/healthz': [answer(302, '', { location: '/login' })],
      'd/healthz': [noAnswer],
    };
    expect(await verify(script)).toMatchObject({
      verdict: 'fail',
      reasonCode: 'converge-timed-out',
      explanation:
        '3 of 4 targets did not serve 1.1.0 steadily before the deadline: mixed fleet: a serves 1.1.0; ' +
        'b serves 1.0.0; c tells no release: status 302 to /login (redirects are not followed); ' +
        'd no answer: connection refused.',
      seconds: 10,
      targets: [{ converged: true }, { converged: false, observedRelease: '1.0.0' }, {}, {}],
    });
  });

  it('does not take one address that answers for two releases for converged', async () => {
    const mixed = [serving('1.1.0'), serving('1.1.0'), serving('1.0.0')];
    const report = await verify({ 'a/healthz': [...mixed, ...mixed, ...mixed, ...mixed] });
    expect(report).toMatchObject({ verdict: 'fail', reasonCode: 'converge-timed-out' });
    expect(report.explanation).toMatch(
      /mixed fleet: a serves 1\.[01]\.0 \(before that 1\.[01]\.0\)/,
    );
  });

  it.each([
    [{ targets: [] }, 'There is no target to verify, so nothing was proved.'],
    [{ suite: { checks: [] } }, 'The suite holds no check, so nothing was proved.'],
  ])('never passes with nothing to do: %j', async (options, explanation) => {
    const script = { 'a/healthz': [serving('1.1.0')] };
    expect(await verify(script, options)).toMatchObject({
      verdict: 'error',
      reasonCode: 'smoke-no-data',
      explanation,
      probes: 0,
    });
  });

  it('runs only the checks where the release is not told', async () => {
    const targets: Target[] = [{ name: 'entry', baseUrl: 'entry', identity: 'absent' }];
    const script = { 'entry/orders': [ok] };
    expect(await verify(script, { targets })).toMatchObject({
      verdict: 'pass',
      targets: [{ name: 'entry', observedRelease: null }],
      probes: 3,
    });
  });

  it('holds to one deadline over both stages, and never asks beyond it', async () => {
    const clock = virtualClock();
    const begun = clock.now();
    const inner = scriptedProbe({
      'a/healthz': [...times(6, serving('1.0.0')), serving('1.1.0')],
      'a/orders': [noAnswer],
    });
    const limits: number[] = [];
    const probe: Probe = (request, signal) => {
      limits.push(clock.now() - begun + request.timeoutMs);
      return inner(request, signal);
    };
    const report = await verifyRelease({
      targets: [{ name: 'a', baseUrl: 'a' }],
      release: '1.1.0',
      suite: suiteOf(),
      probe,
      clock,
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ verdict: 'fail', seconds: 10 });
    expect(Math.max(...limits)).toBeLessThanOrEqual(10_000);
  });

  it('makes ten requests at once at most, and leaves none out', async () => {
    let running = 0;
    let most = 0;
    const probe: Probe = async ({ path }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return path === '/healthz' ? serving('1.1.0') : ok;
    };
    const targets = Array.from({ length: 25 }, (_, index) => ({
      name: `h${index}`,
      baseUrl: `h${index}`,
    }));
    const suite = { deadlineSeconds: 3600 };
    expect(await verify({}, { targets, probe, suite })).toMatchObject({
      verdict: 'pass',
      probes: 25 * 9,
    });
    expect(most).toBe(10);
  });

  it('ends when it is cancelled, without a verdict on the release', async () => {
    const stop = new AbortController();
    const observe = (event: VerifyEvent): void => {
      if (event.kind === 'observed') stop.abort();
    };
    const report = await verify(
      { 'a/healthz': [serving('1.0.0')] },
      { signal: stop.signal, observe },
    );
    expect(report).toMatchObject({ verdict: 'error', reasonCode: 'cancelled', probes: 1 });
  });

  it('tells what happens as it happens, and repeats nothing', async () => {
    const script = {
      'a/healthz': [serving('1.0.0'), serving('1.0.0'), serving('1.1.0')],
      'a/orders': [ok],
    };
    const events: VerifyEvent[] = [];
    await verify(script, { observe: (event) => events.push(event) });
    expect(events).toEqual([
      { kind: 'stage', stage: 'converge', targets: 1 },
      { kind: 'observed', target: 'a', what: 'serves 1.0.0' },
      { kind: 'observed', target: 'a', what: 'serves 1.1.0' },
      { kind: 'converged', target: 'a', release: '1.1.0' },
      { kind: 'stage', stage: 'checks', targets: 1 },
      { kind: 'check-settled', target: 'a', check: 'orders', verdict: 'pass' },
    ]);
  });

  it('refuses a suite with a JSONPath that is none, before anything is asked', async () => {
    const suite = suiteOf({
      checks: [checkOf('a', { json: [{ kind: 'exists', path: '$[', exists: true }] })],
    });
    expect(suiteProblems(suite)).toEqual([expect.stringMatching(/^verify check a, json: \$\[: /)]);
    const probe = scriptedProbe({});
    await expect(verify({}, { suite, probe })).rejects.toMatchObject({
      reasonCode: 'config-invalid',
    });
    expect(probe.asked).toEqual([]);
  });
});
