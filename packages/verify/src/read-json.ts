import { compile } from 'json-p3';
import type { JSONPathQuery, JSONValue } from 'json-p3';
import type { ProbeResult } from './model.ts';
import { safeText } from './safe-text.ts';

type Answer = Extract<ProbeResult, { kind: 'answer' }>;

/** Values that a JSONPath selected, or why it could not be asked. */
export type Selection =
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** What is wrong with a JSONPath, or undefined. */
export function jsonPathProblem(path: string): string | undefined {
  try {
    compile(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? safeText(error.message) : 'not a JSONPath';
  }
}

/** Selects from the JSON body of an answer. A body that was cut is unreadable: half of it decides nothing. */
export function selectFromBody(answer: Answer, path: string): Selection {
  if (answer.bodyTruncated) return { kind: 'unreadable', detail: 'a body of more than 1 MiB' };
  let data: JSONValue;
  try {
    data = JSON.parse(answer.body);
  } catch {
    const shown =
      answer.body === '' ? 'an empty body' : `a body that is not JSON: ${safeText(answer.body)}`;
    return { kind: 'unreadable', detail: shown };
  }
  try {
    const query: JSONPathQuery = compile(path);
    return { kind: 'values', values: query.query(data).values() };
  } catch (error) {
    // Nesting beyond the library's limit, which is the target's doing.
    const why = error instanceof Error ? safeText(error.message) : 'unknown';
    return { kind: 'unreadable', detail: `a body that the path cannot be applied to: ${why}` };
  }
}
