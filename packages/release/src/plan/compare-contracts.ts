import type { Callable, ContractDocument, InputContract } from './contracts.ts';

/** A difference between two contract documents. */
export interface ContractChange {
  /** Name of the action or workflow. */
  readonly scope: string;
  /** A caller that was right before may be wrong now. */
  readonly breaking: boolean;
  /** One sentence. */
  readonly text: string;
}

type Told = Omit<ContractChange, 'scope'>;
const breaks = (text: string): Told => ({ breaking: true, text });
const adds = (text: string): Told => ({ breaking: false, text });
const levels = ['none', 'read', 'write'];

/** Everything that differs for callers, actions first, by name. */
export function compareContracts(
  before: ContractDocument,
  after: ContractDocument,
): readonly ContractChange[] {
  return [
    ...compareKind('action', before.actions, after.actions),
    ...compareKind('workflow', before.workflows, after.workflows),
  ];
}

function compareKind(
  kind: string,
  before: Readonly<Record<string, Callable>>,
  after: Readonly<Record<string, Callable>>,
): readonly ContractChange[] {
  return union(before, after).flatMap((scope) =>
    compareOne(kind, own(before, scope), own(after, scope)).map((told) => ({ scope, ...told })),
  );
}

function compareOne(
  kind: string,
  before: Callable | undefined,
  after: Callable | undefined,
): readonly Told[] {
  if (before === undefined) return [adds(`The ${kind} is new.`)];
  if (after === undefined) return [breaks(`The ${kind} is gone.`)];
  return [
    ...union(before.inputs, after.inputs).flatMap((name) =>
      compareInput(name, own(before.inputs, name), own(after.inputs, name)),
    ),
    ...compareNames('output', before.outputs, after.outputs),
    ...compareNames('reason code', before.reasonCodes, after.reasonCodes),
    ...compareSecrets(before.secrets, after.secrets),
    ...comparePermissions(before.permissions, after.permissions),
    ...after.aws
      .filter((name) => !before.aws.includes(name))
      .map((name) => breaks(`The deploy role needs \`${name}\`.`)),
  ];
}

function compareInput(
  name: string,
  before: InputContract | undefined,
  after: InputContract | undefined,
): readonly Told[] {
  if (after === undefined) return [breaks(`The input \`${name}\` is gone.`)];
  if (before === undefined) {
    return [
      after.required
        ? breaks(`The input \`${name}\` is new and required.`)
        : adds(`The input \`${name}\` is new.`),
    ];
  }
  return [...compareNeed(name, before, after), ...compareAccepted(name, before, after)];
}

function compareNeed(name: string, before: InputContract, after: InputContract): readonly Told[] {
  if (before.required !== after.required) {
    return [
      after.required
        ? breaks(`The input \`${name}\` is required now.`)
        : adds(`The input \`${name}\` is no longer required.`),
    ];
  }
  if (before.default === after.default) return [];
  return [
    breaks(
      `The input \`${name}\` has another default: ${shown(after.default)}, before ${shown(before.default)}.`,
    ),
  ];
}

function shown(text: string | undefined): string {
  return text === undefined || text === '' ? 'unset' : `\`${text.replaceAll('`', "'")}\``;
}

function compareAccepted(
  name: string,
  before: InputContract,
  after: InputContract,
): readonly Told[] {
  if (before.type !== after.type) {
    return [breaks(`The input \`${name}\` takes ${after.type ?? 'text'}, not ${before.type}.`)];
  }
  const narrowed = narrower(before, after);
  if (narrowed !== undefined) return [breaks(`The input \`${name}\` ${narrowed}.`)];
  if (before.accepted === after.accepted) return [];
  return [adds(`The input \`${name}\` accepts ${after.accepted ?? 'any text'}.`)];
}

/** In what fewer values are accepted, as the end of a sentence about the input. */
function narrower(before: InputContract, after: InputContract): string | undefined {
  if (after.oneOf !== undefined) {
    if (before.oneOf === undefined) return `takes only ${after.oneOf.join(', ')}`;
    const gone = before.oneOf.filter((word) => !after.oneOf?.includes(word));
    return gone.length === 0 ? undefined : `no longer takes ${gone.join(', ')}`;
  }
  if (after.range === undefined) return undefined;
  const { min, max } = after.range;
  const kept = before.range !== undefined && min <= before.range.min && max >= before.range.max;
  return kept ? undefined : `takes only ${min} to ${max}`;
}

function compareNames(
  what: string,
  before: readonly string[],
  after: readonly string[],
): readonly Told[] {
  return [
    ...before
      .filter((name) => !after.includes(name))
      .map((name) => breaks(`The ${what} \`${name}\` is gone.`)),
    ...after
      .filter((name) => !before.includes(name))
      .map((name) => adds(`The ${what} \`${name}\` is new.`)),
  ];
}

function compareSecrets(
  before: Readonly<Record<string, boolean>>,
  after: Readonly<Record<string, boolean>>,
): readonly Told[] {
  return union(before, after).flatMap((name) => {
    const [was, is] = [own(before, name), own(after, name)];
    if (is === undefined) return [breaks(`The secret \`${name}\` is gone.`)];
    if (is && was !== true) return [breaks(`The secret \`${name}\` is required now.`)];
    return was === undefined ? [adds(`The secret \`${name}\` is new.`)] : [];
  });
}

function comparePermissions(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Told[] {
  return union(before, after).flatMap((scope) => {
    const was = own(before, scope) ?? 'none';
    const is = own(after, scope) ?? 'none';
    if (was === is) return [];
    const grown = levels.indexOf(is) > levels.indexOf(was);
    return [
      grown
        ? breaks(`The caller must grant \`${scope}: ${is}\`, before \`${was}\`.`)
        : adds(`The caller need not grant \`${scope}: ${was}\` any more.`),
    ];
  });
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function union(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
}
