import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { ParsedNode, YAMLMap } from 'yaml';

/** A mapping of a workflow file. */
export type Mapping = YAMLMap.Parsed;

/** One `key: value` of a mapping; the line is that of the key, from 1. */
export interface Entry {
  readonly key: string;
  readonly line: number;
  readonly value: ParsedNode | null;
}

/** A parsed workflow file that still knows where everything stands. */
export interface WorkflowSource {
  readonly text: string;
  readonly top: Mapping | undefined;
  /** Messages of the YAML parser with their line. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  lineOf(node: ParsedNode | null): number;
  entries(node: ParsedNode | null | undefined): readonly Entry[];
}

/** Parses the text of a workflow file. */
export function parseWorkflow(text: string): WorkflowSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  return {
    text,
    top: isMap(document.contents) ? document.contents : undefined,
    errors: document.errors.map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      message: message.split('\n')[0] ?? message,
    })),
    lineOf: (node) => (node === null ? 1 : lineAt(node.range[0])),
    entries: (node) =>
      isMap(node)
        ? node.items.map(({ key, value }) => ({
            key: String(scalar(key)),
            line: lineAt(key.range[0]),
            value,
          }))
        : [],
  };
}

/** The value of a scalar, `undefined` for anything else. */
export function scalar(node: ParsedNode | null | undefined): unknown {
  return isScalar(node) ? node.value : undefined;
}

/** The value of a text scalar, `undefined` for anything else. */
export function textOf(node: ParsedNode | null | undefined): string | undefined {
  const value = scalar(node);
  return typeof value === 'string' ? value : undefined;
}

/** The value under a key of a mapping. */
export function at(
  node: ParsedNode | null | undefined,
  key: string,
): ParsedNode | null | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => scalar(item.key) === key)?.value;
}

/** The items of a sequence. */
export function items(node: ParsedNode | null | undefined): readonly ParsedNode[] {
  return isSeq(node) ? node.items : [];
}

/** One text or a list of texts, as `needs` and others accept. */
export function texts(node: ParsedNode | null | undefined): readonly string[] {
  const one = textOf(node);
  return one === undefined ? items(node).flatMap((item) => textOf(item) ?? []) : [one];
}

/** The comment behind a value on its line, trimmed. */
export function commentOf(node: ParsedNode | null | undefined): string {
  return node?.comment?.trim() ?? '';
}
