/** The code tables of DEFLATE (RFC 1951, 3.2.5 and 3.2.6), computed once when they are first needed. */
export interface DeflateCodes {
  /** By literal or length symbol: the fixed Huffman code, its bits in the order in which they are sent. */
  readonly literalCode: Uint16Array;
  readonly literalBits: Uint8Array;
  /** By match length: its symbol, and how many extra bits with which value follow. */
  readonly lengthSymbol: Uint16Array;
  readonly lengthExtraBits: Uint8Array;
  readonly lengthExtra: Uint8Array;
  /** By distance: the index of its code. */
  readonly distanceIndex: Uint8Array;
  readonly distanceBase: readonly number[];
  readonly distanceExtraBits: readonly number[];
}

export const windowBytes = 32_768;
export const longestMatch = 258;
/** Shorter ones exist, but are not worth their code under the fixed tables. */
export const shortestMatch = 4;
export const endOfBlock = 256;

export function deflateCodes(): DeflateCodes {
  return { ...literals(), ...lengths(), ...distances() };
}

/** Huffman codes are sent with their most significant bit first, everything else with its least significant one. */
export function reverseBits(value: number, count: number): number {
  let reversed = 0;
  for (let bit = 0; bit < count; bit += 1) reversed |= ((value >> bit) & 1) << (count - 1 - bit);
  return reversed;
}

function literals(): Pick<DeflateCodes, 'literalCode' | 'literalBits'> {
  const literalCode = new Uint16Array(288);
  const literalBits = new Uint8Array(288);
  const ranges = [
    { first: 0, last: 143, bits: 8, code: 0b0011_0000 },
    { first: 144, last: 255, bits: 9, code: 0b1_1001_0000 },
    { first: 256, last: 279, bits: 7, code: 0 },
    { first: 280, last: 287, bits: 8, code: 0b1100_0000 },
  ];
  for (const { first, last, bits, code } of ranges) {
    for (let symbol = first; symbol <= last; symbol += 1) {
      literalBits[symbol] = bits;
      literalCode[symbol] = reverseBits(code + symbol - first, bits);
    }
  }
  return { literalCode, literalBits };
}

function lengths(): Pick<DeflateCodes, 'lengthSymbol' | 'lengthExtraBits' | 'lengthExtra'> {
  const lengthSymbol = new Uint16Array(longestMatch + 1);
  const lengthExtraBits = new Uint8Array(longestMatch + 1);
  const lengthExtra = new Uint8Array(longestMatch + 1);
  let length = 3;
  for (let symbol = 257; symbol < 285; symbol += 1) {
    const bits = Math.max(0, ((symbol - 257) >> 2) - 1);
    for (let extra = 0; extra < 1 << bits && length < longestMatch; extra += 1) {
      lengthSymbol[length] = symbol;
      lengthExtraBits[length] = bits;
      lengthExtra[length] = extra;
      length += 1;
    }
  }
  lengthSymbol[longestMatch] = 285;
  return { lengthSymbol, lengthExtraBits, lengthExtra };
}

function distances(): Pick<DeflateCodes, 'distanceIndex' | 'distanceBase' | 'distanceExtraBits'> {
  const distanceIndex = new Uint8Array(windowBytes + 1);
  const distanceBase: number[] = [];
  const distanceExtraBits: number[] = [];
  let distance = 1;
  for (let index = 0; index < 30; index += 1) {
    const bits = Math.max(0, (index >> 1) - 1);
    distanceBase.push(distance);
    distanceExtraBits.push(bits);
    distanceIndex.fill(index, distance, distance + (1 << bits));
    distance += 1 << bits;
  }
  return { distanceIndex, distanceBase, distanceExtraBits };
}
