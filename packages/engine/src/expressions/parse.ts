import { Lexer, Parser } from '@actions/expressions';
import type { Expr } from '@actions/expressions';
import type { FunctionInfo } from '@actions/expressions/funcs/info';

export const contextNames = [
  'env',
  'github',
  'inputs',
  'job',
  'jobs',
  'matrix',
  'needs',
  'runner',
  'secrets',
  'steps',
  'strategy',
  'vars',
] as const;

export type ContextName = (typeof contextNames)[number];

/** The functions beyond the package's own; `hashFiles` is known only to be refused with its line. */
const extensionFunctions: readonly FunctionInfo[] = [
  { name: 'always', minArgs: 0, maxArgs: 0 },
  { name: 'cancelled', minArgs: 0, maxArgs: 0 },
  { name: 'failure', minArgs: 0, maxArgs: 255 },
  { name: 'success', minArgs: 0, maxArgs: 255 },
  { name: 'hashFiles', minArgs: 1, maxArgs: 255 },
];

/** @throws an error of the expression package when the text is no expression. */
export function parseExpression(text: string): Expr {
  const { tokens } = new Lexer(text).lex();
  return new Parser(tokens, [...contextNames], [...extensionFunctions]).parse();
}
