import { AwsError, validationError } from './errors.ts';
import { authorise } from './iam.ts';
import type { Principal } from './iam.ts';
import { summary } from './journal.ts';
import { s3Error } from './s3.ts';
import type { S3, S3Answer } from './s3.ts';
import { loadServiceModel } from './service-model.ts';
import type { SignatureProblem, WireRequest } from './signature.ts';
import type { Operations } from './ssm/operation.ts';
import { stsError } from './sts.ts';
import type { Sts } from './sts.ts';

export type Answer = S3Answer;

/** One AWS service as it looks on the wire. */
export interface WireService {
  readonly name: 'ssm' | 'sts' | 's3';
  /** Region that a signature must name; `*` for any. */
  readonly region: string;
  readonly operationOf: (request: WireRequest) => string;
  readonly isUnsigned: (operation: string) => boolean;
  readonly describe: (request: WireRequest) => Record<string, unknown>;
  readonly run: (
    operation: string,
    request: WireRequest,
    caller: Principal | undefined,
  ) => Answer | Promise<Answer>;
  readonly signatureError: (problem: SignatureProblem, detail: string) => AwsError;
  readonly renderError: (error: AwsError, request: WireRequest, requestId: string) => Answer;
}

function parseBody(request: WireRequest): object {
  const text = request.body.toString('utf8');
  const value: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new AwsError('SerializationException', 'The request is not a JSON object.');
}

function readBody(request: WireRequest): object {
  try {
    return parseBody(request);
  } catch {
    throw new AwsError('SerializationException', 'The request is not a JSON object.');
  }
}

function describeBody(request: WireRequest): Record<string, unknown> {
  try {
    return summary(parseBody(request));
  } catch {
    return {};
  }
}

const json = (status: number, value: object): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(value),
});
const xml = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});

const ssmProblems: Readonly<Record<SignatureProblem, [code: string, message: string]>> = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  'unknown-key': [
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ],
  expired: ['ExpiredTokenException', 'The security token included in the request is expired'],
  'wrong-signature': [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ],
  skewed: ['InvalidSignatureException', 'Signature expired.'],
  'wrong-scope': ['InvalidSignatureException', ''],
};
const stsProblems: typeof ssmProblems = {
  missing: ['MissingAuthenticationToken', 'Request is missing Authentication Token'],
  'unknown-key': ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
  expired: ['ExpiredToken', 'The security token included in the request is expired'],
  'wrong-signature': [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
  ],
  skewed: ['SignatureDoesNotMatch', 'Signature expired.'],
  'wrong-scope': ['SignatureDoesNotMatch', ''],
};
const s3Problems: typeof ssmProblems = {
  missing: ['AccessDenied', 'Access Denied'],
  'unknown-key': [
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  expired: ['ExpiredToken', 'The provided token has expired.'],
  'wrong-signature': stsProblems['wrong-signature'],
  skewed: ['AccessDenied', 'Request has expired'],
  'wrong-scope': ['AuthorizationHeaderMalformed', ''],
};

function problemTable(table: typeof ssmProblems, status: number): WireService['signatureError'] {
  return (problem, detail) => {
    const [code, message] = table[problem];
    return new AwsError(code, message === '' ? detail : message, status);
  };
}

/** SSM: JSON 1.1, every request and every answer checked against the service model. */
export function ssmService(operations: Operations, region: string): WireService {
  const model = loadServiceModel('ssm');
  return {
    name: 'ssm',
    region,
    operationOf: (request) => (request.headers['x-amz-target'] ?? '').replace('AmazonSSM.', ''),
    isUnsigned: () => false,
    describe: describeBody,
    run: async (operation, request, caller) => {
      const handler = operations[operation];
      if (handler === undefined || caller === undefined || !model.has(operation)) {
        throw new AwsError('UnknownOperationException', `The emulator does not know ${operation}.`);
      }
      const body = readBody(request);
      const problems = model.inputProblems(operation, body);
      if (problems.length > 0) throw validationError(problems);
      authorise(caller, `ssm:${operation}`, handler.resources(body));
      const result = await handler.run(body, caller);
      const defects = model.outputProblems(operation, result);
      if (defects.length > 0) {
        throw new Error(`The emulated answer breaks AWS's model: ${defects.join('; ')}`);
      }
      return json(200, result);
    },
    signatureError: problemTable(ssmProblems, 400),
    renderError: ({ code, message, statusCode }) =>
      json(statusCode, { __type: code, [model.messageMember(code)]: message }),
  };
}

function formOf({ body }: WireRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

/** STS: the Query API. */
export function stsService(sts: Sts): WireService {
  return {
    name: 'sts',
    region: '*',
    operationOf: (request) => formOf(request).get('Action') ?? '',
    isUnsigned: sts.isUnsigned,
    describe: (request) => {
      const { WebIdentityToken: _token, ...rest } = Object.fromEntries(formOf(request));
      return summary(rest);
    },
    run: async (operation, request, caller) =>
      xml(200, await sts.run(operation, formOf(request), caller)),
    signatureError: problemTable(stsProblems, 403),
    renderError: (error, _request, requestId) => xml(error.statusCode, stsError(error, requestId)),
  };
}

/** S3: REST with XML errors. */
export function s3Service(s3: S3): WireService {
  return {
    name: 's3',
    region: '*',
    operationOf: s3.operationOf,
    isUnsigned: () => false,
    describe: ({ path, headers }) => ({
      path: decodeURIComponent(path),
      ...(headers['if-none-match'] !== undefined && { ifNoneMatch: headers['if-none-match'] }),
    }),
    run: (_operation, request, caller) => {
      if (caller === undefined) throw new AwsError('AccessDenied', 'Access Denied', 403);
      return s3.run(request, caller);
    },
    signatureError: problemTable(s3Problems, 403),
    renderError: (error, { method, path }, requestId) => ({
      status: error.statusCode,
      headers: { 'content-type': 'application/xml' },
      body: method === 'HEAD' ? '' : s3Error(error, path, requestId),
    }),
  };
}
