import { createHash } from 'node:crypto';
import { AwsError } from './errors.ts';
import type { WireRequest } from './signature.ts';

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(data: Buffer): string {
  let crc = 0xffffffff;
  for (const byte of data) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  const result = Buffer.alloc(4);
  result.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return result.toString('base64');
}

const digest = (algorithm: string) => (data: Buffer) =>
  createHash(algorithm).update(data).digest('base64');

const checksums: Readonly<Record<string, (data: Buffer) => string>> = {
  'x-amz-checksum-crc32': crc32,
  'x-amz-checksum-sha1': digest('sha1'),
  'x-amz-checksum-sha256': digest('sha256'),
  'content-md5': digest('md5'),
};

/** What a client uploaded, with the headers that came before it and the trailers that came after. */
export interface Upload {
  readonly data: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes apart the transfer form `aws-chunked`: sized chunks, perhaps signed, then trailers. */
function unchunk(body: Buffer): { data: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    const size = Number.parseInt(body.toString('latin1', position, lineEnd), 16);
    if (lineEnd < 0 || Number.isNaN(size)) {
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    }
    position = lineEnd + 2;
    if (size === 0) break;
    chunks.push(body.subarray(position, position + size));
    position += size + 2;
  }
  const trailers = body
    .toString('latin1', position)
    .split('\r\n')
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
    });
  return { data: Buffer.concat(chunks), trailers: Object.fromEntries(trailers) };
}

/** The object in a PUT request. Throws BadDigest when a checksum that came with it does not fit. */
export function readUpload(request: WireRequest): Upload {
  const encoding = request.headers['content-encoding'] ?? '';
  const streaming = (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const chunked = streaming || encoding.split(',').includes('aws-chunked');
  const { data, trailers } = chunked ? unchunk(request.body) : { data: request.body, trailers: {} };
  const headers: Record<string, string> = { ...request.headers, ...trailers };
  for (const [name, compute] of Object.entries(checksums)) {
    if (headers[name] !== undefined && headers[name] !== compute(data)) {
      throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
    }
  }
  return { data, headers };
}
