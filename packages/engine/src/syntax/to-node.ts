import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards';
import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Node, Position } from './node.ts';
import { splitSegments } from './segments.ts';

/** Turns the parser's token tree of a file into the engine's own tree. */
export function toNode(root: TemplateToken, file: string, content: string): Node {
  const texts = textsByPosition(content);
  const at = (token: TemplateToken): Position => ({
    file,
    line: token.range?.start.line ?? 1,
    column: token.range?.start.column ?? 1,
  });
  const convert = (token: TemplateToken): Node => {
    if (isMapping(token)) {
      const entries = Array.from(token, ({ key, value }) => ({
        key: key.toString(),
        at: at(key),
        value: convert(value),
      }));
      return { kind: 'mapping', at: at(token), entries };
    }
    if (isSequence(token)) {
      return { kind: 'sequence', at: at(token), items: Array.from(token, convert) };
    }
    if (isString(token) || isNumber(token) || isBoolean(token)) {
      return { kind: 'scalar', at: at(token), value: token.value };
    }
    if (!isBasicExpression(token)) return { kind: 'scalar', at: at(token), value: null };
    const { line, column } = at(token);
    const text = texts.get(`${line}:${column}`);
    // The position of a lone expression is that of the expression, so it may not be found; it is complete as it is.
    const segments = text === undefined ? [{ expression: token.expression }] : splitSegments(text);
    return { kind: 'template', at: at(token), segments };
  };
  return convert(root);
}

/** The true text of every scalar that holds an expression, by its position in the file. */
function textsByPosition(content: string): ReadonlyMap<string, string> {
  const lineCounter = new LineCounter();
  const document = parseDocument(content, { lineCounter, uniqueKeys: false });
  const texts = new Map<string, string>();
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes('${{')) return;
      const { line, col } = lineCounter.linePos(node.range?.[0] ?? 0);
      texts.set(`${line}:${col}`, node.value);
    },
  });
  return texts;
}
