import type * as z from 'zod';

/** What a codec made of a text. `problem` may quote the text: it is not shown for secret inputs. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem?: string };

/** How one input of an action is described, defaulted and read. */
export interface InputCodec<out T> {
  readonly description: string;
  /** What is accepted, as the end of the sentence "accepted: …". */
  readonly accepted: string;
  /** The accepted words, if there are only a few. */
  readonly oneOf?: readonly string[];
  /** The accepted numbers. */
  readonly range?: IntegerRules;
  /** The raw text of `default:` in action.yml; may be an expression. */
  readonly default?: string;
  /** Whether an empty text reads as `undefined`. */
  readonly optional: boolean;
  readonly secret: boolean;
  /** Reads a text that is not empty. */
  decode(text: string): Decoded<T>;
}

/** What every codec takes: an input without `default` and without `optional` is required. */
export interface InputOptions {
  readonly description: string;
  /** Raw text as it stands in action.yml, for example `'60'` or an expression for the workflow token. */
  readonly default?: string;
  /** The value is masked in every log and never shown in an error. */
  readonly secret?: true;
}

/** Options of an input that may stay unset and then reads as `undefined`. */
export interface OptionalInputOptions extends InputOptions {
  readonly default?: never;
  readonly optional: true;
}

interface AnyOptions extends InputOptions {
  readonly optional?: true;
}

function codec<T>(
  options: AnyOptions,
  accepted: string,
  decode: (text: string) => Decoded<T>,
  limits: Pick<InputCodec<T>, 'oneOf' | 'range'> = {},
): InputCodec<T | undefined> {
  return {
    description: options.description,
    accepted,
    ...limits,
    ...(options.default === undefined ? {} : { default: options.default }),
    optional: options.optional ?? false,
    secret: options.secret ?? false,
    decode,
  };
}

const refused = { ok: false } as const;

/** Restricts a text; `accepted` says in words what `pattern` means. */
export interface TextRules {
  readonly pattern?: RegExp;
  readonly accepted?: string;
}

function acceptedText(rules: TextRules, plain: string): string {
  return (
    rules.accepted ?? (rules.pattern ? `${plain} that matches ${rules.pattern.source}` : plain)
  );
}

/** Whether the pattern matches, also for a pattern that carries state (`g`, `y`). */
function matches(pattern: RegExp | undefined, text: string): boolean {
  return pattern === undefined || text.search(pattern) >= 0;
}

/** A text. A `pattern` must match somewhere: anchor it. */
export function text(options: OptionalInputOptions & TextRules): InputCodec<string | undefined>;
export function text(options: InputOptions & TextRules): InputCodec<string>;
export function text(options: AnyOptions & TextRules): InputCodec<string | undefined> {
  return codec(options, acceptedText(options, 'a text'), (given) =>
    matches(options.pattern, given) ? { ok: true, value: given } : refused,
  );
}

/** The inclusive range of an integer. */
export interface IntegerRules {
  readonly min: number;
  readonly max: number;
}

const integerText = /^(?:0|-?[1-9][0-9]*)$/;

/** A whole number in decimal digits: no sign `+`, no exponent, no leading zero, no unit. */
export function integer(
  options: OptionalInputOptions & IntegerRules,
): InputCodec<number | undefined>;
export function integer(options: InputOptions & IntegerRules): InputCodec<number>;
export function integer(options: AnyOptions & IntegerRules): InputCodec<number | undefined> {
  const { min, max } = options;
  const decode = (given: string): Decoded<number> => {
    if (!integerText.test(given)) return refused;
    const value = Number(given);
    const inRange = Number.isSafeInteger(value) && value >= min && value <= max;
    return inRange ? { ok: true, value } : refused;
  };
  const range = { min, max };
  return codec(options, `a whole number from ${min} to ${max}`, decode, { range });
}

/** One of a few words, compared exactly. */
export function choice<const V extends string>(
  options: OptionalInputOptions & { readonly of: readonly V[] },
): InputCodec<V | undefined>;
export function choice<const V extends string>(
  options: InputOptions & { readonly of: readonly V[] },
): InputCodec<V>;
export function choice<const V extends string>(
  options: AnyOptions & { readonly of: readonly V[] },
): InputCodec<V | undefined> {
  const decode = (given: string): Decoded<V> => {
    const value = options.of.find((word) => word === given);
    return value === undefined ? refused : { ok: true, value };
  };
  return codec(options, `one of ${options.of.join(', ')}`, decode, { oneOf: options.of });
}

