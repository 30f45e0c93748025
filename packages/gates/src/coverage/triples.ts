/**
 * Entries of three numbers of 32 bits, key first, with rising keys: key, first, second, key, first, second, … Coverage of
 * millions of lines is kept like this, because an object for each of them would not fit.
 */
export type Triples = Uint32Array;

/** Works two values into the entry that begins at `at` and has the same key. */
export type Combine = (entries: Uint32Array, at: number, first: number, second: number) => void;

export const noTriples: Triples = new Uint32Array(0);

/** An entry whose second value is this one stands for two that contradict each other; it stays what it is. */
export const unmergeable = 0xffff_ffff;

/** For sets of bits: 32 lines by one key. */
export const uniteBits: Combine = (entries, at, first, second) => {
  entries[at + 1] = (entries[at + 1] ?? 0) | first;
  entries[at + 2] = (entries[at + 2] ?? 0) | second;
};

/** For counts of different things at one place, covered and total. */
export const addCounts: Combine = (entries, at, covered, total) => {
  const sum = (entries[at + 2] ?? 0) + total;
  const fits = sum < unmergeable;
  entries[at + 1] = fits ? (entries[at + 1] ?? 0) + covered : 0;
  entries[at + 2] = fits ? sum : unmergeable;
};

/**
 * For counts of the same things, taken twice. Which ones were covered is not known, so the larger number is what is
 * certain of both together. Of unequal totals nothing is certain.
 */
export const keepLarger: Combine = (entries, at, covered, total) => {
  const same = entries[at + 2] === total;
  entries[at + 1] = same ? Math.max(entries[at + 1] ?? 0, covered) : 0;
  if (!same) entries[at + 2] = unmergeable;
};

/** Gathers entries in any order. */
export interface TripleList {
  add(key: number, first: number, second: number): void;
  /** The entries in order, one for each key; they hold until the next `add`, which begins a new list. */
  take(): Triples;
}

/** @param combine - for entries with the same key */
export function createTriples(combine: Combine): TripleList {
  let entries = new Uint32Array(96);
  let size = 0;
  let last = -1;
  let rising = true;
  return {
    add: (key, first, second) => {
      if (key === last) {
        combine(entries, size - 3, first, second);
        return;
      }
      if (key < last) rising = false;
      if (size === entries.length) entries = withRoom(entries, size * 2);
      entries[size] = key;
      entries[size + 1] = first;
      entries[size + 2] = second;
      size += 3;
      last = key;
    },
    take: () => {
      // Most lists of most files are empty.
      if (size === 0) return noTriples;
      const taken = entries.subarray(0, size);
      const result = rising ? taken : inOrder(taken, combine);
      size = 0;
      last = -1;
      rising = true;
      return result;
    },
  };
}

/** The entries of both. */
export function mergeTriples(left: Triples, right: Triples, combine: Combine): Triples {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const merged = new Uint32Array(left.length + right.length);
  let size = 0;
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const leftKey = left[l] ?? Infinity;
    const rightKey = right[r] ?? Infinity;
    if (leftKey <= rightKey) {
      copyEntry(left, l, merged, size);
      if (leftKey === rightKey) {
        combine(merged, size, right[r + 1] ?? 0, right[r + 2] ?? 0);
        r += 3;
      }
      l += 3;
    } else {
      copyEntry(right, r, merged, size);
      r += 3;
    }
    size += 3;
  }
  return merged.subarray(0, size);
}

/** A longer copy. */
export function withRoom(numbers: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(numbers);
  return longer;
}

function inOrder(entries: Triples, combine: Combine): Triples {
  const starts = Array.from({ length: entries.length / 3 }, (_, index) => index * 3);
  starts.sort((a, b) => (entries[a] ?? 0) - (entries[b] ?? 0));
  const ordered = new Uint32Array(entries.length);
  let size = 0;
  for (const start of starts) {
    if (size > 0 && ordered[size - 3] === entries[start]) {
      combine(ordered, size - 3, entries[start + 1] ?? 0, entries[start + 2] ?? 0);
    } else {
      copyEntry(entries, start, ordered, size);
      size += 3;
    }
  }
  return ordered.subarray(0, size);
}

function copyEntry(from: Triples, start: number, to: Uint32Array, at: number): void {
  to[at] = from[start] ?? 0;
  to[at + 1] = from[start + 1] ?? 0;
  to[at + 2] = from[start + 2] ?? 0;
}
