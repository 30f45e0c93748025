import { allInputs, allOutputs, standardReasonCodes } from './action-contract.ts';
import type { ActionContract } from './action-contract.ts';
import type { InputCodec, IntegerRules } from './codecs.ts';

/** What callers of an action may rely on, as plain data: two versions of it can be compared. */
export interface ContractData {
  readonly inputs: Readonly<Record<string, InputData>>;
  readonly outputs: readonly string[];
  readonly reasonCodes: readonly string[];
  readonly permissions: ActionContract['permissions'];
  readonly aws: readonly string[];
}

interface InputData {
  readonly required: boolean;
  readonly default?: string;
  readonly accepted: string;
  readonly oneOf?: readonly string[];
  readonly range?: IntegerRules;
}

/** The contract of an action without its words. */
export function describeContract(contract: ActionContract): ContractData {
  const inputs = Object.entries(allInputs(contract)).map(
    ([name, codec]) => [name, describeInput(codec)] as const,
  );
  return {
    inputs: Object.fromEntries(inputs),
    outputs: Object.keys(allOutputs(contract)),
    reasonCodes: [...new Set([...contract.reasonCodes, ...standardReasonCodes])].toSorted(),
    permissions: contract.permissions,
    aws: contract.aws ?? [],
  };
}

function describeInput(codec: InputCodec<unknown>): InputData {
  const required = codec.default === undefined && !codec.optional;
  return {
    required,
    ...(required ? {} : { default: codec.default ?? '' }),
    accepted: codec.accepted,
    ...(codec.oneOf === undefined ? {} : { oneOf: codec.oneOf }),
    ...(codec.range === undefined ? {} : { range: codec.range }),
  };
}
