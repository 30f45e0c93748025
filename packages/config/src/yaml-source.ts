import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import type { LocatedProblem, Problem } from './problem.ts';
import { formatKey } from './problem.ts';

/** A configuration has no use for more; the limit is what makes an alias bomb harmless. */
const maxAliasCount = 50;

/** A YAML text as plain data, and the way from a key back to its place in the text. */
export interface YamlSource {
  /** Undefined when the text is not one well-formed YAML document. */
  readonly data: unknown;
  /** What is wrong with the YAML itself. When {@link data} is undefined there is at least one. */
  readonly problems: readonly LocatedProblem[];
  /**
   * Puts a problem at the value of the key, or at the key itself. A key that is absent is put at the key of the
   * innermost mapping that is there, since that is where the user has to add it.
   */
  at(
    parts: readonly PropertyKey[],
    end: 'key' | 'value',
    problem: Omit<Problem, 'key'>,
  ): LocatedProblem;
}

/** Parses one YAML 1.2 document of the core schema: no custom tags, no merge keys, no duplicate keys. */
export function parseYaml(text: string, path: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    // Not `silent`: that would also keep quiet about a second document.
    logLevel: 'error',
  });
  const place = (offset: number): { path: string; line: number; column: number } => {
    const { line, col } = lineCounter.linePos(offset);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: LocatedProblem[] = [
    ...[...document.errors, ...document.warnings].map((error) => ({
      ...place(error.pos[0]),
      ...(error.code === 'DUPLICATE_KEY'
        ? { key: /^[^\s:]*/.exec(text.slice(error.pos[0]))?.[0] ?? '', message: 'duplicate key' }
        : { key: '', message: messageOf(error) }),
    })),
    ...poisonedKeys(document).map(({ offset, name }) => ({
      ...place(offset),
      key: name,
      message: 'this name cannot be a key',
    })),
  ];
  // Duplicate keys leave a usable document, so the schema's problems can be reported beside them.
  const usable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const { data, why } = usable ? plain(document) : { data: undefined, why: undefined };
  if (why !== undefined) problems.push({ ...place(0), key: '', message: why });
  return {
    data,
    problems,
    at: (parts, end, problem) => ({
      ...place(offsetOf(document, parts, end)),
      key: formatKey(parts),
      ...problem,
    }),
  };
}

function plain(document: Document): { data: unknown; why?: string } {
  try {
    const data: unknown = document.toJS({ maxAliasCount });
    // An anchor may hold an alias of itself; such a value has no end and nobody after this could print it.
    JSON.stringify(data);
    return { data };
  } catch (error) {
    const isCircular = error instanceof TypeError;
    const why = error instanceof Error ? sentence(error.message) : 'not readable';
    return { data: undefined, why: isCircular ? 'an alias stands inside its own anchor' : why };
  }
}

function messageOf(error: { code: string; message: string }): string {
  return error.code === 'MULTIPLE_DOCS' ? 'a second document' : sentence(error.message);
}

function sentence(message: string): string {
  return message.replaceAll(/\s+/g, ' ').replace(/[:.]\s*$/, '');
}

/** zod passes over a `__proto__` key of a record in silence, so it is looked for here. */
function poisonedKeys(document: Document): { offset: number; name: string }[] {
  const found: { offset: number; name: string }[] = [];
  visit(document, {
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '__proto__') {
        found.push({ offset: pair.key.range?.[0] ?? 0, name: '__proto__' });
      }
    },
  });
  return found;
}

function offsetOf(document: Document, parts: readonly PropertyKey[], end: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, part] of parts.entries()) {
    const child = childOf(document, node, part);
    if (child === undefined) return index === 0 ? 0 : offset;
    node = child.value;
    const isLast = index === parts.length - 1;
    offset = isLast && end === 'value' ? (startOf(node) ?? child.offset) : child.offset;
  }
  return offset;
}

function childOf(
  document: Document,
  parent: unknown,
  part: PropertyKey,
): { offset: number; value: unknown } | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair === undefined ? undefined : { offset: startOf(pair.key) ?? 0, value: pair.value };
  }
  if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
    const value = node.items[part];
    return { offset: startOf(value) ?? startOf(node) ?? 0, value };
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
