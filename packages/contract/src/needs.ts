import * as z from 'zod';

/** How GitHub says that a job ended, and what it said itself. */
export interface JobEnd {
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
}

/** The jobs before this one, or why they are not known. */
export type Needs =
  | { readonly kind: 'known'; readonly jobs: ReadonlyMap<string, JobEnd> }
  | { readonly kind: 'unreadable'; readonly why: string };

const jobEnd = z.object({
  result: z.enum(['success', 'failure', 'cancelled', 'skipped']),
  outputs: z.record(z.string(), z.string()).default({}),
});

const needs = z.record(z.string(), jobEnd);

/** Reads what `toJSON(needs)` gave. Never throws: unreadable is a finding of its own. */
export function parseNeeds(text: string): Needs {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: 'needs-json is not JSON' };
  }
  const parsed = needs.safeParse(data);
  if (parsed.success) return { kind: 'known', jobs: new Map(Object.entries(parsed.data)) };
  const first = parsed.error.issues[0];
  const place = first?.path.map(String).join('.') ?? '';
  return {
    kind: 'unreadable',
    why: `needs-json: ${place || 'the value'}: ${first?.message ?? ''}`,
  };
}
