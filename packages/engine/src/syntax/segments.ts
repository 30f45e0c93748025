import type { Segment } from './node.ts';

/**
 * Splits a text into literal pieces and expressions, the way the runner does: an expression ends at the first `}}`
 * outside a quoted string. An expression that is not closed stays literal (the parser has refused it before).
 */
export function splitSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${{', at);
    const close = open < 0 ? -1 : endOfExpression(text, open + 3);
    if (open < 0 || close < 0) break;
    if (open > at) segments.push(text.slice(at, open));
    segments.push({ expression: text.slice(open + 3, close).trim() });
    at = close + 2;
  }
  if (at < text.length) segments.push(text.slice(at));
  return segments;
}

function endOfExpression(text: string, from: number): number {
  let quoted = false;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith('}}', i)) return i;
  }
  return -1;
}
