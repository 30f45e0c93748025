import { createHash } from 'node:crypto';
import { ReportError } from './report-error.ts';
import { utf8Decoder } from './utf8.ts';

/** A report before it is read. */
export interface ReportSource {
  /** As users know it: relative to the root of the repository if it is inside. */
  readonly path: string;
  /** The content from the start, in pieces of any size; each holds until the next one is asked for. Can be called once. */
  open(): AsyncIterable<Uint8Array>;
}

/** What is known of the bytes when all were read. */
export interface ReportBytes {
  readonly bytes: number;
  readonly sha256: string;
}

/** Decodes as it goes, and keeps count of the bytes. Call `sum` after the last piece. */
export interface TextStream {
  readonly pieces: AsyncIterable<string>;
  sum(): ReportBytes;
}

/**
 * The text of a report, piece by piece.
 * @throws {@link ReportError} `report-encoding` for bytes that are not UTF-8, `report-empty` when there is nothing but
 * white space.
 */
export function openText(source: ReportSource): TextStream {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pieces(): AsyncGenerator<string> {
    const decoder = utf8Decoder();
    let blank = true;
    const decode = (chunk?: Uint8Array): string => {
      try {
        return chunk === undefined ? decoder.end() : decoder.decode(chunk);
      } catch {
        throw new ReportError('report-encoding', source.path, 'not UTF-8 text', {
          byte: Math.max(0, bytes - (chunk?.length ?? 0)),
        });
      }
    };
    for await (const chunk of source.open()) {
      if (bytes === 0) refuseWideText(source.path, chunk);
      hash.update(chunk);
      bytes += chunk.length;
      const text = decode(chunk);
      blank &&= text.trim() === '';
      if (text !== '') yield text;
    }
    const rest = decode();
    if (rest !== '') yield rest;
    if (blank) throw new ReportError('report-empty', source.path, `no content (${bytes} bytes)`);
  }
  return { pieces: pieces(), sum: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** What a Windows shell writes when output is redirected; it would otherwise be called binary. */
function refuseWideText(path: string, chunk: Uint8Array): void {
  const [first, second] = chunk;
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!wide) return;
  throw new ReportError('report-encoding', path, 'UTF-16 text; write the report as UTF-8', {
    byte: 0,
  });
}
