import { createHash } from 'node:crypto';
import { AwsError } from './errors.ts';
import { isAllowed } from './iam.ts';
import type { Principal } from './iam.ts';
import { readUpload } from './s3-body.ts';
import type { WireRequest } from './signature.ts';
import { xmlDocument } from './xml.ts';

interface StoredObject {
  readonly data: Buffer;
  readonly etag: string;
  readonly modified: Date;
  /** Content type, checksums and user metadata, as they came. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** An S3 that knows whole objects: put, get, head; path style. */
export interface S3 {
  readonly operationOf: (request: WireRequest) => string;
  readonly run: (request: WireRequest, caller: Principal) => S3Answer;
  /** Keys of a bucket. */
  readonly keys: (bucket: string) => readonly string[];
  readonly clear: () => void;
}

function split(path: string): { bucket: string; key: string } {
  const [, bucket = '', ...key] = decodeURIComponent(path).split('/');
  return { bucket, key: key.join('/') };
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) =>
        name === 'content-type' || /^x-amz-(?:meta-|checksum-(?!mode|algorithm))/u.test(name),
    ),
  );
}

function notFound(code: 'NoSuchKey' | 'NoSuchBucket'): AwsError {
  const what = code === 'NoSuchKey' ? 'key' : 'bucket';
  return new AwsError(code, `The specified ${what} does not exist.`, 404);
}

function accessDenied(caller: Principal, action: string, resource: string): AwsError {
  return new AwsError(
    'AccessDenied',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}" because no identity-based policy allows the ${action} action`,
    403,
  );
}

function selectRange(
  data: Buffer,
  range: string | undefined,
): { from: number; to: number } | undefined {
  const match = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '');
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Math.min(match[2] === '' ? Infinity : Number(match[2]), data.length - 1);
  if (from > to) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { from, to };
}

function deliver(object: StoredObject, request: WireRequest): S3Answer {
  const withChecksums = request.headers['x-amz-checksum-mode'] === 'ENABLED';
  const range = selectRange(object.data, request.headers['range']);
  const stored = Object.entries(object.headers).filter(
    // A checksum of the whole would be a lie about a part.
    ([name]) => !name.startsWith('x-amz-checksum-') || (withChecksums && range === undefined),
  );
  const data = range === undefined ? object.data : object.data.subarray(range.from, range.to + 1);
  const headers = {
    ...Object.fromEntries(stored),
    etag: object.etag,
    'last-modified': object.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': String(data.length),
    ...(range !== undefined && {
      'content-range': `bytes ${range.from}-${range.to}/${object.data.length}`,
    }),
  };
  const body = request.method === 'HEAD' ? '' : data;
  return { status: range === undefined ? 200 : 206, headers, body };
}

export function s3Error(error: AwsError, path: string, requestId: string): string {
  return xmlDocument('Error', [
    ['Code', error.code],
    ['Message', error.message],
    ['Resource', path],
    ['RequestId', requestId],
  ]);
}

/** Buckets by name; `seeded` ones are all there are, otherwise a bucket comes to be with its first object. */
interface Buckets {
  readonly seeded: readonly string[] | undefined;
  readonly map: Map<string, Map<string, StoredObject>>;
}

function objectsForPut({ seeded, map }: Buckets, bucket: string): Map<string, StoredObject> {
  const known = map.get(bucket);
  if (known !== undefined) return known;
  if (seeded !== undefined) throw notFound('NoSuchBucket');
  const made = new Map<string, StoredObject>();
  map.set(bucket, made);
  return made;
}

function put(buckets: Buckets, request: WireRequest, caller: Principal): S3Answer {
  const { bucket, key } = split(request.path);
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  const objects = objectsForPut(buckets, bucket);
  if (isAllowed(caller.policy, 's3:PutObject', resource) !== 'allowed') {
    throw accessDenied(caller, 's3:PutObject', resource);
  }
  const condition = request.headers['if-none-match'];
  if (condition !== undefined && condition !== '*') {
    throw new AwsError('NotImplemented', 'If-None-Match of a put takes only "*".', 501);
  }
  const upload = readUpload(request);
  if (condition === '*' && objects.has(key)) {
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  }
  const etag = `"${createHash('md5').update(upload.data).digest('hex')}"`;
  const headers = keptHeaders(upload.headers);
  objects.set(key, { data: upload.data, etag, modified: new Date(), headers });
  const checksums = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-checksum-'));
  return { status: 200, headers: { etag, ...Object.fromEntries(checksums) }, body: '' };
}

function get(buckets: Buckets, request: WireRequest, caller: Principal): S3Answer {
  const { bucket, key } = split(request.path);
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  const objects = buckets.map.get(bucket);
  if (objects === undefined) throw notFound('NoSuchBucket');
  if (isAllowed(caller.policy, 's3:GetObject', resource) !== 'allowed') {
    throw accessDenied(caller, 's3:GetObject', resource);
  }
  const object = objects.get(key);
  if (object !== undefined) return deliver(object, request);
  // Whoever may not list a bucket does not learn that a key is missing.
  const listed = `arn:aws:s3:::${bucket}`;
  throw isAllowed(caller.policy, 's3:ListBucket', listed) === 'allowed'
    ? notFound('NoSuchKey')
    : accessDenied(caller, 's3:ListBucket', listed);
}

function operationOf({ method, path, query }: WireRequest): string {
  const { bucket, key } = split(path);
  const multipart = ['uploads', 'uploadId'].some((name) => query.has(name));
  const verb = { GET: 'Get', HEAD: 'Head', PUT: 'Put', DELETE: 'Delete', POST: 'Post' }[method];
  if (verb === undefined || bucket === '' || multipart) return `${method} ${path}`;
  if (key !== '') return `${verb}Object`;
  return verb === 'Put' ? 'CreateBucket' : `${verb}Bucket`;
}

function run(buckets: Buckets, request: WireRequest, caller: Principal): S3Answer {
  const { bucket } = split(request.path);
  switch (operationOf(request)) {
    case 'PutObject':
      return put(buckets, request, caller);
    case 'GetObject':
    case 'HeadObject':
      return get(buckets, request, caller);
    case 'CreateBucket':
      if (!buckets.map.has(bucket)) buckets.map.set(bucket, new Map());
      return { status: 200, headers: { location: `/${bucket}` }, body: '' };
    case 'HeadBucket':
      if (!buckets.map.has(bucket)) throw notFound('NoSuchBucket');
      return { status: 200, headers: {}, body: '' };
    default:
      throw new AwsError(
        'NotImplemented',
        'A header or query you provided implies functionality that the emulator does not have.',
        501,
      );
  }
}

export function createS3(seeded: readonly string[] | undefined): S3 {
  const buckets: Buckets = { seeded, map: new Map() };
  const clear = (): void => {
    buckets.map.clear();
    for (const name of seeded ?? []) buckets.map.set(name, new Map());
  };
  clear();
  return {
    operationOf,
    run: (request, caller) => run(buckets, request, caller),
    keys: (bucket) => [...(buckets.map.get(bucket)?.keys() ?? [])],
    clear,
  };
}
