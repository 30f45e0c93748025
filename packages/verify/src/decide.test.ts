import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  answer,
  checkOf,
  noAnswer,
  scriptedProbe,
  serving,
  suiteOf,
  virtualClock,
} from '../test/kit.ts';
import {
  check,
  checkStart,
  conclude,
  converge,
  convergeStart,
  releaseTold,
  settled,
} from './decide.ts';
import type { CheckState } from './decide.ts';
import { verifyRelease } from './index.ts';
import type { ProbeResult } from './index.ts';
import type { CheckObservation } from './judge-answer.ts';
import type { ReleaseObservation } from './read-release.ts';

const mismatch = { expected: 'status 200', actual: 'status 500' };
const checkObservation: fc.Arbitrary<CheckObservation> = fc.oneof(
  fc.nat({ max: 999 }).map((latencyMs): CheckObservation => ({ kind: 'good', latencyMs })),
  fc
    .nat({ max: 999 })
    .map((latencyMs): CheckObservation => ({ kind: 'wrong', latencyMs, mismatches: [mismatch] })),
  fc.constant<CheckObservation>({ kind: 'no-answer', detail: 'refused' }),
  fc.constant<CheckObservation>({ kind: 'unseen', detail: 'no answer: refused' }),
);
const releaseObservation: fc.Arbitrary<ReleaseObservation> = fc.oneof(
  fc.constant<ReleaseObservation>({ kind: 'expected' }),
  fc
    .constantFrom('1.0.0', '0.9.0')
    .map((release): ReleaseObservation => ({ kind: 'other', release })),
  fc.constant<ReleaseObservation>({ kind: 'untold', detail: 'status 503' }),
  fc.constant<ReleaseObservation>({ kind: 'no-answer', detail: 'refused' }),
);
const rule = fc.record({
  consecutiveSuccesses: fc.integer({ min: 1, max: 5 }),
  failuresToFail: fc.integer({ min: 1, max: 5 }),
});

/** How many at the end of a list are of this kind. */
function row<T extends { kind: string }>(list: readonly T[], kind: T['kind']): number {
  return list.length - 1 - list.findLastIndex((one) => one.kind !== kind);
}

/** The state after these rounds: a check is asked as soon as the target told the expected release, and else is unseen. */
const after = (observations: readonly CheckObservation[]): CheckState =>
  observations.reduce(
    (state, one) => check(one.kind === 'unseen' ? state : releaseTold(state), one),
    checkStart,
  );

const isAnswer = ({ kind }: CheckObservation): boolean => kind === 'good' || kind === 'wrong';

const weighted = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

describe('the rules of convergence', () => {
  it('count exactly the expected answers at the end, and forget no release they saw', () => {
    fc.assert(
      fc.property(fc.array(releaseObservation), (observations) => {
        const state = observations.reduce(
          (before, one) => converge(before, one, '1.1.0'),
          convergeStart,
        );
        const told = observations.flatMap((one) =>
          one.kind === 'expected' ? ['1.1.0'] : one.kind === 'other' ? [one.release] : [],
        );
        expect(state.streak).toBe(row(observations, 'expected'));
        expect(state.answered).toBe(observations.some(({ kind }) => kind !== 'no-answer'));
        expect(state.seen).toEqual([...new Set(told)]);
        expect(state.observedRelease).toBe(told.at(-1) ?? null);
      }),
    );
  });
});

