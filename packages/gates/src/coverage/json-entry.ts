import * as z from 'zod';
import type { ReportContext } from '../report/reader.ts';
import { maxLine } from './numbers.ts';

/** A number of things. */
export const jsonCount = z.int().nonnegative().max(1_000_000_000);
/** The number of a line. */
export const jsonLine = z.int().min(1).max(maxLine);

/** Whether something is an object with string keys. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One value of a document. Files are checked one by one, so that no second copy of a large document comes into being.
 * @throws by `report.fail`, with the key of what does not fit
 */
export function parseEntry<T>(
  schema: z.ZodType<T>,
  value: unknown,
  key: string,
  report: ReportContext,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [key, ...(issue?.path ?? [])].map(String).join('.');
  return report.fail('report-malformed', issue?.message ?? 'not as expected', { key: path });
}
