import { ConfigurationError } from '@gatewright/verdict';

/** One thing that is wrong in a configuration, told without a place in a file. */
export interface Problem {
  /** Dotted path of the key, with list positions in brackets: `verify.checks[0].path`. Empty for the whole file. */
  readonly key: string;
  /** What is wrong, without the value. */
  readonly message: string;
  /** What was found; undefined when nothing was found or it says nothing. */
  readonly got?: string;
  /** What would have been accepted. */
  readonly accepted?: string;
}

/** A problem with its place in a file; line and column count from 1. */
export interface LocatedProblem extends Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

type KeyPart = PropertyKey;

/** Writes the path of a key as users write it: `checks[0].expect`. */
export function formatKey(parts: readonly KeyPart[]): string {
  return parts
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

/** Writes a problem in one line: `key: what is wrong (got X; accepted Y)`. */
export function formatProblem(problem: Problem): string {
  const facts = [
    ...(problem.got === undefined ? [] : [`got ${problem.got}`]),
    ...(problem.accepted === undefined ? [] : [`accepted ${problem.accepted}`]),
  ];
  const key = problem.key === '' ? '' : `${problem.key}: `;
  return `${key}${problem.message}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`;
}

/** Writes a problem with its place: `path:line:column: key: what is wrong (…)`. */
export function formatLocated(problem: LocatedProblem): string {
  return `${problem.path}:${problem.line}:${problem.column}: ${formatProblem(problem)}`;
}

/** More problems than anybody corrects in one go; a broken bracket can yield thousands. */
const mostShown = 50;

/** Reason codes of a file that does not follow its schema. */
export type InvalidFile = 'config-invalid' | 'policy-invalid' | 'waivers-invalid';

/** One error for all problems of one file, in the order of the file. */
export function problemsError(
  reasonCode: InvalidFile,
  path: string,
  problems: readonly LocatedProblem[],
): ConfigurationError {
  const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const hidden = ordered.length - mostShown;
  const lines = [
    ...ordered.slice(0, mostShown).map(formatLocated),
    ...(hidden > 0 ? [`${path}: … and ${counted(hidden, 'more problem')}`] : []),
  ];
  return new ConfigurationError(reasonCode, lines.join('\n'), {
    checked: [`${path} against its schema: ${counted(ordered.length, 'problem')}`],
    remedy: `Correct ${path} at the places named above.`,
  });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