describe('the rules of a check', () => {
  it('settle it by what stands at the end of the row, and by nothing else', () => {
    fc.assert(
      fc.property(fc.array(checkObservation), rule, (observations, limits) => {
        const answers = observations.filter(isAnswer);
        const isPass = row(observations, 'good') >= limits.consecutiveSuccesses;
        const isFail = row(answers, 'wrong') >= limits.failuresToFail;
        expect(settled(after(observations), limits)).toBe(
          isPass ? 'pass' : isFail ? 'fail' : undefined,
        );
      }),
    );
  });

  it('never pass at the deadline what did not pass before', () => {
    fc.assert(
      fc.property(
        fc.array(checkObservation),
        rule,
        fc.boolean(),
        (observations, limits, answered) => {
          const state = after(observations);
          const verdict = conclude(state, limits, { answered });
          expect(verdict === 'pass').toBe(settled(state, limits) === 'pass');
          const isGood = observations.some(({ kind }) => kind === 'good');
          const isWrong = observations.some(({ kind }) => kind === 'wrong');
          if (settled(state, limits) !== undefined) return;
          expect(verdict === 'fail' || isGood).toBe(isWrong || isGood || state.silence === 'held');
        },
      ),
    );
  });

  it('blame the release for silence only where the target told it before and after', () => {
    const silent = fc.constantFrom<CheckObservation>(
      { kind: 'no-answer', detail: 'timed out' },
      { kind: 'unseen', detail: 'no answer: timed out' },
    );
    fc.assert(
      fc.property(fc.array(silent), rule, fc.boolean(), (observations, limits, answered) => {
        const isBlamed = row(observations, 'no-answer') >= 2;
        expect(conclude(after(observations), limits, { answered })).toBe(
          isBlamed ? 'fail' : answered ? 'inconclusive' : 'error',
        );
      }),
    );
  });

  it('keep a bounded record whatever the number of attempts', () => {
    fc.assert(
      fc.property(fc.array(checkObservation, { maxLength: 200 }), (observations) => {
        const state = after(observations);
        expect(state.attempts).toBe(observations.length);
        expect(state.failures.length).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('a whole verification', () => {
  const health = fc.constantFrom<ProbeResult>(
    serving('1.1.0'),
    serving('1.0.0'),
    answer(503, ''),
    noAnswer,
  );
  const reply = fc.constantFrom<ProbeResult>(answer(200, ''), answer(500, ''), noAnswer);
  const target = fc.record({
    health: fc.array(weighted(serving('1.1.0'), health), { minLength: 1, maxLength: 20 }),
    orders: fc.array(weighted(answer(200, ''), reply), { minLength: 1, maxLength: 20 }),
    stock: fc.array(weighted(answer(200, ''), reply), { minLength: 1, maxLength: 20 }),
  });

  it('ends in time, in plain JSON, and passes only what it saw to be good', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(target, { maxLength: 4 }), rule, async (scripts, limits) => {
        const script = Object.fromEntries(
          scripts.flatMap((one, index) => [
            [`t${index}/healthz`, one.health],
            [`t${index}/orders`, one.orders],
            [`t${index}/stock`, one.stock],
          ]),
        );
        const probe = scriptedProbe(script);
        const report = await verifyRelease({
          targets: scripts.map((_, index) => ({ name: `t${index}`, baseUrl: `t${index}` })),
          release: '1.1.0',
          suite: suiteOf({ ...limits, checks: [checkOf('orders'), checkOf('stock')] }),
          probe,
          clock: virtualClock(),
          signal: new AbortController().signal,
        });
        expect(report.seconds).toBeLessThanOrEqual(10);
        expect(report.probes).toBe(probe.asked.length);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        const checks = report.targets.flatMap((one) => one.checks);
        const isProven =
          checks.length === 2 * scripts.length &&
          checks.length > 0 &&
          checks.every(
            ({ verdict, attempts }) =>
              verdict === 'pass' && attempts >= limits.consecutiveSuccesses,
          );
        expect(report.verdict !== 'pass' || isProven).toBe(true);
        const hasFailed = checks.some(({ verdict }) => verdict === 'fail');
        expect(report.reasonCode === 'smoke-failed').toBe(hasFailed);
        // Each is asked once a second for ten seconds at most.
        const never = scripts.every((one) =>
          one.health.slice(0, 10).every(({ kind }) => kind === 'no-answer'),
        );
        expect(report.reasonCode === 'smoke-no-data').toBe(never);
      }),
    );
  });
});
