import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createIdentities } from './identities.ts';
import { checkSignature } from './signature.ts';
import type { WireRequest } from './signature.ts';

// The examples of AWS's own documentation ("Signature Calculations for the Authorization Header", "Authenticating
// Requests: Using Query Parameters").
const identities = createIdentities('123456789012', [
  {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    user: 'example',
    policy: [],
  },
]);
const scope = { service: 's3', region: 'us-east-1' };
const then = Date.parse('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';
const header: WireRequest = {
  method: 'GET',
  path: '/test.txt',
  query: new URLSearchParams(),
  headers: {
    host,
    range: 'bytes=0-9',
    'x-amz-content-sha256': createHash('sha256').digest('hex'),
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  body: Buffer.alloc(0),
};
const presigned: WireRequest = {
  ...header,
  query: new URLSearchParams(
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  ),
  headers: { host },
};
const problemOf = (request: WireRequest, now = then, expected = scope): string => {
  const check = checkSignature(request, identities, expected, now);
  return check.kind === 'refused' ? check.problem : '';
};

describe('a signature', () => {
  it('is good in the header and in the query, as in AWS documentation', () => {
    expect(problemOf(header)).toBe('');
    expect(problemOf(presigned)).toBe('');
    expect(problemOf(presigned, then + 86_400_000)).toBe('');
  });

  it.each<[string, string, WireRequest]>([
    ['another path', 'wrong-signature', { ...header, path: '/other.txt' }],
    ['another method', 'wrong-signature', { ...presigned, method: 'PUT' }],
    ['another body', 'wrong-signature', { ...header, body: Buffer.from('x') }],
    ['no signature', 'missing', { ...header, headers: { host } }],
    [
      'a session token that nobody gave out',
      'unknown-key',
      { ...header, headers: { ...header.headers, 'x-amz-security-token': 'x' } },
    ],
  ])('is refused for %s: %s', (_, problem, request) => {
    expect(problemOf(request)).toBe(problem);
  });

  it('is refused when it is too old, or for another service or region', () => {
    expect(problemOf(header, then + 16 * 60_000)).toBe('skewed');
    expect(problemOf(presigned, then + 86_401_000)).toBe('skewed');
    expect(problemOf(header, then, { ...scope, service: 'ssm' })).toBe('wrong-scope');
    expect(problemOf(header, then, { ...scope, region: 'eu-west-1' })).toBe('wrong-scope');
  });
});
