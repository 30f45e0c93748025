import { createHash } from 'node:crypto';
import type { SeenLintItem } from './lint-item.ts';

/** Text of a line of the tree, without its end; undefined when the file or the line is not there. Lines count from 1. */
export type LineText = (path: string, line: number) => string | undefined;

/** An item with its identity. */
export interface IdentifiedItem {
  readonly item: SeenLintItem;
  /** SHA-256 (hex). */
  readonly fingerprint: string;
}

/** Longer lines are not written by people; the ordinal still tells two of them apart. */
const maxTextUnits = 4096;

/**
 * Gives each item a fingerprint that stays when lines move: SHA-256 of rule, path, text of the line and the ordinal among
 * equal ones, which is counted in each report by itself and in the order of the places. So two reports that have the same
 * item agree on its fingerprint, and the order of a report does not matter. Where the text of the line is not known, what
 * the tool gives as its own fingerprint stands in for it, or the message.
 */
export function identify(items: readonly SeenLintItem[], lineText: LineText): IdentifiedItem[] {
  const groups = new Map<string, { readonly identity: string; readonly equals: SeenLintItem[] }>();
  for (const item of items) {
    const identity = identityOf(item, lineText);
    const key = `${item.seenIn}\n${identity}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { identity, equals: [item] });
    else group.equals.push(item);
  }
  const identified: IdentifiedItem[] = [];
  for (const { identity, equals } of groups.values()) {
    if (equals.length > 1) equals.sort(comparePlaces);
    for (const [ordinal, item] of equals.entries()) {
      const fingerprint = createHash('sha256').update(`${identity}\n${ordinal}`).digest('hex');
      identified.push({ item, fingerprint });
    }
  }
  return identified;
}

function identityOf(item: SeenLintItem, lineText: LineText): string {
  const { ruleId, path = '', line, message } = item;
  const text =
    path === '' || line === undefined ? undefined : (lineText(path, line) ?? item.lineText);
  const what = text === undefined ? (item.fingerprint ?? message) : normalised(text);
  return JSON.stringify([ruleId, path, what]);
}

/** Indentation and spacing change when code moves into a block or a formatter runs. */
function normalised(text: string): string {
  return text.slice(0, maxTextUnits).replaceAll(/\s+/g, ' ').trim();
}

/** By place, then by whatever else tells items apart, so that the order does not depend on that of the report. */
export function comparePlaces(a: SeenLintItem, b: SeenLintItem): number {
  return (
    compareTexts(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareTexts(a.ruleId, b.ruleId) ||
    compareTexts(a.message, b.message) ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.level, b.level) ||
    compareTexts(a.tool, b.tool) ||
    compareTexts(a.seenIn, b.seenIn)
  );
}

/** By code units, which is the same everywhere. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
