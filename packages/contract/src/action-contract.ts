import { InternalError } from '@gatewright/verdict';
import type { ReasonCode } from '@gatewright/verdict';
import { camelCase } from './camel-case.ts';
import type { CamelCase } from './camel-case.ts';
import { path } from './codecs.ts';
import type { InputCodec } from './codecs.ts';

/** Inputs by their kebab-case name, in the order in which they are documented. */
export type InputCodecs = Readonly<Record<string, InputCodec<unknown>>>;

/** One output of an action. */
export interface OutputSpec {
  readonly description: string;
}

/** Outputs by their kebab-case name, in the order in which they are documented. */
export type OutputSpecs = Readonly<Record<string, OutputSpec>>;

/** Everything that callers, documents and the runtime know about one action. */
export interface ActionContract<
  I extends InputCodecs = InputCodecs,
  O extends OutputSpecs = OutputSpecs,
> {
  /** The folder under `actions/`, for example `deploy-ssm`. */
  readonly name: string;
  /** The `name:` of action.yml. */
  readonly title: string;
  readonly description: string;
  /** Scopes that GITHUB_TOKEN needs. */
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** IAM actions that the role of the job needs. */
  readonly aws?: readonly string[];
  readonly inputs: I;
  readonly outputs: O;
  /** Those that the action itself can end with; the runtime's own are added in the documents. */
  readonly reasonCodes: readonly ReasonCode[];
  /** The action has a `post.ts`, which always runs at the end of the job. */
  readonly post?: true;
}

/** The parsed inputs of an action; the input `timeout-seconds` is the key `timeoutSeconds`. */
export type InputsOf<C extends ActionContract> = {
  readonly [K in keyof C['inputs'] & string as CamelCase<K>]: C['inputs'][K] extends InputCodec<
    infer T
  >
    ? T
    : never;
};

/** A value that an output can have; it is written as text. */
export type OutputValue = string | number | boolean;

/** The outputs that a run must give, without those that the runtime adds. */
export type OutputsOf<C extends ActionContract> = {
  readonly [K in keyof C['outputs'] & string as CamelCase<K>]: OutputValue;
};

/** Inputs that every action has; the runtime reads them. */
export const standardInputs = {
  'result-path': path({
    description:
      'File for the JSON result. Unset: a new file in the temporary directory of the runner.',
    optional: true,
  }),
} as const;

/** Outputs that every action has; the runtime writes them, also when the action fails. */
export const standardOutputs = {
  verdict: { description: '`pass`, `fail`, `inconclusive`, `error` or `skipped`.' },
  'reason-code': { description: 'Why, as a stable identifier.' },
  'result-path': { description: 'The JSON file with the whole result.' },
} as const;

/** Reason codes that the runtime itself can give to any action. */
export const standardReasonCodes: readonly ReasonCode[] = [
  'cancelled',
  'input-invalid',
  'internal-error',
  'runner-context-invalid',
];

/** Declared inputs and the standard ones, in documented order. */
export function allInputs(contract: ActionContract): InputCodecs {
  return { ...contract.inputs, ...standardInputs };
}

/** The standard outputs and the declared ones, in documented order. */
export function allOutputs(contract: ActionContract): OutputSpecs {
  return { ...standardOutputs, ...contract.outputs };
}

const kebabName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

function nameProblems(kind: string, names: readonly string[], reserved: object): string[] {
  const problems = names.flatMap((name) => {
    if (!kebabName.test(name)) return [`${kind} ${name}: not kebab-case`];
    return Object.hasOwn(reserved, name) ? [`${kind} ${name}: added by the runtime`] : [];
  });
  const clashes = names.filter(
    (name, index) => names.findIndex((other) => camelCase(other) === camelCase(name)) !== index,
  );
  return [...problems, ...clashes.map((name) => `${kind} ${name}: same key as another one`)];
}

function defaultProblems(inputs: InputCodecs): string[] {
  return Object.entries(inputs).flatMap(([name, codec]) => {
    const text = codec.default?.trim() ?? '';
    // The runner evaluates an expression before we see it.
    if (text === '' || text.includes('${{') || codec.decode(text).ok) return [];
    return [`input ${name}: its own default is not accepted (${codec.accepted})`];
  });
}

/**
 * Declares an action. The result is plain data: everything else (action.yml, documents, types of inputs and outputs) is
 * derived from it.
 *
 * @throws {@link InternalError} for a name that is not kebab-case, a reserved name, or a default that does not parse.
 */
export function defineAction<const I extends InputCodecs, const O extends OutputSpecs>(
  spec: ActionContract<I, O>,
): ActionContract<I, O> {
  const problems = [
    ...(kebabName.test(spec.name) ? [] : [`action ${spec.name}: not kebab-case`]),
    ...nameProblems('input', Object.keys(spec.inputs), standardInputs),
    ...nameProblems('output', Object.keys(spec.outputs), standardOutputs),
    ...defaultProblems(spec.inputs),
  ];
  if (problems.length > 0) {
    throw new InternalError(`The contract of ${spec.name} is wrong: ${problems.join('; ')}.`);
  }
  return spec;
}
