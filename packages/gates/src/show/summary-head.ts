import { breachesOf } from './account.ts';
import type { GateAccount } from './account.ts';
import { bar, counted, coverageOf, coverageRows, figuresOf, thousands } from './figures.ts';
import type { CoverageRow } from './figures.ts';
import { bullets, table, words } from './markdown.ts';

const longestSentence = 500;
/** A thousand broken reports are told by the first of them and their number. */
const mostLimits = 20;

/** What broke a limit, with the figures. */
export function limitsSection(account: GateAccount): string {
  const breaches = breachesOf(account);
  if (breaches.length === 0) return '';
  const entries = breaches.slice(0, mostLimits).map(({ verdict, reasonCode, ...breach }) => {
    const remedy = breach.remedy === undefined ? '' : ` ${words(breach.remedy, longestSentence)}`;
    return `${signs[verdict]} \`${reasonCode}\`: **${words(breach.explanation, longestSentence)}**${remedy}`;
  });
  const hidden = breaches.length - entries.length;
  return `### What stopped it\n\n${bullets([
    ...entries,
    ...(hidden > 0 ? [`and ${thousands(hidden)} more`] : []),
  ])}`;
}

const signs = { fail: '❌', error: '⚠️' } as const;

/** The counts of the gate in one row. */
export function countsSection({ result }: GateAccount): string {
  const figures = figuresOf(result);
  return `### Counts\n\n${table(
    figures.map(([name]) => name),
    [figures.map(([, count]) => (count === 0 ? '0' : `**${thousands(count)}**`))],
  )}`;
}

/** Coverage as bars with the minimum marked in them. */
export function coverageSection({ result }: GateAccount): string {
  const coverage = coverageOf(result);
  if (coverage === undefined) return '';
  return table(['coverage', '', '', 'demanded', ''], coverageRows(coverage).map(coverageCells));
}

function coverageCells(row: CoverageRow): string[] {
  if (row.total === 0) return [row.title, '', 'nothing to cover', demanded(row), '–'];
  return [
    row.title,
    `\`${bar(row)}\``,
    `**${row.percent} %** (${thousands(row.covered)} of ${thousands(row.total)})`,
    demanded(row),
    row.missing === 0 ? '✅' : `❌ ${thousands(row.missing)} more needed`,
  ];
}

function demanded({ minimum }: CoverageRow): string {
  return minimum === undefined ? '–' : `${minimum} %`;
}

/** How much was read, in one line that is never left out. */
export function readLine({ result }: GateAccount): string {
  if (result.evidence.length === 0) return 'Read: nothing.';
  const items = result.evidence.reduce((sum, one) => sum + one.items, 0);
  const bytes = result.evidence.reduce((sum, one) => sum + one.bytes, 0);
  return `Read: ${counted(result.evidence.length, 'report')} with ${counted(items, 'item')}, ${counted(bytes, 'byte')}.`;
}
