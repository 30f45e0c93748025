import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials, Identities } from './identities.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type SignatureProblem =
  'missing' | 'unknown-key' | 'expired' | 'wrong-signature' | 'skewed' | 'wrong-scope';
export type SignatureCheck =
  | { readonly kind: 'signed'; readonly credentials: Credentials }
  | { readonly kind: 'refused'; readonly problem: SignatureProblem; readonly detail: string };

/** What a credential scope must name. */
export interface ExpectedScope {
  readonly service: string;
  /** `*` takes any. */
  readonly region: string;
}

interface Claim {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly token: string | undefined;
  readonly payloadHash: string;
  /** Milliseconds; how long after its date the request is good. */
  readonly lifetime: number;
  readonly presigned: boolean;
}

const clockTolerance = 15 * 60_000;
const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest();

function headerClaim(request: WireRequest): Claim | undefined {
  const { authorization } = request.headers;
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=(\w+)$/u.exec(
      authorization ?? '',
    );
  if (parts === null) return undefined;
  const [, credential = '', signedHeaders = '', signature = ''] = parts;
  return {
    credential,
    signedHeaders,
    signature,
    date: request.headers['x-amz-date'] ?? '',
    token: request.headers['x-amz-security-token'],
    payloadHash: request.headers['x-amz-content-sha256'] ?? sha256(request.body),
    lifetime: clockTolerance,
    presigned: false,
  };
}

function queryClaim({ query }: WireRequest): Claim | undefined {
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return undefined;
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    token: query.get('X-Amz-Security-Token') ?? undefined,
    payloadHash: 'UNSIGNED-PAYLOAD',
    lifetime: Number(query.get('X-Amz-Expires') ?? '0') * 1000,
    presigned: true,
  };
}

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

function canonicalRequest(request: WireRequest, claim: Claim): string {
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const names = claim.signedHeaders.split(';');
  const headers = names.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/gu, ' ')}\n`,
  );
  return [
    request.method,
    request.path,
    query,
    headers.join(''),
    claim.signedHeaders,
    claim.payloadHash,
  ].join('\n');
}

function sign(request: WireRequest, claim: Claim, secret: string, scope: string): string {
  const key = scope
    .split('/')
    .reduce<Buffer | string>((signing, part) => hmac(signing, part), `AWS4${secret}`);
  const text = ['AWS4-HMAC-SHA256', claim.date, scope, sha256(canonicalRequest(request, claim))];
  return hmac(key, text.join('\n')).toString('hex');
}

function parseDate(date: string): number {
  const plain = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(plain);
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(problem: SignatureProblem, detail: string): SignatureCheck {
  return { kind: 'refused', problem, detail };
}

function scopeProblem(
  scope: readonly string[],
  expected: ExpectedScope,
): SignatureCheck | undefined {
  const [, region = '', service = ''] = scope;
  if (service !== expected.service) {
    const wanted = `Credential should be scoped to correct service: '${expected.service}'.`;
    return refuse('wrong-scope', wanted);
  }
  if (expected.region !== '*' && region !== expected.region) {
    const wrong = `Credential should be scoped to a valid region, not '${region}'.`;
    return refuse('wrong-scope', wrong);
  }
  return undefined;
}

function timeProblem(
  claim: Claim,
  credentials: Credentials,
  now: number,
): SignatureCheck | undefined {
  if (credentials.expires !== undefined && credentials.expires <= now) {
    return refuse('expired', 'The session has expired.');
  }
  const age = now - parseDate(claim.date);
  const good = age >= -clockTolerance && age <= claim.lifetime;
  return good ? undefined : refuse('skewed', `Signed at ${claim.date}.`);
}

function signatureIsGood(
  request: WireRequest,
  claim: Claim,
  secret: string,
  scope: string,
): boolean {
  if (!equal(sign(request, claim, secret, scope), claim.signature)) return false;
  // A hash of the body, where one was signed, must be that of this body.
  const declared = claim.presigned ? '' : claim.payloadHash;
  return !/^[0-9a-f]{64}$/u.test(declared) || declared === sha256(request.body);
}

/** Checks AWS Signature Version 4 of a request, in its header or (presigned) in its query. */
export function checkSignature(
  request: WireRequest,
  identities: Identities,
  expected: ExpectedScope,
  now: number,
): SignatureCheck {
  const claim = headerClaim(request) ?? queryClaim(request);
  if (claim === undefined) return refuse('missing', 'The request is not signed.');
  const [accessKeyId = '', ...scope] = claim.credential.split('/');
  const credentials = identities.find(accessKeyId);
  if (credentials === undefined || credentials.sessionToken !== claim.token) {
    return refuse('unknown-key', accessKeyId);
  }
  const problem = scopeProblem(scope, expected) ?? timeProblem(claim, credentials, now);
  if (problem !== undefined) return problem;
  return signatureIsGood(request, claim, credentials.secretAccessKey, scope.join('/'))
    ? { kind: 'signed', credentials }
    : refuse('wrong-signature', 'The signature does not match.');
}
