import { cleanText } from '../report/clean-text.ts';
import type { ReportContext } from '../report/reader.ts';
import type { ReportReason } from '../report/report-error.ts';

/** Where a value stands; the dotted path is put together only when something is refused. */
interface JsonPlace {
  readonly report: ReportContext;
  readonly key: string | number;
  readonly parent?: JsonPlace;
}

/**
 * A JSON object of a report and where it stands. Reports are large and little of them is used, so values are checked
 * one by one when they are asked for. A refusal names the place, never the value, which may be a secret.
 */
export interface JsonEntry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly place: JsonPlace;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document itself, or one line of a report by lines. @throws ReportError when it is no object */
export function rootEntry(value: unknown, report: ReportContext): JsonEntry {
  return asEntry(value, { report, key: '' });
}

/** The objects of a document that is a list. @throws ReportError when one is no object */
export function rootEntries(value: unknown, report: ReportContext): JsonEntry[] {
  const root: JsonPlace = { report, key: '' };
  if (!Array.isArray(value)) return misshapen(root, 'a list');
  return value.map((element, index) => asEntry(element, { report, key: index, parent: root }));
}

/** A text; absent and null are undefined. */
export function text(entry: JsonEntry, key: string): string | undefined {
  const value = entry.fields[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : misshapen(below(entry, key), 'a text');
}

/** A text that must be there and not be empty. */
export function neededText(entry: JsonEntry, key: string): string {
  const value = text(entry, key);
  return value === undefined || value === ''
    ? misshapen(below(entry, key), 'a text that is not empty')
    : value;
}

/** A number; absent and null are undefined. */
export function number(entry: JsonEntry, key: string): number | undefined {
  const value = entry.fields[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? value : misshapen(below(entry, key), 'a number');
}

/** A line number; undefined when there is none, which some tools write as 0. */
export function lineNumber(entry: JsonEntry, key: string): number | undefined {
  const value = number(entry, key);
  return value !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** True or false; absent and null are undefined. */
export function flag(entry: JsonEntry, key: string): boolean | undefined {
  const value = entry.fields[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'boolean' ? value : misshapen(below(entry, key), 'true or false');
}

/** An object; absent and null are undefined. */
export function object(entry: JsonEntry, key: string): JsonEntry | undefined {
  const value = entry.fields[key];
  return value === undefined || value === null ? undefined : asEntry(value, below(entry, key));
}

/** An object that must be there. */
export function neededObject(entry: JsonEntry, key: string): JsonEntry {
  return asEntry(entry.fields[key], below(entry, key));
}

/** A list of objects; absent and null are an empty one, as Go writes it. */
export function list(entry: JsonEntry, key: string): readonly JsonEntry[] {
  const value = entry.fields[key];
  if (value === undefined || value === null) return [];
  const place = below(entry, key);
  if (!Array.isArray(value)) return misshapen(place, 'a list');
  return value.map((element, index) =>
    asEntry(element, { report: place.report, key: index, parent: place }),
  );
}

/** A list of objects that must be there, though it may be empty. */
export function neededList(entry: JsonEntry, key: string): readonly JsonEntry[] {
  return Array.isArray(entry.fields[key])
    ? list(entry, key)
    : misshapen(below(entry, key), 'a list');
}

const nothing: readonly never[] = [];

/** A list of texts; absent and null are an empty one. */
export function texts(entry: JsonEntry, key: string): readonly string[] {
  const value = entry.fields[key];
  if (value === undefined || value === null) return nothing;
  if (!Array.isArray(value)) return misshapen(below(entry, key), 'a list of texts');
  const found = value.filter((element) => typeof element === 'string');
  return found.length === value.length ? found : misshapen(below(entry, key), 'a list of texts');
}

/** The members of an object whose values are objects. */
export function members(entry: JsonEntry): readonly (readonly [string, JsonEntry])[] {
  return Object.entries(entry.fields).map(([key, value]) => [
    key,
    asEntry(value, below(entry, key)),
  ]);
}

/** Refuses the report at this entry. */
export function refuse(entry: JsonEntry, reasonCode: ReportReason, problem: string): never {
  return entry.place.report.fail(reasonCode, problem, { key: pathOf(entry.place) });
}

function asEntry(value: unknown, place: JsonPlace): JsonEntry {
  return isRecord(value) ? { fields: value, place } : misshapen(place, 'an object');
}

function below(entry: JsonEntry, key: string): JsonPlace {
  return { report: entry.place.report, key, parent: entry.place };
}

function misshapen(place: JsonPlace, expected: string): never {
  return place.report.fail('report-malformed', `expected ${expected}`, { key: pathOf(place) });
}

function pathOf({ key, parent }: JsonPlace): string {
  const before = parent === undefined ? '' : pathOf(parent);
  if (typeof key === 'number') return `${before}[${key}]`;
  const name = cleanText(key, 100);
  return before === '' ? name : `${before}.${name}`;
}
