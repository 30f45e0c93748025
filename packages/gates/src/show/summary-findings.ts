import type { Finding } from '@gatewright/verdict';
import { fixOf, messageOf, packageOf } from './account.ts';
import type { GateAccount } from './account.ts';
import { thousands } from './figures.ts';
import { gravestFirst, groupFindings } from './groups.ts';
import type { FindingGroup } from './groups.ts';
import { code, folded, table, words } from './markdown.ts';

/** Findings that count, and folded those that do not. @param most - rows of both together */
export function findingsSections({ result }: GateAccount, most: number): string[] {
  const counting = result.findings.filter(({ blocking }) => blocking);
  const others = result.findings.filter(({ blocking }) => !blocking);
  const countingTitle = `Findings that count: ${thousands(counting.length)}`;
  const othersTitle = `Findings that do not count: ${thousands(others.length)}`;
  return [
    counting.length === 0 ? '' : `### ${countingTitle}\n\n${findingsTable(counting, most)}`,
    others.length === 0 ? '' : folded(othersTitle, findingsTable(others, most - counting.length)),
  ];
}

/** The findings are grouped, gravest group first; what does not fit is counted below. */
function findingsTable(findings: readonly Finding[], most: number): string {
  const shown = findings.toSorted(gravestFirst).slice(0, Math.max(0, most));
  const hidden = findings.length - shown.length;
  const rows = groupFindings(shown).flatMap(groupRows);
  return [
    ...(shown.length === 0 ? [] : [table(['', 'level', 'what', ''], rows)]),
    ...(hidden === 0 ? [] : [`and ${thousands(hidden)} more in the result file`]),
  ].join('\n\n');
}

function groupRows({ name, findings }: FindingGroup): string[][] {
  return [[name === undefined ? '_no file_' : `**${code(name)}**`], ...findings.map(findingRow)];
}

function findingRow(finding: Finding): string[] {
  return [
    placeCell(finding),
    `${finding.blocking ? '❌' : '▫️'} ${levelCell(finding)}`,
    code(finding.id),
    messageCell(finding),
  ];
}

function placeCell(finding: Finding): string {
  // The path of a package's finding is not in the head of its group.
  const path = packageOf(finding) === undefined ? undefined : finding.path;
  const place = [finding.line, finding.line === undefined ? undefined : finding.column]
    .filter((part) => part !== undefined)
    .join(':');
  return [path === undefined ? '' : code(path), place].filter((part) => part !== '').join(' ');
}

function levelCell({ level, levelSource, baseline, knownExploited }: Finding): string {
  return [
    level,
    ...(levelSource === undefined ? [] : [`(${words(levelSource)})`]),
    ...(baseline === 'new' ? ['new'] : []),
    ...(knownExploited === true ? ['**exploited**'] : []),
  ].join(' ');
}

function messageCell(finding: Finding): string {
  const fix = fixOf(finding);
  const reports = finding.seenIn.length;
  return [
    words(messageOf(finding)),
    ...(fix === '' ? [] : [words(fix)]),
    ...(reports > 1 ? [`(in ${reports} reports)`] : []),
  ].join(' ');
}

/** What the list of the result leaves out, which the counts have. */
export function omittedLine({ result: { findingsOmitted } }: GateAccount): string {
  return findingsOmitted === 0
    ? ''
    : `The list of the result leaves out ${thousands(findingsOmitted)} more; they are in the counts.`;
}
