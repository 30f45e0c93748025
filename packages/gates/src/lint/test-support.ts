import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Finding, GateEvidence, GateResult } from '@gatewright/verdict';
import { expect } from '@jest/globals';
import type { ApplyWaivers, Judgement } from '../judgement.ts';
import type { LintPolicy } from '../policy.ts';
import { ReportError } from '../report/report-error.ts';
import { readReport } from '../report/read-report.ts';
import { judgeLint } from './judge-lint.ts';
import type { LintJudgementInput } from './judge-lint.ts';
import type { LintItem, SeenLintItem } from './lint-item.ts';
import { lintReaders } from './readers.ts';

/** What a report came to. */
export interface ReadLint {
  readonly evidence: GateEvidence;
  readonly items: readonly LintItem[];
}

/** Reads a report as the gate does; the tree is at `/work-tree`, and so was the tool. */
export async function readLint(
  text: string,
  { path = 'report', declared }: { path?: string; declared?: string } = {},
): Promise<ReadLint> {
  const items: LintItem[] = [];
  const evidence = await readReport({
    source: { path, open: () => bytesOf(text) },
    readers: lintReaders,
    foreign: [],
    sink: (item) => items.push(item),
    roots: { root: '/work-tree', base: '/work-tree' },
    ...(declared === undefined ? {} : { declared }),
  });
  return { evidence, items };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
  await Promise.resolve();
}

/** Reads lines, each ended. */
export function readLines(...lines: readonly string[]): Promise<ReadLint> {
  return readLint(lines.map((line) => `${line}\n`).join(''));
}

export function readJson(document: unknown): Promise<ReadLint> {
  return readLint(JSON.stringify(document));
}

/** The problem for which a report is refused; undefined when it is not. */
export async function refusalOf(reading: Promise<ReadLint>): Promise<ReportError | undefined> {
  try {
    await reading;
    return undefined;
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
}

/** What a refusal is to look like. */
export function refusal(reasonCode: string, message: RegExp | string): object {
  return {
    reasonCode,
    message: expect.stringMatching(typeof message === 'string' ? escaped(message) : message),
  };
}

function escaped(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
}

/** Whether a report is refused as evidence; anything else that is thrown is a defect and is passed on. */
export async function isRefused(text: string): Promise<boolean> {
  return (await refusalOf(readLint(text))) !== undefined;
}

/** A report that the real tool wrote. */
export function sample(path: string): string {
  const file = new URL(`../../samples/${path}`, import.meta.url);
  return readFileSync(fileURLToPath(file), 'utf8');
}

/** Items in short: kind, rule, level and place. */
export function inShort(items: readonly LintItem[]): string[] {
  return items.map(({ kind, ruleId, level, path = '', line = '', column = '' }) =>
    `${kind === 'lint' ? '' : `${kind} `}${ruleId} ${level} ${path}:${line}:${column}`.replace(
      /:+$/,
      '',
    ),
  );
}

export const defaultPolicy: LintPolicy = {
  failOn: 'error',
  newOnly: false,
  ratchet: {},
  minimumReports: 1,
};

export const waiveNone: ApplyWaivers = (open) => ({ open, waived: [] });

/** A file whose every line is its number in words that differ. */
const lineText: LintJudgementInput['lineText'] = (path, line) => `${path} line ${line}`;

export function judge(
  items: readonly SeenLintItem[],
  input: Partial<LintJudgementInput> = {},
): Judgement {
  return judgeLint({ items, lineText, policy: defaultPolicy, waive: waiveNone, ...input });
}

export function itemAt(line: number, more: Partial<SeenLintItem> = {}): SeenLintItem {
  return {
    kind: 'lint',
    ruleId: 'no-unused',
    level: 'error',
    message: 'unused variable',
    path: 'src/a.ts',
    line,
    column: 1,
    tool: 'linter',
    seenIn: 'report.json',
    ...more,
  };
}

/** A result of the lint gate with these findings, to compare with. */
export function baseWith(findings: readonly Finding[], more: Partial<GateResult> = {}): GateResult {
  return {
    gate: 'lint',
    verdict: 'fail',
    reasonCode: 'lint-failed',
    explanation: 'as it was',
    evidence: [],
    counts: { error: 0, warning: 0, note: 0, notAnalysed: 0, suppressed: 0, waived: 0 },
    findings: [...findings],
    findingsOmitted: 0,
    waived: [],
    policy: { source: 'defaults', digest: '0'.repeat(64) },
    ...more,
  };
}
