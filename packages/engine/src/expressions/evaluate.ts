import { data, Evaluator } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { ExpressionFailure, locate, messageOf } from '../errors.ts';
import type { MappingNode, Node, Position } from '../syntax/node.ts';
import { fromData, toData, toText } from './data.ts';
import type { Json } from './data.ts';
import { contextNames, parseExpression } from './parse.ts';
import type { ContextName } from './parse.ts';

/** What `success()`, `failure()` and `cancelled()` answer at this place. */
export interface StatusFunctions {
  success(): boolean;
  failure(): boolean;
  cancelled(): boolean;
}

/** Everything an expression can see at one place. */
export interface Scope {
  readonly contexts: Readonly<Partial<Record<ContextName, Json>>>;
  readonly status?: StatusFunctions;
}

/** @throws ExpressionFailure with `file:line:column` when the expression cannot be evaluated. */
export function evaluateExpression(expression: string, scope: Scope, at: Position): Json {
  try {
    const pairs = contextNames.map((key) => ({ key, value: toData(scope.contexts[key] ?? {}) }));
    const evaluator = new Evaluator(
      parseExpression(expression),
      new data.Dictionary(...pairs),
      functionsOf(scope.status),
    );
    return fromData(evaluator.evaluate());
  } catch (error) {
    const reason = messageOf(error);
    throw new ExpressionFailure(locate(at, `\${{ ${expression} }}: ${reason}`));
  }
}

/** Whether a completed condition holds. */
export function evaluateCondition(condition: string, scope: Scope, at: Position): boolean {
  const value = evaluateExpression(condition, scope, at);
  return value !== null && value !== false && value !== '' && value !== 0 && !Number.isNaN(value);
}

/** The value of a node: a lone expression keeps its type, a mixed text becomes a string. */
export function evaluateNode(node: Node, scope: Scope): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map((item) => evaluateNode(item, scope));
  if (node.kind === 'mapping') {
    return Object.fromEntries(node.entries.map((e) => [e.key, evaluateNode(e.value, scope)]));
  }
  const values = node.segments.map((segment) =>
    typeof segment === 'string' ? segment : evaluateExpression(segment.expression, scope, node.at),
  );
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0) return only;
  return values.map(toText).join('');
}

export function evaluateText(node: Node, scope: Scope): string {
  return toText(evaluateNode(node, scope));
}

/** The entries of a mapping as texts, in the order of the file. */
export function evaluateTexts(
  node: MappingNode | undefined,
  scope: Scope,
): Readonly<Record<string, string>> {
  const entries = node?.entries ?? [];
  return Object.fromEntries(entries.map((e) => [e.key, evaluateText(e.value, scope)]));
}

function functionsOf(status: StatusFunctions | undefined): Map<string, FunctionDefinition> {
  const answers: readonly (readonly [string, () => boolean])[] = [
    ['always', () => true],
    ['cancelled', () => status?.cancelled() ?? false],
    ['failure', () => status?.failure() ?? false],
    ['success', () => status?.success() ?? true],
  ];
  return new Map(
    answers.map(([name, answer]) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer()) },
    ]),
  );
}
