import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { types } from 'node:util';
import type { Probe, ProbeRequest, ProbeResult, ProbeTimings } from './model.ts';
import { safeText } from './safe-text.ts';

/** Bodies are read up to here, in bytes (1 MiB). */
export const maxBodyBytes = 1_048_576;

const userAgent = 'gatewright-verify';

/**
 * A probe over HTTP/1.1: a fresh connection for every request, so that no kept connection reaches an old process;
 * redirects are never followed; caches on the way are asked to stand aside.
 */
export function httpProbe(): Probe {
  return (request, signal) =>
    new Promise((resolve) => {
      try {
        start(request, signal, resolve);
      } catch (error) {
        // An address that is none, or a path that cannot be sent.
        resolve({ kind: 'no-answer', detail: describeError(error), timings: stopwatch().read() });
      }
    });
}

function start(
  request: ProbeRequest,
  signal: AbortSignal,
  resolve: (result: ProbeResult) => void,
): void {
  const marks = stopwatch();
  const end = (result: ProbeResult): void => {
    clearTimeout(timer);
    agent.destroy();
    resolve(result);
  };
  const fail = (detail: string): void => end({ kind: 'no-answer', detail, timings: marks.read() });

  const base = new URL(request.baseUrl);
  const isTls = base.protocol === 'https:';
  const agent = isTls ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const options: RequestOptions = { ...addressOf(base, request), agent, signal };
  const client = isTls ? httpsRequest(options) : httpRequest(options);
  const timer = setTimeout(() => {
    fail(`timed out after ${request.timeoutMs} ms (${marks.stage()})`);
    client.destroy();
  }, request.timeoutMs);

  client.on('socket', (socket) => {
    socket.once('lookup', () => marks.mark('dnsMs'));
    socket.once(isTls ? 'secureConnect' : 'connect', () => marks.mark('connectMs'));
  });
  let hasResponse = false;
  client.on('response', (response) => {
    hasResponse = true;
    marks.mark('firstByteMs');
    void readBody(response).then(
      ({ body, isTruncated }) => {
        end({
          kind: 'answer',
          status: response.statusCode ?? 0,
          headers: flatHeaders(response.headers),
          body,
          bodyTruncated: isTruncated,
          timings: marks.read(),
        });
        client.destroy();
      },
      (error: unknown) => fail(`cut short: ${describeError(error)}`),
    );
  });
  client.on('error', (error) => fail(describeError(error)));
  // A connection that changes its protocol ends without a response and without an error.
  client.on('close', () => {
    if (!hasResponse) fail('closed without an answer');
  });
  client.end();
}

function addressOf(base: URL, request: ProbeRequest): RequestOptions {
  return {
    hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: base.port,
    // Not through URL, which would rewrite `..` and escapes; the path is sent as it was written.
    path: `${base.pathname.replace(/\/+$/, '')}${request.path}`,
    method: request.method,
    headers: {
      host: base.host,
      'user-agent': userAgent,
      accept: '*/*',
      'accept-encoding': 'identity',
      'cache-control': 'no-cache',
    },
  };
}

interface Stopwatch {
  mark(part: 'dnsMs' | 'connectMs' | 'firstByteMs'): void;
  read(): ProbeTimings;
  /** What the request was waiting for. */
  stage(): string;
}

function stopwatch(): Stopwatch {
  const begun = performance.now();
  const elapsed = (): number => Math.round((performance.now() - begun) * 10) / 10;
  const marks: { dnsMs: number | null; connectMs: number | null; firstByteMs: number | null } = {
    dnsMs: null,
    connectMs: null,
    firstByteMs: null,
  };
  return {
    mark: (part) => {
      marks[part] = elapsed();
    },
    read: () => ({ ...marks, totalMs: elapsed() }),
    stage: () => {
      if (marks.firstByteMs !== null) return 'the body did not end';
      return marks.connectMs === null ? 'not connected' : 'connected, no answer';
    },
  };
}

async function readBody(
  response: IncomingMessage,
): Promise<{ body: string; isTruncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    chunks.push(bytes);
    length += bytes.length;
    if (length > maxBodyBytes) break;
  }
  const whole = Buffer.concat(chunks);
  return {
    body: whole.subarray(0, maxBodyBytes).toString('utf8'),
    isTruncated: length > maxBodyBytes,
  };
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

const knownErrors = new Map<string, string>([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['ENOTFOUND', 'name not found'],
  ['EAI_AGAIN', 'name lookup failed'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['ETIMEDOUT', 'connection timed out'],
  ['EPIPE', 'connection closed'],
]);

function describeError(error: unknown): string {
  if (!types.isNativeError(error)) return 'unknown error';
  if (error.name === 'AbortError') return 'cancelled';
  // Several addresses were tried: the first failure is as good as any.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) {
    return describeError(error.errors[0]);
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const known = code === undefined ? undefined : knownErrors.get(code);
  return known ?? safeText(code === undefined ? error.message : `${code}: ${error.message}`);
}
