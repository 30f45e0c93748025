/** Where something stands in a file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One literal piece of a text, or one expression without its `${{ }}`. */
export type Segment = string | { readonly expression: string };

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
}

/** A text that holds at least one `${{ }}`. */
export interface TemplateNode {
  readonly kind: 'template';
  readonly at: Position;
  readonly segments: readonly Segment[];
}

export interface MappingEntry {
  readonly key: string;
  readonly at: Position;
  readonly value: Node;
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly at: Position;
  readonly entries: readonly MappingEntry[];
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly at: Position;
  readonly items: readonly Node[];
}

/**
 * The engine's own tree of a file. It is made from the parser's token tree, but carries the texts as YAML defines them:
 * the parser keeps the raw, indented source of a block scalar, which is right for an editor and wrong for a shell.
 */
export type Node = ScalarNode | TemplateNode | MappingNode | SequenceNode;

/** The entries of a mapping; nothing for an absent or empty one. */
export function entriesOf(node: Node | undefined): readonly MappingEntry[] {
  return node?.kind === 'mapping' ? node.entries : [];
}

export function find(node: Node | undefined, key: string): Node | undefined {
  return entriesOf(node).find((entry) => entry.key === key)?.value;
}

/** The text of a literal; undefined for an expression, a list or a mapping. */
export function literalText(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar') return undefined;
  return node.value === null ? '' : String(node.value);
}

/** Every template of a tree, with the key it stands under. */
export function* templatesIn(node: Node): Generator<TemplateNode> {
  if (node.kind === 'template') yield node;
  if (node.kind === 'mapping') for (const entry of node.entries) yield* templatesIn(entry.value);
  if (node.kind === 'sequence') for (const item of node.items) yield* templatesIn(item);
}
