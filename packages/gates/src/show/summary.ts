import type { GateAccount } from './account.ts';
import { coverageSection, countsSection, limitsSection, readLine } from './summary-head.ts';
import { evidenceSection, notesSection, policyLine, waiversSection } from './summary-lists.ts';
import { findingsSections, omittedLine } from './summary-findings.ts';
import { wholeLines } from './markdown.ts';

/** Bytes of UTF-8 that a summary may have: GitHub's limit is a MiB, and the runtime puts a head before it. */
export const summaryBudget = 900_000;

/** How many rows the lists of a summary have. */
interface Lengths {
  readonly findings: number;
  readonly lists: number;
  readonly evidence: number;
}

const longest: Lengths = { findings: 512, lists: 256, evidence: 512 };

/** What is given up first stands first: findings, of which the result file has all, then lists, then evidence. */
const ladder: readonly Lengths[] = [
  longest,
  ...halvings(longest.findings).map((findings) => ({ ...longest, findings })),
  ...halvings(longest.lists).map((lists) => ({ ...longest, findings: 0, lists })),
  ...halvings(longest.evidence).map((evidence) => ({ findings: 0, lists: 0, evidence })),
];

function halvings(rows: number): number[] {
  return rows === 0 ? [] : [Math.floor(rows / 2), ...halvings(Math.floor(rows / 2))];
}

/**
 * The gate as GitHub Markdown, without the verdict, which the runtime puts before it. The limits that were broken, the
 * counts and the totals of what was read stand at the head and are there in every length from 16 KiB.
 *
 * @param budget - bytes of UTF-8 that are never exceeded
 */
export function gateSummary(account: GateAccount, budget = summaryBudget): string {
  for (const lengths of ladder) {
    const text = render(account, lengths);
    if (Buffer.byteLength(text) <= budget) return text;
  }
  return wholeLines(render(account, { findings: 0, lists: 0, evidence: 0 }), budget);
}

function render(account: GateAccount, lengths: Lengths): string {
  const sections = [
    limitsSection(account),
    countsSection(account),
    coverageSection(account),
    readLine(account),
    ...findingsSections(account, lengths.findings),
    omittedLine(account),
    waiversSection(account, lengths.lists),
    notesSection(account, lengths.lists),
    evidenceSection(account, lengths.evidence),
    policyLine(account),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
