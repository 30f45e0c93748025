import { Buffer, isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Decodes UTF-8 that comes in pieces, cut anywhere. Both throw for bytes that are no UTF-8. */
export interface Utf8Decoder {
  decode(chunk: Uint8Array): string;
  /** After the last piece. */
  end(): string;
}

/**
 * A strict decoder, without a byte order mark at the start. Pieces of ASCII, which reports mostly are, are copied: a
 * streaming TextDecoder takes several times as long.
 */
export function utf8Decoder(): Utf8Decoder {
  let decoder: TextDecoder | undefined;
  let started = false;
  // The last piece may have ended inside a character, whose rest comes with the next one.
  let inside = false;
  return {
    decode: (chunk) => {
      if (!inside && isAscii(chunk)) {
        started ||= chunk.length > 0;
        return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
      }
      // Only at the very start are the bytes of a byte order mark one.
      decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: started });
      started = true;
      inside = (chunk.at(-1) ?? 0x80) >= 0x80;
      return decoder.decode(chunk, { stream: true });
    },
    end: () => decoder?.decode() ?? '',
  };
}
