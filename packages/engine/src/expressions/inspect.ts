import type { Expr } from '@actions/expressions';
import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Unary,
} from '@actions/expressions/ast';
import { parseExpression } from './parse.ts';

const statusFunctions = new Set(['always', 'cancelled', 'failure', 'success']);

/** A condition as GitHub completes it: without a status function, `success()` is asked first. */
export function completeCondition(text: string): string {
  const condition = text.trim();
  if (condition === '') return 'success()';
  return asksForStatus(parseExpression(condition)) ? condition : `success() && (${condition})`;
}

/** What the engine cannot evaluate in an expression; undefined when there is nothing. */
export function unsupportedIn(text: string): string | undefined {
  return complaintAbout(parseExpression(text));
}

function asksForStatus(expression: Expr): boolean {
  if (expression instanceof FunctionCall && statusFunctions.has(nameOf(expression))) return true;
  return childrenOf(expression).some(asksForStatus);
}

function complaintAbout(expression: Expr): string | undefined {
  if (expression instanceof FunctionCall) {
    const name = nameOf(expression);
    if (name === 'hashfiles') return 'hashFiles() is not supported';
    if (statusFunctions.has(name) && expression.args.length > 0) {
      return `${name}() with arguments is not supported`;
    }
  }
  if (isContext(expression, 'secrets')) return 'the secrets context as a whole is not supported';
  if (expression instanceof IndexAccess && isContext(expression.expr, 'secrets')) {
    const { index } = expression;
    const name = index instanceof Literal ? index.literal.coerceString() : '';
    if (name.toUpperCase() === 'GITHUB_TOKEN') return undefined;
    return `secrets.${name || '*'}: only secrets.GITHUB_TOKEN exists here`;
  }
  for (const child of childrenOf(expression)) {
    const complaint = complaintAbout(child);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function isContext(expression: Expr, name: string): boolean {
  return expression instanceof ContextAccess && expression.name.lexeme.toLowerCase() === name;
}

function nameOf(call: FunctionCall): string {
  return call.functionName.lexeme.toLowerCase();
}

function childrenOf(expression: Expr): readonly Expr[] {
  if (expression instanceof FunctionCall || expression instanceof Logical) return expression.args;
  if (expression instanceof Binary) return [expression.left, expression.right];
  if (expression instanceof Unary) return [expression.expr];
  if (expression instanceof Grouping) return [expression.group];
  if (expression instanceof IndexAccess) return [expression.expr, expression.index];
  return [];
}
