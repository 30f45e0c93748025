import {
  AccessError,
  ConfigurationError,
  GatewrightError,
  InternalError,
  ServiceError,
} from '@gatewright/verdict';
import * as z from 'zod';

/** What an SDK error may carry; everything in it comes from the network. */
const sdkError = z.object({
  name: z.string(),
  message: z.string().default(''),
  code: z.string().optional(),
  $metadata: z
    .object({
      requestId: z.string().optional(),
      attempts: z.number().optional(),
      httpStatusCode: z.number().optional(),
    })
    .optional(),
});
type SdkError = z.infer<typeof sdkError>;

const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'Forbidden',
  'UnauthorizedOperation',
]);

const credentialTroubles = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);

const throttles = new Set([
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TooManyUpdates',
]);

const ourDefects = new Set(['InvalidParameters', 'SerializationException', 'ValidationException']);

/** The name that AWS gave to an error, or to the error that an error of ours was made from; empty when there is none. */
export function awsErrorName(error: unknown): string {
  const source = error instanceof GatewrightError ? error.cause : error;
  const parsed = sdkError.safeParse(source);
  return parsed.success ? parsed.data.name : '';
}

/**
 * The one mapping from what an AWS call threw to an error with a reason code.
 *
 * @param operation The API operation, such as `SendCommand`.
 * @param iamAction What the role needs for it, such as `ssm:SendCommand`.
 */
export function toGatewrightError(
  error: unknown,
  operation: string,
  iamAction: string,
): GatewrightError {
  if (error instanceof GatewrightError) return error;
  const parsed = sdkError.safeParse(error);
  if (!parsed.success) return new InternalError(`${operation}: ${String(error)}`, { cause: error });
  const sdk = parsed.data;
  const details = { checked: facts(sdk, operation), cause: error };
  if (refusals.has(sdk.name)) return refused(sdk, operation, iamAction, details);
  if (credentialTroubles.has(sdk.name)) return noCredentials(sdk, operation, details);
  if (throttles.has(sdk.name)) return throttled(operation, details);
  if (sdk.name.startsWith('InvalidDocument')) return badDocument(sdk, details);
  if (sdk.name === 'NoSuchBucket') {
    return new ConfigurationError('artifact-missing', `the artifact bucket does not exist`, {
      ...details,
      remedy: 'Create the bucket, or correct aws.artifact-bucket in policy.yml.',
    });
  }
  if (ourDefects.has(sdk.name)) {
    return new InternalError(`AWS does not accept our ${operation}: ${sdk.message}`, details);
  }
  return new ServiceError('service-error', `${operation} failed: ${sdk.name}: ${sdk.message}`, {
    ...details,
    remedy: 'Run again; if it persists, see the AWS Health Dashboard for this region.',
  });
}

interface Details {
  readonly checked: readonly string[];
  readonly cause: unknown;
}

function facts(sdk: SdkError, operation: string): string[] {
  const { requestId, attempts, httpStatusCode } = sdk.$metadata ?? {};
  return [
    `API call: ${operation}`,
    `answer of AWS: ${sdk.name}: ${sdk.message}`,
    ...(httpStatusCode === undefined ? [] : [`HTTP status: ${httpStatusCode}`]),
    ...(requestId === undefined ? [] : [`request id: ${requestId}`]),
    ...(attempts === undefined ? [] : [`attempts: ${attempts}`]),
  ];
}

function refused(
  sdk: SdkError,
  operation: string,
  iamAction: string,
  details: Details,
): GatewrightError {
  return new AccessError(
    'access-denied',
    `AWS refused ${operation}; the role of this job needs the IAM action ${iamAction}: ${sdk.message}`,
    {
      ...details,
      checked: [...details.checked, `IAM action needed: ${iamAction}`],
      remedy: `Allow ${iamAction} in the policy of the deploy role, and look for denials in its permissions boundary and in service control policies.`,
    },
  );
}

function noCredentials(sdk: SdkError, operation: string, details: Details): GatewrightError {
  return new AccessError(
    'access-denied',
    `no valid AWS credentials for ${operation}: ${sdk.name}`,
    {
      ...details,
      remedy:
        'Run aws-actions/configure-aws-credentials in this job before, with a session that lasts longer than the rollout, and give the job id-token: write.',
    },
  );
}

function throttled(operation: string, details: Details): GatewrightError {
  return new ServiceError(
    'throttled',
    `AWS throttled ${operation} until all retries were used up`,
    {
      ...details,
      remedy:
        'Run again when fewer deliveries and dashboards call this API, or ask AWS for a higher rate.',
    },
  );
}

function badDocument(sdk: SdkError, details: Details): GatewrightError {
  const changed = sdk.message.includes('hash');
  return new ConfigurationError(
    changed ? 'document-hash-mismatch' : 'document-missing',
    `SSM does not run the pinned document: ${sdk.message}`,
    {
      ...details,
      remedy:
        'Install the document that this release of Gatewright ships, or correct aws.document in policy.yml.',
    },
  );
}
