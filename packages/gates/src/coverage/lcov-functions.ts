import { lineNumber, wasHit } from './numbers.ts';
import type { Ratio } from './ratio.ts';
import type { Section } from './section.ts';

/** Refuses the text behind the colon of an item. */
export type BadItem = (kind: string, text: string) => never;

/** The functions of one record, which LCOV 1 names by FN and FNDA, and LCOV 2 numbers by FNL and FNA. */
export interface LcovFunctions {
  /** @returns whether it is an item of functions */
  item(kind: string, text: string): boolean;
  /** Puts them into the section, and forgets them. */
  end(section: Section): LcovFunctionSums;
}

export interface LcovFunctionSums {
  /** Each function is one. */
  readonly each: Ratio;
  /** Functions with one name are one: version 1 of lcov cannot tell them apart. */
  readonly byName: Ratio;
  /** A function that has a count of calls, but was not named. */
  readonly unknown?: string;
}

interface Named {
  readonly lines: number[];
  readonly hits: boolean[];
}

interface Numbered {
  readonly line: number;
  hit: boolean;
}

export function createLcovFunctions(bad: BadItem): LcovFunctions {
  const byName = new Map<string, Named>();
  const byIndex = new Map<string, Numbered>();
  const named = (name: string): Named => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const entry: Named = { lines: [], hits: [] };
    byName.set(name, entry);
    return entry;
  };
  // The texts are first line, perhaps last line, name; count, name; number, first line, perhaps last line; number,
  // count, name. A name can have commas.
  const items: Readonly<Record<string, (text: string) => void>> = {
    FN: (text) => {
      const [, first, name] = /^(\d+),(?:\d+,)?(.+)$/.exec(text) ?? [];
      const line = lineNumber(first);
      if (line === undefined || name === undefined) bad('FN', text);
      else named(name).lines.push(line);
    },
    FNDA: (text) => {
      const [, count, name] = /^([^,]+),(.+)$/.exec(text) ?? [];
      const hit = wasHit(count);
      if (hit === undefined || name === undefined) bad('FNDA', text);
      else named(name).hits.push(hit);
    },
    FNL: (text) => {
      const [, index = '', first] = /^(\d+),(\d+)(?:,\d+)?$/.exec(text) ?? [];
      const line = lineNumber(first);
      if (line === undefined || byIndex.has(index)) bad('FNL', text);
      else byIndex.set(index, { line, hit: false });
    },
    FNA: (text) => {
      const [, index = '', count] = /^(\d+),([^,]+),./.exec(text) ?? [];
      const entry = byIndex.get(index);
      const hit = wasHit(count);
      if (hit === undefined || entry === undefined) bad('FNA', text);
      else entry.hit ||= hit;
    },
  };
  return {
    item: (kind, text) => {
      if (!Object.hasOwn(items, kind)) return false;
      items[kind]?.(text);
      return true;
    },
    end: (section) => {
      const sums = { ...putNamed(byName, section) };
      for (const { line, hit } of byIndex.values()) {
        section.count('function', line, hit ? 1 : 0, 1);
        for (const sum of [sums.each, sums.byName]) {
          sum.total += 1;
          if (hit) sum.covered += 1;
        }
      }
      byName.clear();
      byIndex.clear();
      return sums;
    },
  };
}

interface NamedSums {
  readonly each: { covered: number; total: number };
  readonly byName: { covered: number; total: number };
  readonly unknown?: string;
}

/** Counts of functions with one name come in the order of the functions; a single count holds for all of them. */
function putNamed(functions: ReadonlyMap<string, Named>, section: Section): NamedSums {
  const each = { covered: 0, total: 0 };
  const byName = { covered: 0, total: 0 };
  let unknown: string | undefined;
  for (const [name, { lines, hits }] of functions) {
    if (hits.length > lines.length) unknown ??= name;
    for (const [position, line] of lines.entries()) {
      const hit = hits.length === 1 ? hits[0] === true : hits[position] === true;
      each.total += 1;
      if (hit) each.covered += 1;
      section.count('function', line, hit ? 1 : 0, 1);
    }
    byName.total += 1;
    if (hits.includes(true)) byName.covered += 1;
  }
  return { each, byName, ...(unknown === undefined ? {} : { unknown }) };
}
