import type { ReportContext } from '../report/reader.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Narrows values of a report and refuses it, with the key, where they are of another type. By hand and not by a schema of
 * the document: a report can hold hundreds of thousands of values of which few are looked at. `null` means absent.
 */
export interface Narrow {
  object(value: unknown, key: string): JsonObject;
  list(value: unknown, key: string): readonly unknown[];
  text(value: unknown, key: string): string;
  optionalObject(value: unknown, key: string): JsonObject | undefined;
  /** Empty when absent. */
  optionalList(value: unknown, key: string): readonly unknown[];
  optionalText(value: unknown, key: string): string | undefined;
  optionalNumber(value: unknown, key: string): number | undefined;
  optionalWord<Word extends string>(
    value: unknown,
    words: readonly Word[],
    key: string,
  ): Word | undefined;
}

export function narrowFor(report: ReportContext): Narrow {
  const refuse = (expected: string, value: unknown, key: string): never =>
    report.fail('report-malformed', `${expected} was expected, not ${nameOf(value)}`, { key });
  const object = (value: unknown, key: string): JsonObject =>
    isJsonObject(value) ? value : refuse('an object', value, key);
  const list = (value: unknown, key: string): readonly unknown[] =>
    Array.isArray(value) ? value : refuse('a list', value, key);
  const text = (value: unknown, key: string): string =>
    typeof value === 'string' ? value : refuse('a text', value, key);
  return {
    object,
    list,
    text,
    optionalObject: (value, key) => (isAbsent(value) ? undefined : object(value, key)),
    optionalList: (value, key) => (isAbsent(value) ? [] : list(value, key)),
    optionalText: (value, key) => (isAbsent(value) ? undefined : text(value, key)),
    optionalNumber: (value, key) => {
      if (isAbsent(value)) return undefined;
      return typeof value === 'number' ? value : refuse('a number', value, key);
    },
    optionalWord: (value, words, key) => {
      if (isAbsent(value)) return undefined;
      return words.find((word) => word === value) ?? refuse(words.join(' or '), value, key);
    },
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'this text' : `a ${typeof value}`;
}
