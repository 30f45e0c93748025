import { createHash } from 'node:crypto';
import type { CoverageCounts, Finding } from '@gatewright/verdict';
import type { Breach } from '../judgement.ts';
import { cleanText } from '../report/clean-text.ts';
import type { Coverage } from './coverage.ts';
import { percentText, shortfall } from './ratio.ts';

/** Lines that a change adds or alters, rising, by tree path. */
export type ChangedLines = ReadonlyMap<string, readonly number[]>;

/** What was made of the changed lines. */
export interface ChangesJudgement {
  readonly counts?: NonNullable<CoverageCounts['changed']>;
  readonly findings: readonly Finding[];
  readonly breaches: readonly Breach[];
  readonly notes: readonly string[];
}

/** Most files with uncovered changed lines that become findings. */
const maxFindings = 500;
const shownNames = 5;
const shownRanges = 10;

/** Judges the lines that the change touches, whatever the metric of the policy is: a change has lines only. */
export function judgeChanges(
  coverage: Coverage,
  changedLines: ChangedLines | undefined,
  minimum: number | undefined,
): ChangesJudgement {
  if (changedLines === undefined) return { ...nothing, breaches: unknownChanges(minimum) };
  const measured = measure(coverage, changedLines);
  const breaches = minimum === undefined ? [] : changeBreaches(measured, minimum);
  const blocking = breaches.length > 0;
  const { covered, total, uncovered } = measured;
  return {
    ...(total === 0 || measured.sumsOnly.length > 0
      ? {}
      : {
          counts: {
            covered,
            total,
            percent: percentText({ covered, total }),
            ...(minimum === undefined ? {} : { minimum }),
          },
        }),
    findings: uncovered.slice(0, maxFindings).map((file) => findingOf(file, blocking)),
    breaches,
    notes: notesOf(measured),
  };
}

const nothing: ChangesJudgement = { findings: [], breaches: [], notes: [] };

interface UncoveredFile {
  readonly path: string;
  readonly lines: readonly number[];
  readonly seenIn: readonly string[];
}

interface Measured {
  readonly covered: number;
  readonly total: number;
  readonly uncovered: readonly UncoveredFile[];
  /** Changed files of which a report only has sums. */
  readonly sumsOnly: readonly string[];
  /** Changed files that no report has. */
  readonly unmeasured: readonly string[];
}

function measure(coverage: Coverage, changedLines: ChangedLines): Measured {
  let covered = 0;
  let total = 0;
  const uncovered: UncoveredFile[] = [];
  const sumsOnly: string[] = [];
  const unmeasured: string[] = [];
  for (const [path, lines] of changedLines) {
    if (lines.length === 0) continue;
    const file = coverage.file(path);
    if (file === undefined) {
      unmeasured.push(path);
      continue;
    }
    if (!file.numbered) sumsOnly.push(path);
    const known = lines.filter((line) => file.isCovered(line) !== undefined);
    const missed = known.filter((line) => file.isCovered(line) === false);
    total += known.length;
    covered += known.length - missed.length;
    if (missed.length > 0) uncovered.push({ path, lines: missed, seenIn: file.seenIn });
  }
  return { covered, total, uncovered, sumsOnly, unmeasured };
}

function unknownChanges(minimum: number | undefined): Breach[] {
  if (minimum === undefined) return [];
  return [
    {
      verdict: 'error',
      reasonCode: 'changes-unknown',
      explanation: `The policy demands that ${minimum} % of the changed lines are covered, but which lines the change touches is not known.`,
      remedy: 'Check out the history up to the base (`fetch-depth: 0`), or give the diff.',
    },
  ];
}

function changeBreaches({ covered, total, sumsOnly }: Measured, minimum: number): Breach[] {
  if (sumsOnly.length > 0) {
    return [
      {
        verdict: 'error',
        reasonCode: 'coverage-missing',
        explanation: `The coverage of changed lines cannot be told of ${named(sumsOnly)}: a report has only sums, and no lines.`,
        remedy: 'Give a report with lines, such as LCOV, Cobertura or coverage-final.json.',
      },
    ];
  }
  const missing = shortfall({ covered, total }, minimum);
  if (missing === 0) return [];
  const more = missing === 1 ? '1 more covered line is' : `${missing} more covered lines are`;
  return [
    {
      verdict: 'fail',
      reasonCode: 'coverage-below-minimum',
      explanation:
        `${covered} of ${total} changed lines are covered (${percentText({ covered, total })} %); ` +
        `${more} needed for ${minimum} %.`,
      remedy: 'Test the changed lines that the findings name.',
    },
  ];
}

function notesOf({ total, uncovered, unmeasured, sumsOnly }: Measured): string[] {
  const notes: string[] = [];
  if (total === 0 && sumsOnly.length === 0) {
    notes.push('The change touches no line that the coverage reports know, so it was not judged.');
  }
  if (unmeasured.length > 0) {
    const count =
      unmeasured.length === 1 ? '1 changed file is' : `${unmeasured.length} changed files are`;
    notes.push(`${count} in no coverage report: ${named(unmeasured)}.`);
  }
  if (uncovered.length > maxFindings) {
    const more = uncovered.length - maxFindings;
    notes.push(`${more} more files have changed lines that are not covered.`);
  }
  return notes;
}

function findingOf({ path, lines, seenIn }: UncoveredFile, blocking: boolean): Finding {
  const count = lines.length === 1 ? '1 changed line is' : `${lines.length} changed lines are`;
  const id = 'uncovered-changed-lines';
  const [line] = lines;
  return {
    kind: 'coverage',
    id,
    aliases: [],
    fingerprint: createHash('sha256').update(`${id}\n${path}`).digest('hex'),
    level: blocking ? 'error' : 'note',
    message: cleanText(`${count} not covered: ${rangesOf(lines)}`),
    path: cleanText(path),
    ...(line === undefined ? {} : { line }),
    seenIn: seenIn.map((report) => cleanText(report)),
    baseline: 'not-compared',
    blocking,
  };
}

/** `3-5, 9` */
function rangesOf(lines: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const line of lines) {
    const range = ranges.at(-1);
    if (range !== undefined && line === range[1] + 1) range[1] = line;
    else ranges.push([line, line]);
  }
  const texts = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return texts.length > shownRanges
    ? `${texts.slice(0, shownRanges).join(', ')}, …`
    : texts.join(', ');
}

function named(paths: readonly string[]): string {
  const names = paths.slice(0, shownNames).map((path) => cleanText(path, 200));
  const more = paths.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
