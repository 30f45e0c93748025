import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './errors.ts';
import type { FaultBook } from './faults.ts';
import type { Principal } from './iam.ts';
import type { Identities } from './identities.ts';
import type { CallRecord } from './journal.ts';
import type { Answer, WireService } from './services.ts';
import { checkSignature } from './signature.ts';
import type { WireRequest } from './signature.ts';

const largestBody = 512 * 1024 * 1024;

export interface ServerOptions {
  readonly services: Readonly<Record<'ssm' | 'sts' | 's3', WireService>>;
  readonly identities: Identities;
  readonly faults: FaultBook;
  readonly record: (call: CallRecord) => void;
}

export interface Server {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function readWire(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > largestBody) throw new AwsError('EntityTooLarge', 'The body is too large.');
    chunks.push(chunk);
  }
  const [path = '/', query = ''] = (message.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value ?? '')]),
  );
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
  };
}

function route(request: WireRequest, { services }: ServerOptions): WireService {
  if ((request.headers['x-amz-target'] ?? '').startsWith('AmazonSSM.')) return services.ssm;
  const form = (request.headers['content-type'] ?? '').startsWith(
    'application/x-www-form-urlencoded',
  );
  return form && request.path === '/' ? services.sts : services.s3;
}

function send(response: ServerResponse, answer: Answer, requestId: string): void {
  response.writeHead(answer.status, {
    'content-length': String(Buffer.byteLength(answer.body)),
    ...answer.headers,
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
  });
  response.end(answer.body);
}

function identify(
  service: WireService,
  operation: string,
  request: WireRequest,
  identities: Identities,
): Principal | undefined {
  if (service.isUnsigned(operation)) return undefined;
  const expected = { service: service.name, region: service.region };
  const check = checkSignature(request, identities, expected, Date.now());
  if (check.kind === 'refused') throw service.signatureError(check.problem, check.detail);
  return check.credentials.principal;
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalServerError', `A defect of the emulator: ${detail}`, 500);
}

async function answerCall(
  request: WireRequest,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const service = route(request, options);
  const operation = service.operationOf(request);
  const requestId = randomUUID();
  const time = new Date().toISOString();
  let caller: Principal | undefined;
  const note = (errorCode?: string): void =>
    options.record({
      time,
      service: service.name,
      operation,
      caller: caller?.arn ?? '',
      ...(errorCode !== undefined && { errorCode }),
      parameters: service.describe(request),
    });
  const breakOff = (): void => {
    note('connection-lost');
    response.destroy();
  };
  try {
    caller = identify(service, operation, request, options.identities);
    const fault = options.faults.takeForCall(operation);
    if (fault?.kind === 'error') throw new AwsError(fault.code, fault.message, fault.status);
    if (fault?.kind === 'lost-request') return breakOff();
    const answer = await service.run(operation, request, caller);
    if (fault?.kind === 'lost-reply') return breakOff();
    note();
    send(response, answer, requestId);
  } catch (thrown) {
    const error = asAwsError(thrown);
    note(error.code);
    send(response, service.renderError(error, request, requestId), requestId);
  }
}

/** Listens on the loopback interface only. */
export async function startServer(port: number, options: ServerOptions): Promise<Server> {
  const server = createServer((message, response) => {
    readWire(message)
      .then((request) => answerCall(request, response, options))
      // The client went away, or sent what no service could answer.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('No address to listen on.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
