import { locate } from '../errors.ts';
import { toText } from '../expressions/data.ts';
import type { Json } from '../expressions/data.ts';
import { evaluateNode } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import type { MappingNode, Position } from '../syntax/node.ts';
import type { InputDefinition } from '../syntax/workflow-file.ts';

export type Inputs = Readonly<Record<string, Json>>;

/** A value as its input takes it, or why it does not. */
export type Accepted =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

/** Checks one given value against the type of its input. GitHub turns a literal into a string, never a string back. */
export function acceptInput(definition: InputDefinition, given: Json): Accepted {
  const value = given === null ? '' : given;
  const shown = `input '${definition.name}'`;
  const text = toText(value);
  if (definition.type === 'boolean' || definition.type === 'number') {
    if (typeof value === definition.type) return { ok: true, value };
    const accepted = definition.type === 'boolean' ? 'true or false' : 'a number';
    return refuse(`${shown} takes ${accepted}, not '${text}'`);
  }
  if (definition.type === 'choice' && !definition.options.includes(text)) {
    return refuse(`${shown} takes one of ${definition.options.join(', ')}, not '${text}'`);
  }
  if (typeof value === 'object') return refuse(`${shown} takes a text, not a list or an object`);
  return { ok: true, value: text };
}

/** Problems of a caller's `with:` that show without running: literals of the wrong type. */
export function checkLiterals(
  definitions: readonly InputDefinition[],
  given: MappingNode | undefined,
): readonly string[] {
  return (given?.entries ?? []).flatMap((entry) => {
    const definition = definitionOf(definitions, entry.key);
    if (definition === undefined || entry.value.kind !== 'scalar') return [];
    const accepted = acceptInput(definition, entry.value.value);
    return accepted.ok ? [] : [locate(entry.value.at, accepted.problem)];
  });
}

/** The inputs of a called workflow. @throws ExpressionFailure | InputProblem */
export function callInputs(
  definitions: readonly InputDefinition[],
  given: MappingNode | undefined,
  callerScope: Scope,
  calleeScope: Scope,
): Inputs {
  const values = definitions.map((definition) => {
    const entry = given?.entries.find((e) => sameName(e.key, definition.name));
    if (entry === undefined)
      return [definition.name, absentValue(definition, calleeScope)] as const;
    const accepted = acceptInput(definition, evaluateNode(entry.value, callerScope));
    if (!accepted.ok) throw new InputProblem(locate(entry.value.at, accepted.problem));
    return [definition.name, accepted.value] as const;
  });
  return Object.fromEntries(values);
}

/** A value that does not fit its input; the message names the line. */
export class InputProblem extends Error {}

/** The inputs of a manual start; texts are read as the form on GitHub would send them. */
export function dispatchInputs(
  definitions: readonly InputDefinition[],
  given: Readonly<Record<string, string | boolean | number>>,
  workflowAt: Position,
): { readonly inputs: Inputs; readonly problems: readonly string[] } {
  const problems = Object.keys(given)
    .filter((name) => definitionOf(definitions, name) === undefined)
    .map((name) => locate(workflowAt, `the workflow has no input '${name}'`));
  const inputs: Record<string, Json> = {};
  for (const definition of definitions) {
    const [, raw] = Object.entries(given).find(([name]) => sameName(name, definition.name)) ?? [];
    if (raw === undefined || raw === '') {
      inputs[definition.name] = absentValue(definition, { contexts: {} });
      if (definition.required && definition.default === undefined) {
        problems.push(locate(definition.at, `input '${definition.name}' is required`));
      }
      continue;
    }
    const accepted = acceptInput(definition, typed(definition, raw));
    if (accepted.ok) inputs[definition.name] = accepted.value;
    else problems.push(locate(definition.at, accepted.problem));
  }
  return { inputs, problems };
}

function typed(definition: InputDefinition, raw: string | boolean | number): Json {
  if (typeof raw !== 'string') return raw;
  if (definition.type === 'boolean' && /^(true|false)$/.test(raw)) return raw === 'true';
  if (definition.type === 'number' && raw.trim() !== '' && Number.isFinite(Number(raw))) {
    return Number(raw);
  }
  return raw;
}

/** What an input holds that nobody gave: its default, or the empty value of its type. */
function absentValue(definition: InputDefinition, scope: Scope): Json {
  if (definition.default !== undefined) return evaluateNode(definition.default, scope);
  if (definition.type === 'boolean') return false;
  if (definition.type === 'number') return 0;
  return definition.type === 'choice' ? (definition.options[0] ?? '') : '';
}

function definitionOf(
  definitions: readonly InputDefinition[],
  name: string,
): InputDefinition | undefined {
  return definitions.find((definition) => sameName(definition.name, name));
}

/** Input names are compared without case. */
function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function refuse(problem: string): Accepted {
  return { ok: false, problem };
}
