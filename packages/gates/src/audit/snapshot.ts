import * as z from 'zod';
import { severityOfWord } from './severity-words.ts';

const knownWord = z.string().refine((word) => severityOfWord(word) !== undefined, {
  message: 'expected a severity: critical, high, moderate or low',
});

/**
 * Severities of advisories for reports that hold none, such as those of pip-audit; a file that somebody makes on a
 * schedule, for example from the OSV database. Advisories are named by their ids as they are written in OSV.
 */
export const severitySnapshot = z.strictObject({
  schema: z.literal(1),
  /** Day on which it was made, `YYYY-MM-DD`, in UTC. */
  date: z.iso.date(),
  advisories: z.record(
    z.string(),
    z
      .strictObject({
        severity: knownWord.optional(),
        /** CVSS vector; only its base metrics are used, and only without a `severity`. */
        vector: z.string().optional(),
        /** Where it comes from, such as `ghsa`. */
        source: z.string(),
      })
      .refine(({ severity, vector }) => severity !== undefined || vector !== undefined, {
        message: 'expected a severity or a vector',
      }),
  ),
});
export type SeveritySnapshot = z.infer<typeof severitySnapshot>;

/** Above this age, in days, a snapshot is not asked: what it does not know may have been rated since. */
export const snapshotMaximumAgeDays = 30;

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** Age in whole days; negative for a snapshot of the future. */
export function snapshotAgeDays({ date }: SeveritySnapshot, today: string): number {
  return Math.floor((Date.parse(today) - Date.parse(date)) / dayMilliseconds);
}
