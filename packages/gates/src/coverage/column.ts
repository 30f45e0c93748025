import { withRoom } from './triples.ts';
import type { Triples } from './triples.ts';

/** Lists of triples by the number of their file, all in one piece of memory. */
export interface Column {
  /** Empty when there is none. The list holds until the next `put`. */
  of(file: number): Triples;
  put(file: number, triples: Triples): void;
}

const none = new Uint32Array(0);

/** A list of its own for each of 200,000 files would take more memory than what stands in them. */
export function createColumn(): Column {
  let pool = new Uint32Array(0);
  let used = 0;
  let wasted = 0;
  // Where the list of a file begins, and its length.
  let places = new Uint32Array(0);

  const room = (length: number): void => {
    if (used + length <= pool.length) return;
    // Lists that were replaced leave holes; they are closed before the pool grows because of them.
    if (wasted * 2 > used) ({ pool, used, wasted } = withoutHoles(pool, places, used - wasted));
    if (used + length > pool.length) {
      pool = withRoom(pool, Math.max(1024, used + length, Math.ceil(pool.length * 1.5)));
    }
  };
  return {
    of: (file) => {
      const length = places[file * 2 + 1] ?? 0;
      if (length === 0) return none;
      const start = places[file * 2] ?? 0;
      return pool.subarray(start, start + length);
    },
    put: (file, triples) => {
      if (triples.length === 0) return;
      if (file * 2 >= places.length) {
        places = withRoom(places, 2 * Math.max(32, Math.ceil((file + 1) * 1.5)));
      }
      const held = places[file * 2 + 1] ?? 0;
      if (triples.length > held) {
        // Marked as a hole before the pool is put in order; a list is always replaced by one that has it all.
        places[file * 2 + 1] = 0;
        wasted += held;
        room(triples.length);
        places[file * 2] = used;
        used += triples.length;
      } else {
        wasted += held - triples.length;
      }
      places[file * 2 + 1] = triples.length;
      pool.set(triples, places[file * 2] ?? 0);
    },
  };
}

interface Pool {
  readonly pool: Uint32Array<ArrayBuffer>;
  readonly used: number;
  readonly wasted: number;
}

/** Moves the lists together into a new pool, and notes their new places. */
function withoutHoles(pool: Uint32Array, places: Uint32Array, live: number): Pool {
  const packed = new Uint32Array(live);
  let used = 0;
  for (let at = 0; at < places.length; at += 2) {
    const start = places[at] ?? 0;
    const length = places[at + 1] ?? 0;
    packed.set(pool.subarray(start, start + length), used);
    places[at] = used;
    used += length;
  }
  return { pool: packed, used, wasted: 0 };
}
