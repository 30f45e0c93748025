import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { fullMatch } from '../patterns.ts';
import type { ParameterValue, ParameterValues } from '../host/substitution.ts';

function isPattern(pattern: string): boolean {
  try {
    fullMatch(pattern, '');
    return true;
  } catch {
    return false;
  }
}

const parameterSchema = z.object({
  type: z.enum(['String', 'StringList', 'Integer', 'Boolean']),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  allowedPattern: z.string().refine(isPattern, 'is not a regular expression').optional(),
  allowedValues: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  minChars: z.coerce.number().optional(),
  maxChars: z.coerce.number().optional(),
  minItems: z.coerce.number().optional(),
  maxItems: z.coerce.number().optional(),
});
export type DocumentParameter = z.infer<typeof parameterSchema>;

const scriptInputs = z.object({
  id: z.string().optional(),
  runCommand: z.union([z.string(), z.array(z.string())]).optional(),
  workingDirectory: z.string().optional(),
  timeoutSeconds: z.union([z.string(), z.number()]).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  onFailure: z.string().optional(),
  onSuccess: z.string().optional(),
  finallyStep: z.union([z.boolean(), z.string()]).optional(),
});
const stepSchema = z.object({
  action: z.string(),
  name: z.string().regex(/^[a-zA-Z0-9_.-]{1,128}$/u),
  precondition: z.record(z.string(), z.array(z.string())).optional(),
  inputs: scriptInputs.default({}),
});
const common = {
  description: z.string().optional(),
  parameters: z.record(z.string().regex(/^[a-zA-Z0-9]+$/u), parameterSchema).default({}),
};
const contentSchema = z.union([
  z.object({
    ...common,
    schemaVersion: z.enum(['2.0', '2.2']),
    mainSteps: z.array(stepSchema).min(1),
  }),
  z.object({
    ...common,
    schemaVersion: z.literal('1.2'),
    runtimeConfig: z.record(z.string(), z.object({ properties: z.array(scriptInputs).min(1) })),
  }),
]);

/** One step of a document; in schema 1.2 a plugin plays that part. */
export interface DocumentStep {
  readonly name: string;
  readonly action: string;
  readonly precondition: Readonly<Record<string, readonly string[]>>;
  readonly inputs: z.infer<typeof scriptInputs>;
}

/** A command document, either schema in one shape. */
export interface DocumentContent {
  readonly schemaVersion: string;
  readonly description: string | undefined;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly steps: readonly DocumentStep[];
}

function load(text: string, format: 'JSON' | 'YAML'): unknown {
  try {
    return format === 'JSON' ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw new AwsError('InvalidDocumentContent', `${format} not well-formed. ${String(error)}`);
  }
}

/** Reads a command document. Throws InvalidDocumentContent or InvalidDocumentSchemaVersion. */
export function parseDocument(text: string, format: 'JSON' | 'YAML'): DocumentContent {
  const raw = load(text, format);
  const version = z.object({ schemaVersion: z.string() }).safeParse(raw).data?.schemaVersion;
  if (!['1.2', '2.0', '2.2'].includes(version ?? '')) {
    throw new AwsError(
      'InvalidDocumentSchemaVersion',
      `Schema version ${version ?? '(none)'} is not supported for a Command document.`,
    );
  }
  const parsed = contentSchema.safeParse(raw);
  if (!parsed.success) throw new AwsError('InvalidDocumentContent', z.prettifyError(parsed.error));
  const { data } = parsed;
  const { schemaVersion, description, parameters } = data;
  if ('mainSteps' in data) {
    const steps = data.mainSteps.map((step) => ({
      ...step,
      precondition: step.precondition ?? {},
    }));
    if (new Set(steps.map(({ name }) => name)).size < steps.length) {
      throw new AwsError('InvalidDocumentContent', 'Two steps have the same name.');
    }
    return { schemaVersion, description, parameters, steps };
  }
  const steps = Object.entries(data.runtimeConfig).flatMap(([action, { properties }]) =>
    properties.map((inputs) => ({ name: action, action, precondition: {}, inputs })),
  );
  return { schemaVersion, description, parameters, steps };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameters', message);
}

/** `allowedPattern` is matched against the whole value, as the service does. */
function checkValue(name: string, parameter: DocumentParameter, value: string): void {
  if (parameter.allowedPattern !== undefined && !fullMatch(parameter.allowedPattern, value)) {
    throw invalid(
      `Parameter '${name}' has a value that does not match the allowed pattern ${parameter.allowedPattern}`,
    );
  }
  const allowed = parameter.allowedValues?.map(String);
  if (allowed !== undefined && !allowed.includes(value)) {
    throw invalid(`Parameter '${name}' has a value that is not one of [${allowed.join(', ')}]`);
  }
  if (value.length < (parameter.minChars ?? 0) || value.length > (parameter.maxChars ?? Infinity)) {
    throw invalid(`Parameter '${name}' has a value of a length that is not allowed`);
  }
}

function listValue(
  name: string,
  { minItems = 0, maxItems = Infinity }: DocumentParameter,
  given: readonly string[],
): ParameterValue {
  if (given.length < minItems || given.length > maxItems) {
    throw invalid(`Parameter '${name}' has a number of items that is not allowed`);
  }
  return given;
}

const forms: Readonly<Record<string, RegExp>> = {
  Integer: /^-?\d+$/u,
  Boolean: /^(?:true|false)$/u,
};

function singleValue(
  name: string,
  { type }: DocumentParameter,
  given: readonly string[],
): ParameterValue {
  const [value, ...more] = given;
  if (value === undefined || more.length > 0) {
    throw invalid(`Parameter '${name}' of type ${type} takes exactly one value`);
  }
  if (forms[type]?.test(value) === false)
    throw invalid(`Parameter '${name}' is not of type ${type}`);
  return value;
}

function resolveOne(
  name: string,
  parameter: DocumentParameter,
  given: readonly string[] | undefined,
): ParameterValue {
  if (given === undefined) {
    const fallback = parameter.default;
    if (fallback === undefined) throw invalid(`Missing value for required parameter '${name}'`);
    return Array.isArray(fallback) ? fallback : String(fallback);
  }
  for (const value of given) checkValue(name, parameter, value);
  return parameter.type === 'StringList'
    ? listValue(name, parameter, given)
    : singleValue(name, parameter, given);
}

/** The value of every parameter of a document. Throws InvalidParameters. */
export function resolveParameters(
  document: DocumentContent,
  given: Readonly<Record<string, readonly string[]>>,
): ParameterValues {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(document.parameters, name));
  if (unknown.length > 0) {
    throw invalid(`Parameters [${unknown.join(', ')}] are not defined in the document`);
  }
  return Object.fromEntries(
    Object.entries(document.parameters).map(([name, parameter]) => [
      name,
      resolveOne(name, parameter, given[name]),
    ]),
  );
}
