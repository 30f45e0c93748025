import type { Finding, GateResult, LintCounts, LintLevel } from '@gatewright/verdict';
import type { ApplyWaivers, Judgement } from '../judgement.ts';
import type { LintPolicy } from '../policy.ts';
import { compareTexts, identify } from './fingerprint.ts';
import type { LineText } from './fingerprint.ts';
import { baseBreach, levelBreach, plural, unanalysedBreach } from './lint-breaches.ts';
import type { SeenLintItem } from './lint-item.ts';
import { mergeItems, rankOf } from './merge.ts';
import type { MergedItem } from './merge.ts';
import { applyRatchet } from './ratchet.ts';

/** What the lint gate judges. */
export interface LintJudgementInput {
  /** Items of all reports, in any order. */
  readonly items: readonly SeenLintItem[];
  /** Lines of the tree that was linted, for fingerprints. */
  readonly lineText: LineText;
  /** Earlier result of the lint gate to compare with. */
  readonly base?: GateResult | undefined;
  readonly policy: LintPolicy;
  readonly waive: ApplyWaivers;
}

/** `levelSource` of what a tool could not analyse; it stands among the findings so that its place is shown. */
export const notAnalysedSource = 'not-analysed';

/**
 * Judges what linters found. A finding counts against the verdict when it reaches the level of the policy, is not waived
 * and, where only new ones count, is not in the base; the ratchet of its rule goes before the level. What was not analysed
 * is an error in any case and cannot be waived. Too few reports are for the caller to see, who knows how many were read.
 */
export function judgeLint(input: LintJudgementInput): Judgement {
  const { items, lineText, policy, waive } = input;
  const merged = mergeItems(identify(items, lineText));
  const ofKind = (kind: SeenLintItem['kind']): MergedItem[] =>
    merged.filter(({ item }) => item.kind === kind);
  const base = compareWith(input.base);
  const suppressed = ofKind('suppressed').length;
  const unanalysed = ofKind('not-analysed')
    .map((one) => findingOf(one, 'not-compared'))
    .map((finding) => ({ ...finding, levelSource: notAnalysedSource, blocking: true }))
    .toSorted(compareFindings);

  const { open, waived } = waive(
    ofKind('lint').map((one) => findingOf(one, base.baselineOf(one.fingerprint))),
  );
  const ratchet = applyRatchet(policy.ratchet, open);
  const isBlocking = ({ id, level, baseline }: Finding): boolean => {
    if (ratchet.exceeded.has(id)) return true;
    if (ratchet.within.has(id) || !reaches(level, policy.failOn)) return false;
    // Without a base it cannot be told what is new; the breach below says so.
    return !policy.newOnly || baseline === 'new';
  };
  const findings = open
    .map((finding) => (isBlocking(finding) ? { ...finding, blocking: true } : finding))
    .toSorted(compareFindings);
  const byLevel = findings.filter(({ id, blocking }) => blocking && !ratchet.exceeded.has(id));

  return {
    counts: countsOf(findings, unanalysed.length, suppressed, waived.length),
    findings: [...unanalysed, ...findings],
    waived: waived.map(({ finding, waiver }) => ({ finding, waiver })),
    breaches: [
      ...levelBreach(byLevel, policy),
      ...ratchet.breaches,
      ...unanalysedBreach(unanalysed),
      ...(policy.newOnly && base.problem !== undefined ? [baseBreach(base.problem)] : []),
    ],
    notes: [
      ...ratchet.notes,
      ...baseNotes(base, input.base, findings),
      ...(suppressed === 0 ? [] : [`${plural(suppressed, 'finding')} suppressed, not counted.`]),
    ],
  };
}

interface Comparison {
  /** Why the base cannot be compared with; undefined when it can. */
  readonly problem: string | undefined;
  baselineOf(fingerprint: string): Finding['baseline'];
}

/** What was waived in the base is not known by it: otherwise a waiver that has expired would never be missed. */
function compareWith(base: GateResult | undefined): Comparison {
  const problem = problemOf(base);
  if (base === undefined || problem !== undefined) {
    return { problem, baselineOf: () => 'not-compared' };
  }
  const known = new Set(base.findings.map(({ fingerprint }) => fingerprint));
  return { problem, baselineOf: (fingerprint) => (known.has(fingerprint) ? 'known' : 'new') };
}

function problemOf(base: GateResult | undefined): string | undefined {
  if (base === undefined) return 'there is no base result';
  if (base.gate !== 'lint') return `the base result is one of the ${base.gate} gate`;
  if (base.verdict === 'error' || base.verdict === 'skipped') {
    return `the base result has the verdict ${base.verdict}`;
  }
  if (base.findingsOmitted > 0)
    return `the base result leaves out ${base.findingsOmitted} findings`;
  return undefined;
}

function findingOf(
  { item, fingerprint, seenIn }: MergedItem,
  baseline: Finding['baseline'],
): Finding {
  const { path, line, column } = item;
  const finding: Finding = {
    kind: 'lint',
    id: item.ruleId,
    aliases: [],
    fingerprint,
    level: item.level,
    message: item.message,
    seenIn: [...seenIn],
    baseline,
    blocking: false,
  };
  // Filled in rather than spread: there can be tens of thousands.
  if (path !== undefined) finding.path = path;
  if (line !== undefined) finding.line = line;
  if (column !== undefined) finding.column = column;
  return finding;
}

function reaches(level: Finding['level'], failOn: LintLevel): boolean {
  return isLintLevel(level) && rankOf(level) <= rankOf(failOn);
}

function isLintLevel(level: Finding['level']): level is LintLevel {
  return level === 'error' || level === 'warning' || level === 'note';
}

function countsOf(
  findings: readonly Finding[],
  notAnalysed: number,
  suppressed: number,
  waived: number,
): LintCounts {
  const ofLevel = (level: LintLevel): number =>
    findings.filter((finding) => finding.level === level).length;
  return {
    error: ofLevel('error'),
    warning: ofLevel('warning'),
    note: ofLevel('note'),
    notAnalysed,
    suppressed,
    waived,
  };
}

/** What the comparison came to, where it was asked for. */
function baseNotes(
  { problem }: Comparison,
  base: GateResult | undefined,
  findings: readonly Finding[],
): string[] {
  if (base === undefined) return [];
  if (problem !== undefined) return [`Not compared: ${problem}.`];
  const isNew = findings.filter(({ baseline }) => baseline === 'new').length;
  const known = findings.length - isNew;
  return [`Compared with the base: ${isNew} new, ${known} known there.`];
}

/** Gravest first, and always in the same order. */
function compareFindings(a: Finding, b: Finding): number {
  return (
    rankOfFinding(a) - rankOfFinding(b) ||
    compareTexts(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareTexts(a.id, b.id) ||
    compareTexts(a.fingerprint, b.fingerprint)
  );
}

function rankOfFinding({ level }: Finding): number {
  return isLintLevel(level) ? rankOf(level) : 0;
}
