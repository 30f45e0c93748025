import { noTriples, withRoom } from './triples.ts';
import type { Triples } from './triples.ts';

/** Lists of triples by the number of their file. */
export interface Column {
  /** Empty when there is none. The list holds until the next `put`. */
  of(file: number): Triples;
  put(file: number, triples: Triples): void;
}

/** Numbers in one piece of memory. Pieces do not grow: a copy of all that is kept would be needed for it. */
const pieceLength = 1 << 16;
/** Piece, start in it, and length. */
const placeLength = 3;

/** A list of its own for each of 200,000 files would take more memory than what stands in them. */
export function createColumn(): Column {
  let store = createPieces();
  let places = new Uint32Array(0);
  let kept = 0;
  const put = (file: number, triples: Triples): void => {
    const at = file * placeLength;
    const held = places[at + 2] ?? 0;
    if (triples.length > held) {
      const [piece, start] = store.reserve(triples.length);
      places[at] = piece;
      places[at + 1] = start;
    }
    places[at + 2] = triples.length;
    kept += triples.length - held;
    store.piece(places[at] ?? 0).set(triples, places[at + 1] ?? 0);
  };
  const of = (file: number): Triples => {
    const at = file * placeLength;
    const length = places[at + 2] ?? 0;
    const start = places[at + 1] ?? 0;
    return length === 0 ? noTriples : store.piece(places[at] ?? 0).subarray(start, start + length);
  };
  /** Lists that were replaced by longer ones leave holes. */
  const closeHoles = (): void => {
    const packed = createPieces();
    for (let at = 0; at < places.length; at += placeLength) {
      const length = places[at + 2] ?? 0;
      if (length === 0) continue;
      const list = of(at / placeLength);
      const [piece, start] = packed.reserve(length);
      packed.piece(piece).set(list, start);
      places[at] = piece;
      places[at + 1] = start;
    }
    store = packed;
  };
  return {
    of,
    put: (file, triples) => {
      if (triples.length === 0) return;
      if ((file + 1) * placeLength > places.length) {
        places = withRoom(places, placeLength * Math.max(32, Math.ceil((file + 1) * 1.5)));
      }
      put(file, triples);
      if (store.reserved() > 2 * kept + 4 * pieceLength) closeHoles();
    },
  };
}

interface Pieces {
  piece(index: number): Uint32Array;
  /** @returns the piece, and where the room begins in it */
  reserve(length: number): readonly [piece: number, start: number];
  /** How much was reserved in all. */
  reserved(): number;
}

function createPieces(): Pieces {
  const pieces: Uint32Array[] = [];
  let used = pieceLength;
  let current = 0;
  let reserved = 0;
  return {
    piece: (index) => pieces[index] ?? noTriples,
    reserved: () => reserved,
    reserve: (length) => {
      reserved += length;
      // A list that does not fit into a piece has one to itself.
      if (length > pieceLength) return [pieces.push(new Uint32Array(length)) - 1, 0];
      if (used + length > pieceLength) {
        current = pieces.push(new Uint32Array(pieceLength)) - 1;
        used = 0;
      }
      used += length;
      return [current, used - length];
    },
  };
}
