import { createColumn } from './column.ts';
import type { Column } from './column.ts';
import { columnNames } from './section.ts';
import type { ColumnName, FileLists } from './section.ts';
import { keepLarger, mergeTriples, uniteBits } from './triples.ts';
import type { Combine } from './triples.ts';

/** Coverage of many files. */
export interface CoverageStore {
  /** Tree path, and the number of the file in the columns. */
  readonly files: Map<string, number>;
  readonly columns: Readonly<Record<ColumnName, Column>>;
}

export function createStore(): CoverageStore {
  return {
    files: new Map(),
    columns: {
      lines: createColumn(),
      line: createColumn(),
      branch: createColumn(),
      statement: createColumn(),
      function: createColumn(),
      seen: createColumn(),
    },
  };
}

/**
 * Puts lists to those that the file has already.
 * @param combineCounts - what becomes of two counts at one place
 */
export function putFile(
  store: CoverageStore,
  path: string,
  lists: FileLists,
  combineCounts: Combine,
): void {
  const known = store.files.get(path);
  const file = known ?? store.files.size;
  if (known === undefined) store.files.set(ownCopy(path), file);
  for (const name of columnNames) {
    const list = lists(name);
    if (list.length === 0) continue;
    const column = store.columns[name];
    const combine = name === 'lines' || name === 'seen' ? uniteBits : combineCounts;
    column.put(file, known === undefined ? list : mergeTriples(column.of(file), list, combine));
  }
}

/**
 * Puts what one report says to what the others say.
 * @param report - its number
 */
export function absorb(into: CoverageStore, from: CoverageStore, report: number): void {
  const seen = new Uint32Array([report >>> 5, 0, 1 << (report & 31)]);
  for (const [path, file] of from.files) {
    putFile(
      into,
      path,
      (name) => (name === 'seen' ? seen : from.columns[name].of(file)),
      keepLarger,
    );
  }
}

/** A part of a text keeps the whole text alive: here, 64 KiB of the report for each path. */
function ownCopy(path: string): string {
  return Buffer.from(path).toString();
}
