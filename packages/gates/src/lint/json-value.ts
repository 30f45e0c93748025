import type { ReportContext } from '../report/reader.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Narrows values of a report, and refuses it where they are of another type. By hand and not by a schema of the document: a
 * report can hold hundreds of thousands of values of which few are looked at. `null` means absent.
 *
 * Each takes the key of the object that holds the value, and the name in it; they are put together only to be shown.
 */
export interface Narrow {
  object(value: unknown, at: string, name?: string): JsonObject;
  list(value: unknown, at: string, name?: string): readonly unknown[];
  text(value: unknown, at: string, name?: string): string;
  optionalObject(value: unknown, at: string, name?: string): JsonObject | undefined;
  /** Empty when absent. */
  optionalList(value: unknown, at: string, name?: string): readonly unknown[];
  optionalText(value: unknown, at: string, name?: string): string | undefined;
  optionalNumber(value: unknown, at: string, name?: string): number | undefined;
  optionalWord<Word extends string>(
    value: unknown,
    words: readonly Word[],
    at: string,
    name?: string,
  ): Word | undefined;
}

export function narrowFor(report: ReportContext): Narrow {
  const refuse = (expected: string, value: unknown, at: string, name?: string): never =>
    report.fail('report-malformed', `${expected} was expected, not ${nameOf(value)}`, {
      key: [at, name].filter((part) => part !== undefined && part !== '').join('.'),
    });
  const object: Narrow['object'] = (value, at, name) =>
    isJsonObject(value) ? value : refuse('an object', value, at, name);
  const list: Narrow['list'] = (value, at, name) =>
    Array.isArray(value) ? value : refuse('a list', value, at, name);
  const text: Narrow['text'] = (value, at, name) =>
    typeof value === 'string' ? value : refuse('a text', value, at, name);
  return {
    object,
    list,
    text,
    optionalObject: (value, at, name) => (isAbsent(value) ? undefined : object(value, at, name)),
    optionalList: (value, at, name) => (isAbsent(value) ? none : list(value, at, name)),
    optionalText: (value, at, name) => (isAbsent(value) ? undefined : text(value, at, name)),
    optionalNumber: (value, at, name) => {
      if (isAbsent(value)) return undefined;
      return typeof value === 'number' ? value : refuse('a number', value, at, name);
    },
    optionalWord: (value, words, at, name) => {
      if (isAbsent(value)) return undefined;
      return words.find((word) => word === value) ?? refuse(words.join(' or '), value, at, name);
    },
  };
}

const none: readonly unknown[] = [];

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'this text' : `a ${typeof value}`;
}
