import { number, refuse } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { AuditSink } from './item.ts';

const words = ['info', 'low', 'moderate', 'high', 'critical'] as const;

/**
 * Compares the counts that npm and its relatives give of themselves with the entries that they list. The entries decide;
 * a difference is only told, because the tools count differently (packages, advisories, paths). That there is something
 * and none of it is listed, however, is no evidence: a filter of the tool hid it.
 *
 * @param declared - the counts by severity
 * @param labels - severity of every entry
 */
export function checkCounts(declared: JsonEntry, labels: readonly string[], sink: AuditSink): void {
  const pairs = words.map((word) => ({
    word,
    declared: number(declared, word) ?? 0,
    listed: labels.filter((label) => label === word).length,
  }));
  const total = pairs.reduce((sum, pair) => sum + pair.declared, 0);
  if (total > 0 && labels.length === 0) {
    refuse(declared, 'report-contradictory', `counts ${total} vulnerabilities but lists none`);
  }
  const different = pairs.filter((pair) => pair.declared !== pair.listed);
  if (different.length === 0) return;
  const told = different.map(
    (pair) => `${pair.declared} ${pair.word} counted, ${pair.listed} listed`,
  );
  sink({ kind: 'note', message: `the report's own counts differ: ${told.join('; ')}` });
}