const flagWords = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** A yes or no, in the words of YAML's core schema (`true`, `True`, `TRUE` and their opposites). */
export function flag(options: OptionalInputOptions): InputCodec<boolean | undefined>;
export function flag(options: InputOptions): InputCodec<boolean>;
export function flag(options: AnyOptions): InputCodec<boolean | undefined> {
  return codec(options, 'true or false', (given) => {
    const value = flagWords.get(given);
    return value === undefined ? refused : { ok: true, value };
  });
}

/**
 * Several texts. A value with a line break holds one item per line (an item may then hold commas); a value on one line
 * is split at its commas. Items are trimmed, empty ones dropped. A `pattern` is asked of every item.
 */
export function list(
  options: OptionalInputOptions & TextRules,
): InputCodec<readonly string[] | undefined>;
export function list(options: InputOptions & TextRules): InputCodec<readonly string[]>;
export function list(options: AnyOptions & TextRules): InputCodec<readonly string[] | undefined> {
  const accepted = `one item per line or, on one line, separated by commas; each ${acceptedText(options, 'a text')}`;
  return codec(options, accepted, (given) => {
    const parts = /[\r\n]/.test(given) ? given.split(/[\r\n]+/) : given.split(',');
    const value = parts.map((part) => part.trim()).filter((part) => part !== '');
    const bad = value.find((item) => !matches(options.pattern, item));
    if (bad !== undefined) return { ok: false, problem: `item ${JSON.stringify(bad)}` };
    return value.length === 0 ? refused : { ok: true, value };
  });
}

/** A JSON text that follows a zod schema. */
export function json<T>(
  schema: z.ZodType<T>,
  options: OptionalInputOptions,
): InputCodec<T | undefined>;
export function json<T>(schema: z.ZodType<T>, options: InputOptions): InputCodec<T>;
export function json<T>(schema: z.ZodType<T>, options: AnyOptions): InputCodec<T | undefined> {
  return codec(options, 'a JSON text of the documented shape', (given) => {
    let data: unknown;
    try {
      data = JSON.parse(given);
    } catch {
      return { ok: false, problem: 'not JSON' };
    }
    const result = schema.safeParse(data);
    if (result.success) return { ok: true, value: result.data };
    const problems = result.error.issues.map(
      (issue) => `${issue.path.map(String).join('.') || 'the value'}: ${issue.message}`,
    );
    return { ok: false, problem: problems.join('; ') };
  });
}

/** A path of the file system, on one line; a relative one is meant from the workspace. */
export function path(options: OptionalInputOptions): InputCodec<string | undefined>;
export function path(options: InputOptions): InputCodec<string>;
export function path(options: AnyOptions): InputCodec<string | undefined> {
  return codec(options, 'a path without control characters', (given) =>
    /\p{Cc}/u.test(given) ? refused : { ok: true, value: given },
  );
}

/** A command as a JSON list: the program and its arguments. It is never read by a shell. */
export function command(
  options: OptionalInputOptions,
): InputCodec<readonly [string, ...string[]] | undefined>;
export function command(options: InputOptions): InputCodec<readonly [string, ...string[]]>;
export function command(
  options: AnyOptions,
): InputCodec<readonly [string, ...string[]] | undefined> {
  const accepted = 'a JSON list of texts, the program first, such as ["npm", "run", "lint"]';
  return codec(options, accepted, (given) => {
    let data: unknown;
    try {
      data = JSON.parse(given);
    } catch {
      return { ok: false, problem: 'not JSON' };
    }
    const items: unknown[] = Array.isArray(data) ? data : [];
    const [program = '', ...rest] = items.filter((item) => typeof item === 'string');
    return program === '' || rest.length + 1 !== items.length
      ? refused
      : { ok: true, value: [program, ...rest] };
  });
}

const percentText = /^(?:100(?:\.0{1,2})?|[1-9]?[0-9](?:\.[0-9]{1,2})?)$/;

/** A percentage without its sign, or the word that asks for none. */
export function percentage(options: OptionalInputOptions): InputCodec<number | 'off' | undefined>;
export function percentage(options: InputOptions): InputCodec<number | 'off'>;
export function percentage(options: AnyOptions): InputCodec<number | 'off' | undefined> {
  const accepted = 'a number from 0 to 100 with at most two decimals, or off';
  return codec<number | 'off'>(options, accepted, (given) => {
    if (given === 'off') return { ok: true, value: given };
    return percentText.test(given) ? { ok: true, value: Number(given) } : refused;
  });
}
