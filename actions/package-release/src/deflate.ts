import {
  deflateCodes,
  endOfBlock,
  longestMatch,
  reverseBits,
  shortestMatch,
  windowBytes,
} from './deflate-codes.ts';

/** The most that a stored block can hold, so that every block can fall back to it. */
export const blockBytes = 65_535;

/** How many earlier places are tried for a match. */
const tries = 32;
const hashBits = 16;

/** Writes DEFLATE blocks (RFC 1951): matches within 32 KiB under the fixed Huffman code, or stored if that is shorter. */
export interface Deflater {
  /** One block of at most {@link blockBytes}; gives the bytes that are complete. */
  block(data: Uint8Array): Uint8Array;
  /** The empty last block. */
  finish(): Uint8Array;
}

export function createDeflater(): Deflater {
  const matcher = createMatcher();
  const writer = createBitWriter();
  const codes = deflateCodes();

  const writeLiteral = (symbol: number): void =>
    writer.bits(codes.literalCode[symbol] ?? 0, codes.literalBits[symbol] ?? 0);
  const writeMatch = (length: number, distance: number): void => {
    writeLiteral(codes.lengthSymbol[length] ?? 0);
    writer.bits(codes.lengthExtra[length] ?? 0, codes.lengthExtraBits[length] ?? 0);
    const index = codes.distanceIndex[distance] ?? 0;
    writer.bits(reverseBits(index, 5), 5);
    writer.bits(distance - (codes.distanceBase[index] ?? 0), codes.distanceExtraBits[index] ?? 0);
  };
  const costOf = (token: number): number => {
    if (token < 256) return codes.literalBits[token] ?? 0;
    const length = token >> 16;
    const index = codes.distanceIndex[token & 0xffff] ?? 0;
    const symbol = codes.lengthSymbol[length] ?? 0;
    const extra = (codes.lengthExtraBits[length] ?? 0) + (codes.distanceExtraBits[index] ?? 0);
    return (codes.literalBits[symbol] ?? 0) + 5 + extra;
  };

  return {
    block: (data) => {
      const tokens = matcher.tokens(data);
      let cost = 0;
      for (const token of tokens) cost += costOf(token);
      if (cost > data.length * 8) {
        writer.bits(0, 3);
        writer.stored(data);
      } else {
        writer.bits(0b010, 3);
        for (const token of tokens) {
          if (token < 256) writeLiteral(token);
          else writeMatch(token >> 16, token & 0xffff);
        }
        writeLiteral(endOfBlock);
      }
      return writer.take();
    },
    finish: () => {
      writer.bits(0b011, 3);
      writeLiteral(endOfBlock);
      writer.align();
      return writer.take();
    },
  };
}

interface Matcher {
  /** A literal is its byte; a match is its length × 65536 + its distance. */
  tokens(data: Uint8Array): Uint32Array;
}

function createMatcher(): Matcher {
  const window = new Uint8Array(windowBytes + blockBytes);
  let history = 0;
  /** Position in the whole stream of the first byte of the window. */
  let base = 0;
  const head = new Int32Array(1 << hashBits).fill(-1);
  const previous = new Int32Array(windowBytes).fill(-1);
  const found = new Uint32Array(blockBytes);

  const hashAt = (at: number): number => {
    const word =
      (window[at] ?? 0) |
      ((window[at + 1] ?? 0) << 8) |
      ((window[at + 2] ?? 0) << 16) |
      ((window[at + 3] ?? 0) << 24);
    return Math.imul(word, 0x9e37_79b1) >>> (32 - hashBits);
  };
  /** Remembers the place and gives the last earlier one of the same hash, or -1. */
  const remember = (at: number): number => {
    const hash = hashAt(at);
    const earlier = head[hash] ?? -1;
    previous[(base + at) % windowBytes] = earlier;
    head[hash] = base + at;
    return earlier;
  };
  const lengthOf = (earlier: number, at: number, end: number): number => {
    const limit = Math.min(longestMatch, end - at);
    let length = 0;
    while (length < limit && window[earlier + length] === window[at + length]) length += 1;
    return length;
  };
  const bestMatch = (first: number, at: number, end: number): number => {
    let best = 0;
    let earlier = first;
    for (let left = tries; left > 0 && earlier >= 0; left -= 1) {
      const distance = base + at - earlier;
      if (distance > windowBytes) break;
      const length = lengthOf(earlier - base, at, end);
      // Of equal lengths the nearest wins: it came first and its code is shorter.
      if (length >= shortestMatch && length > best >> 16) best = (length << 16) | distance;
      if (best >> 16 === longestMatch) break;
      earlier = previous[earlier % windowBytes] ?? -1;
    }
    return best;
  };

  return {
    tokens: (data) => {
      window.set(data, history);
      const end = history + data.length;
      let count = 0;
      let at = history;
      while (at < end) {
        const isHashable = at + shortestMatch <= end;
        const match = isHashable ? bestMatch(remember(at), at, end) : 0;
        found[count] = match === 0 ? (window[at] ?? 0) : match;
        count += 1;
        const next = at + Math.max(1, match >> 16);
        for (at += 1; at < next; at += 1) if (at + shortestMatch <= end) remember(at);
      }
      const kept = Math.min(windowBytes, end);
      window.copyWithin(0, end - kept, end);
      base += end - kept;
      history = kept;
      return found.subarray(0, count);
    },
  };
}

interface BitWriter {
  bits(value: number, count: number): void;
  align(): void;
  /** The rest of a stored block: its length, the complement of that, its bytes. */
  stored(data: Uint8Array): void;
  take(): Uint8Array;
}

function createBitWriter(): BitWriter {
  // A block never costs more than stored; the rest is for headers and the bits of the block before.
  const buffer = new Uint8Array(blockBytes + 64);
  let length = 0;
  let pending = 0;
  let pendingBits = 0;
  const bits = (value: number, count: number): void => {
    pending |= value << pendingBits;
    pendingBits += count;
    while (pendingBits >= 8) {
      buffer[length] = pending & 0xff;
      length += 1;
      pending >>>= 8;
      pendingBits -= 8;
    }
  };
  const align = (): void => bits(0, (8 - pendingBits) % 8);
  return {
    bits,
    align,
    stored: (data) => {
      align();
      bits(data.length, 16);
      bits(data.length ^ 0xffff, 16);
      buffer.set(data, length);
      length += data.length;
    },
    take: () => {
      const taken = buffer.slice(0, length);
      length = 0;
      return taken;
    },
  };
}
