import * as z from 'zod';
import { AwsError } from './errors.ts';
import { matchesWildcard } from './iam.ts';
import type { Principal } from './iam.ts';
import type { Identities } from './identities.ts';
import type { RoleOptions } from './options.ts';
import { loadServiceModel } from './service-model.ts';
import type { ServiceModel } from './service-model.ts';
import { verifyWebIdentity } from './web-identity.ts';
import type { IdentityProvider } from './web-identity.ts';
import { xmlDocument } from './xml.ts';
import type { XmlContent } from './xml.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const longestSession = 3600;
const assumeRequest = z.object({
  RoleArn: z.string(),
  RoleSessionName: z.string(),
  WebIdentityToken: z.string(),
  DurationSeconds: z.number().default(longestSession),
});

export interface StsOptions {
  readonly accountId: string;
  readonly identities: Identities;
  readonly roles: readonly RoleOptions[];
  readonly provider: IdentityProvider | undefined;
}

/** The Query API of the Security Token Service. */
export interface Sts {
  /** Whether the operation needs no signature. */
  readonly isUnsigned: (operation: string) => boolean;
  readonly run: (
    operation: string,
    form: URLSearchParams,
    caller: Principal | undefined,
  ) => Promise<string>;
}

function requestOf(form: URLSearchParams): Record<string, string | number> {
  return Object.fromEntries(
    [...form]
      .filter(([name]) => name !== 'Action' && name !== 'Version')
      .map(([name, value]) => [name, name === 'DurationSeconds' ? Number(value) : value]),
  );
}

export function stsError(error: AwsError, requestId: string): string {
  const content: XmlContent = [
    [
      'Error',
      [
        ['Type', error.statusCode < 500 ? 'Sender' : 'Receiver'],
        ['Code', error.code],
        ['Message', error.message],
      ],
    ],
    ['RequestId', requestId],
  ];
  return xmlDocument('ErrorResponse', content, namespace);
}

function answer(operation: string, result: XmlContent): string {
  return xmlDocument(`${operation}Response`, [[`${operation}Result`, result]], namespace);
}

async function assumeRole(raw: unknown, options: StsOptions): Promise<string> {
  const { accountId, identities, roles, provider } = options;
  const request = assumeRequest.parse(raw);
  if (request.DurationSeconds > longestSession) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  const identity = await verifyWebIdentity(request.WebIdentityToken, provider, Date.now());
  const role = roles.find(
    ({ name }) => request.RoleArn === `arn:aws:iam::${accountId}:role/${name}`,
  );
  // AWS does not tell a missing role from one that does not trust the token.
  if (!role?.trust.subjects.some((pattern) => matchesWildcard(pattern, identity.subject))) {
    throw new AwsError(
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      403,
    );
  }
  const expires = Date.now() + request.DurationSeconds * 1000;
  const session = identities.openSession({
    role: role.name,
    session: request.RoleSessionName,
    policy: role.policy,
    expires,
  });
  const issuer = identity.issuer.replace(/^https?:\/\//u, '');
  return answer('AssumeRoleWithWebIdentity', [
    ['SubjectFromWebIdentityToken', identity.subject],
    ['Audience', identity.audience],
    [
      'AssumedRoleUser',
      [
        ['Arn', session.principal.arn],
        ['AssumedRoleId', session.principal.userId],
      ],
    ],
    [
      'Credentials',
      [
        ['AccessKeyId', session.accessKeyId],
        ['SecretAccessKey', session.secretAccessKey],
        ['SessionToken', session.sessionToken],
        ['Expiration', new Date(expires).toISOString()],
      ],
    ],
    ['Provider', `arn:aws:iam::${accountId}:oidc-provider/${issuer}`],
  ]);
}

function checkRequest(model: ServiceModel, operation: string, request: object): void {
  if (!model.has(operation)) {
    throw new AwsError(
      'InvalidAction',
      `Could not find operation ${operation} for version 2011-06-15`,
    );
  }
  const problems = model.inputProblems(operation, request);
  if ('Policy' in request || 'PolicyArns' in request) {
    problems.push('The emulator does not know session policies.');
  }
  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
    throw new AwsError('ValidationError', `${count}: ${problems.join('; ')}`);
  }
}

export function createSts(options: StsOptions): Sts {
  const model = loadServiceModel('sts');
  return {
    isUnsigned: (operation) => operation === 'AssumeRoleWithWebIdentity',
    run: async (operation, form, caller) => {
      const request = requestOf(form);
      checkRequest(model, operation, request);
      if (operation === 'AssumeRoleWithWebIdentity') return assumeRole(request, options);
      return answer('GetCallerIdentity', [
        ['Arn', caller?.arn ?? ''],
        ['UserId', caller?.userId ?? ''],
        ['Account', options.accountId],
      ]);
    },
  };
}
