import { lintLevels } from '@gatewright/verdict';
import type { LintLevel } from '@gatewright/verdict';
import { comparePlaces } from './fingerprint.ts';
import type { IdentifiedItem } from './fingerprint.ts';
import type { SeenLintItem } from './lint-item.ts';

/** What one or several reports say of one and the same thing. */
export interface MergedItem {
  readonly item: SeenLintItem;
  readonly fingerprint: string;
  readonly seenIn: readonly string[];
}

/** How grave a level is: 0 is the gravest. */
export function rankOf(level: LintLevel): number {
  return lintLevels.indexOf(level);
}

/**
 * Puts items with one fingerprint together, so that two reports about one root cause make one finding. The gravest level
 * of the open ones stands. What one report shows as open is open, though another one has it suppressed; what was not analysed stays by
 * itself, because it is no finding.
 */
export function mergeItems(items: readonly IdentifiedItem[]): MergedItem[] {
  const groups = new Map<string, IdentifiedItem[]>();
  for (const identified of items) {
    const { item, fingerprint } = identified;
    const key = item.kind === 'not-analysed' ? `${fingerprint} not analysed` : fingerprint;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [identified]);
    else group.push(identified);
  }
  const merged: MergedItem[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first !== undefined)
      merged.push(group.length === 1 ? alone(first) : together(group, first));
  }
  return merged;
}

function alone({ item, fingerprint }: IdentifiedItem): MergedItem {
  return { item, fingerprint, seenIn: [item.seenIn] };
}

function together(
  group: readonly IdentifiedItem[],
  { item, fingerprint }: IdentifiedItem,
): MergedItem {
  const [gravest = item] = group.map((one) => one.item).toSorted(compareWeight);
  const seenIn = [...new Set(group.map((one) => one.item.seenIn))].toSorted();
  return { item: gravest, fingerprint, seenIn };
}

function compareWeight(a: SeenLintItem, b: SeenLintItem): number {
  return (
    Number(a.kind === 'suppressed') - Number(b.kind === 'suppressed') ||
    rankOf(a.level) - rankOf(b.level) ||
    comparePlaces(a, b)
  );
}
