import { data } from '@actions/expressions';

/** What contexts are made of; converted to the expression package's own types for one evaluation. */
export type Json =
  null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

export type JsonRecord = Readonly<Record<string, Json>>;

export function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(toData));
  const pairs = Object.entries(value).map(([key, item]) => ({ key, value: toData(item) }));
  return new data.Dictionary(...pairs);
}

export function fromData(value: data.ExpressionData): Json {
  if (value instanceof data.StringData) return value.value;
  if (value instanceof data.NumberData) return value.value;
  if (value instanceof data.BooleanData) return value.value;
  if (value instanceof data.Array) return value.values().map(fromData);
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromData(pair.value)]));
  }
  return null;
}

/** The text that GitHub puts in place of an expression with this value. */
export function toText(value: Json): string {
  return toData(value).coerceString();
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
