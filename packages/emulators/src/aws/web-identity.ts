import { createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from './errors.ts';

const headerSchema = z.object({ alg: z.string(), kid: z.string().optional() });
const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
});
const jwksSchema = z.object({
  keys: z.array(
    z.object({ kty: z.string(), kid: z.string().optional(), n: z.string(), e: z.string() }),
  ),
});

/** The claims of a web identity token whose signature is good. */
export interface WebIdentity {
  readonly subject: string;
  readonly audience: string;
  readonly issuer: string;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly audience: string;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message);
}

function decode<S extends z.ZodType>(schema: S, part: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
}

async function fetchKeys(issuer: string): Promise<z.infer<typeof jwksSchema>['keys']> {
  try {
    const response = await fetch(`${issuer}/.well-known/jwks`);
    return jwksSchema.parse(await response.json()).keys;
  } catch {
    throw new AwsError(
      'IDPCommunicationError',
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
}

function checkClaims(
  claims: z.infer<typeof claimsSchema>,
  provider: IdentityProvider,
  now: number,
): WebIdentity {
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (!audiences.includes(provider.audience)) throw invalid('Incorrect token audience');
  if (claims.exp * 1000 <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration date/time ${claims.exp}`,
    );
  }
  if (claims.nbf !== undefined && claims.nbf * 1000 > now + 60_000) {
    throw invalid('Token is not yet valid.');
  }
  return { subject: claims.sub, audience: provider.audience, issuer: claims.iss };
}

/** Checks an OIDC token (RS256) against the keys that its issuer publishes. Throws AwsError as STS does. */
export async function verifyWebIdentity(
  token: string,
  provider: IdentityProvider | undefined,
  now: number,
): Promise<WebIdentity> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decode(headerSchema, head);
  const claims = decode(claimsSchema, body);
  if (provider === undefined || claims.iss !== provider.issuer) {
    throw invalid(`No OpenIDConnect provider found in your account for ${claims.iss}`);
  }
  if (header.alg !== 'RS256') throw invalid(`Unsupported token algorithm ${header.alg}`);
  const keys = await fetchKeys(provider.issuer);
  const key = keys.find(({ kid }) => kid === header.kid);
  const good =
    key !== undefined &&
    verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      createPublicKey({ key: { kty: key.kty, n: key.n, e: key.e }, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
  if (!good) throw invalid('Provided Token signature is invalid');
  return checkClaims(claims, provider, now);
}
