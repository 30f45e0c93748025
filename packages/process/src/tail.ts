/** Keeps the last bytes of a stream. */
export interface Tail {
  add(bytes: Uint8Array): void;
  /** As UTF-8; a character that was cut at the beginning is left out. */
  text(): string;
}

export function tailOf(maxBytes: number): Tail {
  let kept = Buffer.alloc(0);
  let isCut = false;
  return {
    add: (bytes) => {
      const all = Buffer.concat([kept, bytes]);
      isCut ||= all.length > maxBytes;
      kept = maxBytes === 0 ? Buffer.alloc(0) : all.subarray(Math.max(0, all.length - maxBytes));
    },
    text: () => (isCut ? kept.subarray(continuationBytes(kept)) : kept).toString('utf8'),
  };
}

/** How many bytes at the beginning belong to a character that began before it. */
function continuationBytes(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => (byte & 0b1100_0000) !== 0b1000_0000);
  return first === -1 ? 0 : Math.min(first, 3);
}
