import type { Severity } from '@gatewright/verdict';

type KnownSeverity = Exclude<Severity, 'unknown'>;

/**
 * The words of all tools, in lower case. What a tool holds for less than low is low here: nothing milder exists, and a
 * finding that was reported stays in the counts. Words for "not rated" are missing, so that the next source is asked.
 */
const words: Readonly<Record<string, KnownSeverity>> = {
  critical: 'critical',
  high: 'high',
  // Red Hat, which Grype and Trivy may quote.
  important: 'high',
  moderate: 'moderate',
  medium: 'moderate',
  low: 'low',
  // Grype and Debian; npm, pnpm and Yarn; CVSS.
  negligible: 'low',
  info: 'low',
  informational: 'low',
  none: 'low',
};

/** What a word means; undefined when it is absent, says "unknown", or is not in the table. */
export function severityOfWord(word: string | undefined): KnownSeverity | undefined {
  const key = word?.trim().toLowerCase() ?? '';
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
