import type { Annotation } from '@gatewright/contract';
import type { Finding } from '@gatewright/verdict';
import { cleanText } from '../report/clean-text.ts';
import { breachesOf, fixOf, messageOf, packageOf, pathInTree } from './account.ts';
import type { GateAccount } from './account.ts';
import { counted } from './figures.ts';
import { gravestFirst } from './groups.ts';

type Level = Annotation['level'];

/**
 * GitHub keeps ten annotations of a level per step and drops the rest unseen. The runtime keeps one of each for the
 * number of those left, and one of the errors for the verdict.
 */
const slots: Record<Level, number> = { error: 8, warning: 9, notice: 9 };

/** GitHub cuts a title at 255 characters. */
const longestTitle = 255;
const longestMessage = 1000;
/** Other places of the same cause that are named, before they are only counted. */
const mostPlaces = 3;

/** Findings with one cause; the first one stands for all. */
interface Cause {
  readonly first: Finding;
  readonly others: readonly Finding[];
}

/**
 * What to show beside the change, most important first and within GitHub's budget: the limits that were broken besides
 * the first, which the verdict tells, then one annotation per cause, those in changed files first, then the gravest. The
 * last one of a level says how many more there are.
 */
export function gateAnnotations(account: GateAccount): Annotation[] {
  const limits = breachesOf(account)
    .slice(1, 4)
    .map(({ reasonCode, explanation }): Annotation => ({
      level: 'error',
      title: reasonCode,
      message: cleanText(explanation, longestMessage),
    }));
  const causes = causesOf(account.result.findings.toSorted(changedFirst(account)));
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const before = level === 'error' ? limits : [];
    const ofLevel = causes.filter(({ first }) => levelOf(first) === level);
    const room = slots[level] - before.length;
    const shown = ofLevel.length <= room ? ofLevel : ofLevel.slice(0, room - 1);
    return [
      ...before,
      ...shown.map((cause) => annotate(account, cause)),
      ...rest(level, ofLevel.slice(shown.length)),
    ];
  });
}

function changedFirst(account: GateAccount): (a: Finding, b: Finding) => number {
  const isElsewhere = ({ path }: Finding): number =>
    Number(path === undefined || account.changed?.has(path) !== true);
  return (a, b) => isElsewhere(a) - isElsewhere(b) || gravestFirst(a, b);
}

function causesOf(findings: readonly Finding[]): Cause[] {
  const causes = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = causeOf(finding);
    const members = causes.get(key);
    if (members === undefined) causes.set(key, [finding]);
    else members.push(finding);
  }
  return [...causes.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ first, others }],
  );
}

/** An advisory is one cause in however many packages; elsewhere it is the rule with what it says. */
function causeOf(finding: Finding): string {
  const { kind, id, blocking } = finding;
  return JSON.stringify([kind, id, blocking, kind === 'vulnerability' ? '' : messageOf(finding)]);
}

/** Red is what turns the gate red. */
function levelOf({ blocking, level }: Finding): Level {
  if (blocking) return 'error';
  return level === 'low' || level === 'note' ? 'notice' : 'warning';
}

function annotate(account: GateAccount, { first, others }: Cause): Annotation {
  const file = pathInTree(account, first);
  const found = packageOf(first);
  const message = [
    ...(found === undefined ? [] : [`${found}:`]),
    messageOf(first),
    fixOf(first),
    // Without a file the place would be lost.
    ...(file === undefined && first.path !== undefined ? [`(${first.path})`] : []),
    also(others),
  ];
  return {
    level: levelOf(first),
    title: cleanText(`${first.id} (${first.level})`, longestTitle),
    message: cleanText(message.filter((part) => part !== '').join(' '), longestMessage),
    ...(file === undefined ? {} : { file, ...position(first) }),
  };
}

function position({ line, column }: Finding): Pick<Annotation, 'startLine' | 'startColumn'> {
  if (line === undefined) return {};
  return column === undefined ? { startLine: line } : { startLine: line, startColumn: column };
}

function also(others: readonly Finding[]): string {
  if (others.length === 0) return '';
  const places = others.slice(0, mostPlaces).map(placeOf);
  const hidden = others.length - places.length;
  return `Also in ${[...places, ...(hidden > 0 ? [counted(hidden, 'more place')] : [])].join(', ')}.`;
}

function placeOf(finding: Finding): string {
  const name = packageOf(finding) ?? finding.path ?? 'no file';
  return finding.line === undefined ? name : `${name}:${finding.line}`;
}

function rest(level: Level, causes: readonly Cause[]): Annotation[] {
  if (causes.length === 0) return [];
  const findings = causes.reduce((sum, { others }) => sum + 1 + others.length, 0);
  const message = `And ${counted(findings, 'more finding')}; the summary of this step has them.`;
  return [{ level, message }];
}
