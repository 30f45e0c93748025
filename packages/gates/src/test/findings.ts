import { createHash } from 'node:crypto';
import type { Finding, TestOutcome } from '@gatewright/verdict';
import { cleanText } from '../report/clean-text.ts';
import type { BaseTests } from './base-tests.ts';
import type { KeptTest } from './tally.ts';

/** A test that failed or errored. */
export function failingFinding(test: KeptTest, base: BaseTests | undefined): Finding {
  const { testCase, seenIn } = test;
  const { identity, outcome } = testCase;
  return {
    ...common('test', identity, `${titleOf(test)}: ${testCase.message ?? outcome}`),
    ...placeOf(test),
    level: 'error',
    seenIn: [...seenIn],
    baseline: baselineOf(base, identity, ['failed', 'errored']),
    blocking: true,
  };
}

/** A test that failed at first. It counts against the verdict only as one of too many. */
export function flakyFinding(test: KeptTest, base: BaseTests | undefined): Finding {
  const { testCase, seenIn } = test;
  const { identity, message } = testCase;
  const what = message === undefined ? 'failed before it passed' : `passed only after: ${message}`;
  return {
    ...common('flaky-test', identity, `${titleOf(test)}: ${what}`),
    ...placeOf(test),
    level: 'warning',
    seenIn: [...seenIn],
    baseline: baselineOf(base, identity, ['flaky']),
    blocking: false,
  };
}

/** A test of the base that no longer shows that something works. */
export function regressionFinding(identity: string, was: TestOutcome, is: string): Finding {
  const path = identity.slice(0, identity.indexOf('|'));
  return {
    ...common('test-regression', identity, `${nameOf(identity)}: ${was} in the base, ${is} now`),
    ...(path === '' ? {} : { path }),
    level: 'error',
    seenIn: [],
    baseline: 'new',
    blocking: true,
  };
}

function common(
  kind: Finding['kind'],
  identity: string,
  message: string,
): Pick<Finding, 'kind' | 'id' | 'aliases' | 'fingerprint' | 'message'> {
  const fingerprint = createHash('sha256').update(`${kind}\n${identity}`).digest('hex');
  return { kind, id: identity, aliases: [], fingerprint, message: cleanText(message) };
}

function placeOf({ testCase: { path, line } }: KeptTest): Pick<Finding, 'path' | 'line'> {
  return {
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
  };
}

function titleOf({ testCase: { suite, name } }: KeptTest): string {
  return suite === '' ? name : `${suite} › ${name}`;
}

function nameOf(identity: string): string {
  const [, suite = '', ...name] = identity.split('|');
  return suite === '' ? name.join('|') : `${suite} › ${name.join('|')}`;
}

function baselineOf(
  base: BaseTests | undefined,
  identity: string,
  known: readonly TestOutcome[],
): Finding['baseline'] {
  if (base?.outcomes === undefined) return 'not-compared';
  const was = base.outcomes.get(identity);
  return was !== undefined && known.includes(was) ? 'known' : 'new';
}
