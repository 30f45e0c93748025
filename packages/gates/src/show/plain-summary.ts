import type { Finding } from '@gatewright/verdict';
import { cleanText } from '../report/clean-text.ts';
import { breachesOf, fixOf, messageOf, packageOf } from './account.ts';
import type { GateAccount } from './account.ts';
import { bar, counted, coverageOf, coverageRows, figuresOf, thousands } from './figures.ts';
import { gravestFirst, groupFindings } from './groups.ts';
import { describeWaiver, scopeOf, waiverRows } from './waiver-rows.ts';

/** What a piece of text means, for its colour. */
export type Tone = 'good' | 'bad' | 'warn' | 'strong' | 'dim';

/** Colours a piece of text. */
export type Paint = (tone: Tone, text: string) => string;

/** For files, pipes and terminals without colours. */
export const unpainted: Paint = (_tone, text) => text;

const sequences: Record<Tone, readonly [on: number, off: number]> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  strong: [1, 22],
  dim: [2, 22],
};

/** For terminals: ANSI colours. */
export const ansiPaint: Paint = (tone, text) => {
  const [on, off] = sequences[tone];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** How much of the lists a screen takes. */
const mostFindings = 50;
const mostEntries = 20;
const longestLine = 240;

/** The gate for a terminal: the verdict in the first line, then why, the counts, the findings, and what was read. */
export function plainSummary(account: GateAccount, paint: Paint = unpainted): string {
  const lines = [
    headLine(account, paint),
    ...limitLines(account, paint),
    '',
    figuresLine(account),
    ...coverageLines(account, paint),
    ...findingLines(account, paint),
    ...waiverLines(account, paint),
    ...listLines(account.notes.map((note) => `note: ${cleanText(note, longestLine)}`)),
    '',
    ...evidenceLines(account, paint),
    policyLine(account, paint),
  ];
  return `${lines.map(inert).join('\n')}\n`;
}

/** A name at the start of a line must not be taken for a workflow command when the CLI runs inside a job. */
function inert(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [');
}

const tones = { pass: 'good', fail: 'bad', error: 'warn', skipped: 'dim' } as const;

function headLine({ result }: GateAccount, paint: Paint): string {
  const { gate, verdict, reasonCode, explanation } = result;
  const word = paint(tones[verdict], `${gate}: ${verdict}`);
  return `${word} (${cleanText(reasonCode)}) ${cleanText(explanation, longestLine)}`;
}

function limitLines(account: GateAccount, paint: Paint): string[] {
  const lines = breachesOf(account).map(({ verdict, reasonCode, explanation, remedy }) => {
    const why = `${paint(tones[verdict], verdict)} ${reasonCode}: ${cleanText(explanation, 500)}`;
    return remedy === undefined ? why : `${why} ${paint('dim', cleanText(remedy, longestLine))}`;
  });
  return listLines(lines);
}

function listLines(lines: readonly string[]): string[] {
  const hidden = lines.length - mostEntries;
  const shown = lines.slice(0, mostEntries).map((line) => `  ${line}`);
  return hidden > 0 ? [...shown, `  and ${thousands(hidden)} more`] : shown;
}

function figuresLine({ result }: GateAccount): string {
  return figuresOf(result)
    .map(([name, count]) => `${name} ${thousands(count)}`)
    .join(', ');
}

function coverageLines({ result }: GateAccount, paint: Paint): string[] {
  const coverage = coverageOf(result);
  if (coverage === undefined) return [];
  return coverageRows(coverage).map((row) => {
    if (row.total === 0) return `${row.title}: nothing to cover`;
    const figures = `${thousands(row.covered)} of ${thousands(row.total)} ${row.title} covered, ${row.percent} %`;
    const demanded = row.minimum === undefined ? '' : `, ${row.minimum} % demanded`;
    const missing =
      row.missing === 0 ? '' : paint('bad', `, ${thousands(row.missing)} more needed`);
    return `${bar(row)} ${figures}${demanded}${missing}`;
  });
}

function findingLines({ result }: GateAccount, paint: Paint): string[] {
  const shown = result.findings.toSorted(gravestFirst).slice(0, mostFindings);
  const hidden = result.findings.length - shown.length + result.findingsOmitted;
  const groups = groupFindings(shown).flatMap(({ name, findings }) => [
    '',
    paint('strong', cleanText(name ?? `${result.gate} gate`, longestLine)),
    ...findings.map((finding) => findingLine(finding, paint)),
  ]);
  return hidden > 0 ? [...groups, '', `and ${counted(hidden, 'more finding')}`] : groups;
}

function findingLine(finding: Finding, paint: Paint): string {
  const path = packageOf(finding) === undefined ? undefined : finding.path;
  const place = [path, finding.line, finding.line === undefined ? undefined : finding.column]
    .filter((part) => part !== undefined)
    .join(':');
  const tone = finding.blocking ? 'bad' : 'dim';
  const parts = [
    cleanText(place, longestLine),
    paint(tone, finding.blocking ? finding.level : `${finding.level}, does not count`),
    cleanText(finding.id),
    cleanText(messageOf(finding), longestLine),
    cleanText(fixOf(finding)),
  ];
  return `  ${parts.filter((part) => part !== '').join('  ')}`;
}

function waiverLines(account: GateAccount, paint: Paint): string[] {
  const lines = waiverRows(account).map((row) => {
    const { id, owner, expires } = row.waiver;
    const scope = scopeOf(row.waiver);
    const where = scope === '' ? '' : ` (${cleanText(scope, longestLine)})`;
    const state = paint(row.states.length > 0 ? 'warn' : 'dim', describeWaiver(row));
    return `waiver ${cleanText(id, longestLine)}${where}: ${state}; ${cleanText(owner)}, until ${cleanText(expires)}`;
  });
  return lines.length === 0 ? [] : ['', ...listLines(lines)];
}

function evidenceLines({ result }: GateAccount, paint: Paint): string[] {
  if (result.evidence.length === 0) return ['read: nothing'];
  const lines = result.evidence.map((one) => {
    const facts = `${cleanText(one.format)}, ${counted(one.items, 'item')}, ${counted(one.bytes, 'byte')}`;
    const digest = paint('dim', one.sha256.slice(0, 12));
    return `${cleanText(one.path, longestLine)} (${facts}) ${digest}`;
  });
  return [`read: ${counted(lines.length, 'report')}`, ...listLines(lines)];
}

function policyLine({ result }: GateAccount, paint: Paint): string {
  const { source, digest } = result.policy;
  return `policy: ${cleanText(source, longestLine)} ${paint('dim', digest.slice(0, 12))}`;
}
