import * as z from 'zod';
import type { LocatedProblem, Problem } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

/**
 * In our schemas a custom `error` text says what is accepted (or, for a rule across fields, what is wrong); this map
 * gives the same for the schemas that have none. What is wrong follows from the issue's code.
 */
export const acceptedByDefault: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') {
    return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(', ') : '';
  }
  if (issue.code === 'invalid_type') return typeNames.get(issue.expected) ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' | ');
  if (issue.code === 'invalid_union') {
    return 'options' in issue && Array.isArray(issue.options) ? issue.options.join(' | ') : '';
  }
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue)}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue)}`;
  return '';
};

function unitOf(issue: { readonly origin: string; readonly minimum?: unknown }): string {
  if (issue.origin !== 'array') return '';
  return issue.minimum === 1 ? ' entry' : ' entries';
}

const typeNames = new Map<string, string>([
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true | false'],
]);

/** Every issue of a failed parse as problems at their places. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  source: YamlSource,
): LocatedProblem[] {
  return issues.flatMap((issue) => explainIssue(issue, [], source));
}

function explainIssue(
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
  source: YamlSource,
): LocatedProblem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      source.at([...path, key], 'key', { message: 'unknown key', ...accepted(issue.message) }),
    );
  }
  if (issue.code === 'invalid_key') {
    const why = accepted(issue.issues[0]?.message ?? '');
    return [source.at(path, 'key', { message: 'not a usable name', ...why })];
  }
  const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => explainIssue(inner, path, source));
  return [located(issue, path, source)];
}

/** The one alternative of a union whose type the user's value has; its own issues say more than the union's. */
function meantBranch(
  errors: readonly z.core.$ZodIssue[][],
): readonly z.core.$ZodIssue[] | undefined {
  const close = errors.filter((issues) =>
    issues.every(
      (issue) =>
        issue.path.length > 0 || (issue.code !== 'invalid_type' && issue.code !== 'invalid_value'),
    ),
  );
  return close.length === 1 ? close[0] : undefined;
}

function located(
  issue: z.core.$ZodIssue,
  path: readonly PropertyKey[],
  source: YamlSource,
): LocatedProblem {
  const found = valueAt(source.data, path);
  if (issue.code === 'custom') {
    // A rule over several keys of a mapping is put at the name of the mapping.
    const end = typeof found === 'object' && found !== null ? 'key' : 'value';
    return source.at(path, end, { message: issue.message });
  }
  const missing = found === undefined;
  return source.at(path, 'value', {
    message: missing ? 'missing' : wrongness(issue),
    ...(missing ? {} : { got: describeValue(found) }),
    ...accepted(issue.message),
  });
}

function wrongness(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return 'wrong type';
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') {
    return 'not one of the accepted values';
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    return issue.origin === 'string' || issue.origin === 'array' ? 'wrong length' : 'out of range';
  }
  return 'wrong form';
}

function accepted(text: string): Pick<Problem, 'accepted'> {
  return text === '' ? {} : { accepted: text };
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? Reflect.get(value, part)
        : undefined,
    data,
  );
}

/** A value in one short line: long texts are cut, mappings and lists only named. */
export function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') {
    return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  }
  const line = JSON.stringify(value) ?? typeof value;
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}
