import { parseArgs } from 'node:util';
import { gateName } from '@gatewright/verdict';
import type { GateName } from '@gatewright/verdict';
import * as z from 'zod';

/** How the command is called. */
export const gateUsage = `gatewright gate lint|test|audit   judge reports as the action does: 0 pass, 1 fail, 2 error
  --reports GLOB            reports to judge (again for more); without it or --command, the project's tools run
  --coverage-reports GLOB   reports of coverage (again for more)
  --command JSON            a program with its arguments that makes the reports, or prints one
  --policy FILE             the policy; the options below may only tighten it
  --waivers FILE  --base FILE  --since TIME  --diff-base COMMIT  --format NAME  --severity-snapshot FILE
  --fail-on  --fail-on-severity  --unknown-severity  --coverage-metric  --coverage-minimum  --changed-coverage-minimum
  --working-directory DIR  --timeout-seconds N  --sarif FILE
  --json                    print the result document alone on stdout
`;

const severities = ['critical', 'high', 'moderate', 'low'] as const;
const percentage = z.union([
  z.literal('off'),
  z
    .string()
    .regex(/^(?:100(?:\.0{1,2})?|[1-9]?[0-9](?:\.[0-9]{1,2})?)$/)
    .transform(Number),
]);
const seconds = z
  .string()
  .regex(/^[1-9][0-9]{0,4}$/)
  .transform(Number);
const argv = z
  .string()
  .transform((text, context) => {
    try {
      const data: unknown = JSON.parse(text);
      return data;
    } catch {
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    }
  })
  .pipe(z.tuple([z.string().min(1)], z.string()));

/** Options that take a value, with what is accepted. */
const values = {
  policy: [z.string(), 'a path'],
  waivers: [z.string(), 'a path'],
  base: [z.string(), 'a path'],
  sarif: [z.string(), 'a path'],
  'severity-snapshot': [z.string(), 'a path'],
  'working-directory': [z.string(), 'a path'],
  command: [argv, 'a JSON list of texts, the program first, such as ["npm", "test"]'],
  format: [z.string().regex(/^[a-z0-9-]+$/), 'the name of a format, such as sarif'],
  'timeout-seconds': [seconds, 'a whole number from 1 to 99999'],
  since: [z.iso.datetime({ offset: true }), 'a time such as 2026-01-31T12:00:00Z'],
  'diff-base': [z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./^~-]*$/), 'a commit id, branch or tag'],
  'fail-on': [z.enum(['error', 'warning', 'note']), 'error, warning or note'],
  'coverage-metric': [
    z.enum(['line', 'branch', 'statement', 'function']),
    'line, branch, statement or function',
  ],
  'coverage-minimum': [percentage, 'a number from 0 to 100 with at most two decimals, or off'],
  'changed-coverage-minimum': [
    percentage,
    'a number from 0 to 100 with at most two decimals, or off',
  ],
  'fail-on-severity': [z.enum(severities), severities.join(', ')],
  'unknown-severity': [
    z.enum(['fail', 'warn', ...severities]),
    `fail, warn, ${severities.join(', ')}`,
  ],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

type Values = typeof values;

/** The options as they were given, checked. */
export type GateOptions = {
  readonly [K in keyof Values]?: z.output<Values[K][0]>;
} & {
  readonly gate: GateName;
  readonly reports: readonly string[] | undefined;
  readonly coverageReports: readonly string[] | undefined;
  readonly json: boolean;
};

/** Options, or what is wrong with them, one line each. */
export type ReadOptions =
  | { readonly ok: true; readonly options: GateOptions }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the words after `gatewright gate`. @throws TypeError for an option that there is not. */
export function readGateOptions(words: readonly string[]): ReadOptions {
  const named = Object.keys(values).map((name) => [name, { type: 'string' as const }] as const);
  const { values: given, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...Object.fromEntries(named),
      reports: { type: 'string', multiple: true },
      'coverage-reports': { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const problems: string[] = [];
  const [first, ...more] = positionals;
  const gate = gateName.safeParse(first);
  if (!gate.success || more.length > 0) {
    problems.push(
      `gate: got ${JSON.stringify(positionals.join(' '))}; accepted: lint, test or audit`,
    );
  }
  const texts = z.record(z.string(), z.unknown()).parse(given);
  const read = Object.fromEntries(
    Object.entries(values).flatMap(([name, [schema, accepted]]) => {
      const text = texts[name];
      if (text === undefined) return [];
      const result = schema.safeParse(text);
      if (result.success) return [[name, result.data]];
      problems.push(`--${name}: got ${JSON.stringify(text)}; accepted: ${accepted}`);
      return [];
    }),
  );
  if (problems.length > 0 || !gate.success) return { ok: false, problems };
  return {
    ok: true,
    options: {
      ...read,
      gate: gate.data,
      reports: given.reports,
      coverageReports: given['coverage-reports'],
      json: given.json,
    },
  };
}
