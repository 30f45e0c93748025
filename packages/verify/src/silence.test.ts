import { describe, expect, it } from '@jest/globals';
import {
  answer,
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
import { verifyRelease } from './index.ts';
import type { Probe, Target } from './index.ts';

describe('a check that gets no answer', () => {
  it('fails when a check never answers on a target that goes on telling the release', async () => {
    const script = { 'a/healthz': [serving('1.1.0')], 'a/orders': [noAnswer] };
    expect(await verify(script)).toMatchObject({
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation:
        '1.1.0 is bad: orders on a (expected an answer, got no answer: connection refused).',
      seconds: 10,
    });
  });

  it('blames the release also when the target was away in between', async () => {
    const health = [...times(4, serving('1.1.0')), noAnswer, serving('1.1.0')];
    const script = { 'a/healthz': health, 'a/orders': [noAnswer] };
    expect(await verify(script)).toMatchObject({ verdict: 'fail', reasonCode: 'smoke-failed' });
  });

  it.each([
    ['falls silent as a whole', [...times(4, serving('1.1.0')), noAnswer], 10],
    ['no longer tells its release', [...times(5, serving('1.1.0')), answer(503, '')], 10],
    ['was asked only once', [serving('1.1.0')], 3],
  ])('does not blame the release for silence when the target %s', async (_, health, seconds) => {
    const script = { 'a/healthz': health, 'a/orders': [noAnswer] };
    expect(await verify(script, { suite: { deadlineSeconds: seconds } })).toMatchObject({
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
      explanation: expect.stringMatching(
        /^Neither good nor bad before the deadline: orders on a \(/,
      ),
    });
  });

  it('takes a request for the release that the deadline cut off for nothing seen', async () => {
    const clock = virtualClock();
    const inner = scriptedProbe({ 'a/healthz': [serving('1.1.0')], 'a/orders': [noAnswer] });
    const probe: Probe = async (request, signal) => {
      if (request.timeoutMs >= 2000) return inner(request, signal);
      await clock.sleep(request.timeoutMs, signal);
      return noAnswer;
    };
    const report = await verifyRelease({
      targets: [{ name: 'a', baseUrl: 'a' }],
      release: '1.1.0',
      suite: suiteOf(),
      probe,
      clock,
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ verdict: 'fail', reasonCode: 'smoke-failed', seconds: 10 });
  });

  it('has nothing to hold against a release that is not told', async () => {
    const targets: Target[] = [{ name: 'entry', baseUrl: 'entry', identity: 'absent' }];
    const checks = [checkOf('orders'), checkOf('stock')];
    expect(await verify({}, { targets, suite: { checks } })).toMatchObject({
      verdict: 'error',
      reasonCode: 'smoke-no-data',
      explanation: expect.stringMatching(
        /^Nothing of these targets answered before the deadline: orders on entry/,
      ),
    });
    expect(await verify({ 'entry/orders': [ok] }, { targets, suite: { checks } })).toMatchObject({
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
      explanation: expect.stringContaining('stock on entry (expected an answer, got no answer'),
    });
  });
});
