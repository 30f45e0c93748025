import { isDeepStrictEqual } from 'node:util';
import type { CheckExpectation, JsonExpectation, Mismatch, ProbeResult } from './model.ts';
import { selectFromBody } from './read-json.ts';
import { redirectNote } from './read-release.ts';
import { safeText } from './safe-text.ts';

type Answer = Extract<ProbeResult, { kind: 'answer' }>;

/** What one request of a check says. */
export type CheckObservation =
  | { readonly kind: 'good'; readonly latencyMs: number }
  | { readonly kind: 'wrong'; readonly latencyMs: number; readonly mismatches: readonly Mismatch[] }
  | { readonly kind: 'no-answer'; readonly detail: string }
  /** Not asked, because the target did not tell the expected release just before. */
  | { readonly kind: 'unseen'; readonly detail: string };

/** Holds an answer against what the check expects; every expectation that is not met is told. */
export function judgeAnswer(result: ProbeResult, expect: CheckExpectation): CheckObservation {
  if (result.kind === 'no-answer') return { kind: 'no-answer', detail: result.detail };
  const latencyMs = result.timings.totalMs;
  const mismatches = [
    ...statusMismatch(result, expect.status),
    ...Object.entries(expect.headers).flatMap(([name, part]) => headerMismatch(result, name, part)),
    ...bodyMismatch(result, expect.bodyContains),
    ...expect.json.flatMap((expectation) => jsonMismatch(result, expectation)),
    ...latencyMismatch(latencyMs, expect.latencyMs),
  ];
  return mismatches.length === 0
    ? { kind: 'good', latencyMs }
    : { kind: 'wrong', latencyMs, mismatches };
}

function statusMismatch(answer: Answer, expected: number): Mismatch[] {
  if (answer.status === expected) return [];
  const actual = `status ${answer.status}${redirectNote(answer.headers)}`;
  return [{ expected: `status ${expected}`, actual }];
}

function headerMismatch(answer: Answer, name: string, part: string): Mismatch[] {
  const value = answer.headers[name.toLowerCase()];
  if (value?.includes(part) === true) return [];
  const actual = value === undefined ? 'no such header' : safeText(value);
  return [{ expected: `header ${name} contains ${JSON.stringify(part)}`, actual }];
}

function bodyMismatch(answer: Answer, part: string | undefined): Mismatch[] {
  if (part === undefined || answer.body.includes(part)) return [];
  const shown = answer.body === '' ? 'an empty body' : safeText(answer.body);
  const actual = answer.bodyTruncated ? `not in the first MiB of the body: ${shown}` : shown;
  return [{ expected: `body contains ${JSON.stringify(part)}`, actual: safeText(actual) }];
}

function jsonMismatch(answer: Answer, expectation: JsonExpectation): Mismatch[] {
  const expected = describeExpectation(expectation);
  const selection = selectFromBody(answer, expectation.path);
  if (selection.kind === 'unreadable') return [{ expected, actual: selection.detail }];
  const { values } = selection;
  const isMet =
    expectation.kind === 'exists'
      ? values.length > 0 === expectation.exists
      : values.length === 1 && isDeepStrictEqual(values[0], expectation.equals);
  return isMet ? [] : [{ expected, actual: describeValues(values) }];
}

function describeExpectation(expectation: JsonExpectation): string {
  if (expectation.kind === 'equals') {
    return safeText(`${expectation.path} is ${JSON.stringify(expectation.equals)}`);
  }
  return `${expectation.path} ${expectation.exists ? 'exists' : 'does not exist'}`;
}

function describeValues(values: readonly unknown[]): string {
  if (values.length === 0) return 'nothing there';
  const shown = safeText(JSON.stringify(values.length === 1 ? values[0] : values));
  return values.length === 1 ? shown : safeText(`${values.length} values: ${shown}`);
}

function latencyMismatch(latencyMs: number, budget: number | undefined): Mismatch[] {
  if (budget === undefined || latencyMs <= budget) return [];
  return [{ expected: `answer within ${budget} ms`, actual: `${Math.ceil(latencyMs)} ms` }];
}
