import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { suiteOf, virtualClock } from '../test/kit.ts';
import { httpProbe, maxBodyBytes, verifyRelease } from './index.ts';
import type { ProbeRequest, ProbeResult, VerifyReport, VerifySuite } from './index.ts';

const servers: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  servers.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));
const speak = (bytes: string): Promise<string> =>
  listen(
    createTcpServer(
      (socket) => void socket.once('data', () => socket.end(bytes)).on('error', () => undefined),
    ),
  );

function ask(
  baseUrl: string,
  changes: Partial<ProbeRequest> = {},
  signal?: AbortSignal,
): Promise<ProbeResult> {
  const request: ProbeRequest = { baseUrl, path: '/x', method: 'GET', timeoutMs: 5000, ...changes };
  return httpProbe()(request, signal ?? new AbortController().signal);
}

describe('httpProbe', () => {
  it('gives status, headers, body and times of an answer', async () => {
    const url = await serve((_, response) => {
      response.writeHead(201, { 'X-Release': '1.1.0', 'Set-Cookie': ['a', 'b'] }).end('naïve');
    });
    const result = await ask(url);
    expect(result).toMatchObject({
      kind: 'answer',
      status: 201,
      headers: { 'x-release': '1.1.0', 'set-cookie': 'a, b' },
      body: 'naïve',
      bodyTruncated: false,
      timings: {
        dnsMs: null,
        connectMs: expect.any(Number),
        firstByteMs: expect.any(Number),
      },
    });
    const { connectMs, firstByteMs, totalMs } = result.timings;
    expect([connectMs, firstByteMs, totalMs]).toEqual(
      [connectMs, firstByteMs, totalMs].toSorted((a, b) => Number(a) - Number(b)),
    );
  });

  it('opens a connection of its own for every request, and asks caches to stand aside', async () => {
    const requests: IncomingMessage[] = [];
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      requests.push(request);
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    await ask(url);
    await ask(url);
    expect(ports.size).toBe(2);
    expect(requests[0]?.headers).toMatchObject({
      connection: 'close',
      'cache-control': 'no-cache',
      'user-agent': 'gatewright-verify',
    });
  });

  it('sends the path exactly as written, after the path of the base', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve(({ url: path }, response) => {
      paths.push(path);
      response.end();
    });
    await ask(`${url}/base/`, { path: '/a/../b/%2e%2E?q=%20&r={x}|' });
    await ask(url, { path: '/' });
    expect(paths).toEqual(['/base/a/../b/%2e%2E?q=%20&r={x}|', '/']);
  });

  it('does not follow a redirect', async () => {
    const url = await serve(({ url: path }, response) => {
      response.writeHead(path === '/x' ? 302 : 200, { location: '/login' }).end('login page');
    });
    expect(await ask(url)).toMatchObject({
      kind: 'answer',
      status: 302,
      headers: { location: '/login' },
    });
  });

  it('reads an answer to HEAD without a body', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-length': 10 }).end(),
    );
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({
      kind: 'answer',
      status: 200,
      body: '',
    });
  });

  it('stops reading a body beyond the limit, however long it goes on', async () => {
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const result = await ask(url);
    expect(result).toMatchObject({ kind: 'answer', bodyTruncated: true });
    expect(result.kind === 'answer' && result.body.length).toBe(maxBodyBytes);
  });

  it('takes a body of exactly the limit for whole', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(maxBodyBytes)));
    expect(await ask(url)).toMatchObject({ kind: 'answer', bodyTruncated: false });
  });

  it('gives up on a server that never answers, or never ends', async () => {
    const silent = await serve(() => undefined);
    expect(await ask(silent, { timeoutMs: 20 })).toMatchObject({
      kind: 'no-answer',
      detail: 'timed out after 20 ms (connected, no answer)',
    });
    const endless = await serve((_, response) => void response.write('a'));
    expect(await ask(endless, { timeoutMs: 20 })).toMatchObject({
      kind: 'no-answer',
      detail: 'timed out after 20 ms (the body did not end)',
    });
  });

  it('tells what went wrong with a connection', async () => {
    const url = await serve(() => undefined);
    const { server } = servers.pop() ?? {};
    server?.close();
    expect(await ask(url)).toMatchObject({ kind: 'no-answer', detail: 'connection refused' });
    const reset = await listen(
      createTcpServer((socket) => void socket.once('data', () => socket.resetAndDestroy())),
    );
    expect(await ask(reset)).toMatchObject({ kind: 'no-answer', detail: 'connection reset' });
    const cut = await speak('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    expect(await ask(cut)).toMatchObject({
      kind: 'no-answer',
      detail: 'cut short: connection reset',
    });
    const noHttp = await speak('\u001b[31mSSH-2.0-OpenSSH\r\n');
    expect(await ask(noHttp)).toMatchObject({
      kind: 'no-answer',
      detail: expect.stringMatching(/^HPE_\w+: [ -~]+$/),
    });
    const upgrade = await speak(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    );
    expect(await ask(upgrade)).toMatchObject({ kind: 'no-answer' });
    expect(await ask('https' + url.slice(4))).toMatchObject({ kind: 'no-answer' });
  });

  it('answers also where nothing can be sent', async () => {
    expect(await ask('no url')).toMatchObject({
      kind: 'no-answer',
      detail: expect.stringContaining('Invalid URL'),
    });
    expect(await ask('http://127.0.0.1:1', { path: '/a b' })).toMatchObject({ kind: 'no-answer' });
  });

  it('ends a request that is cancelled', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort());
    expect(await ask(url, {}, stop.signal)).toMatchObject({
      kind: 'no-answer',
      detail: 'cancelled',
    });
  });
});

const verify = (
  urls: readonly string[],
  suite: Partial<VerifySuite> = { deadlineSeconds: 3600 },
): Promise<VerifyReport> =>
  verifyRelease({
    targets: urls.map((baseUrl, index) => ({ name: `host-${index}`, baseUrl })),
    release: '1.1.0',
    suite: suiteOf(suite),
    probe: httpProbe(),
    clock: virtualClock(),
    signal: new AbortController().signal,
  });
const application =
  (release: () => string, status: () => number): RequestListener =>
  ({ url }, response) => {
    if (url === '/healthz') response.end(JSON.stringify({ release: release() }));
    else response.writeHead(status()).end('{}');
  };

describe('verifyRelease over HTTP', () => {
  it('passes on hosts that serve the release, also when one of them is late', async () => {
    let asked = 0;
    const urls = await Promise.all([
      serve(
        application(
          () => '1.1.0',
          () => 200,
        ),
      ),
      serve(
        application(
          () => (++asked > 3 ? '1.1.0' : '1.0.0'),
          () => 200,
        ),
      ),
    ]);
    expect(await verify(urls)).toMatchObject({ verdict: 'pass', reasonCode: 'verified' });
  });

  it('fails on a host of the release that answers wrongly', async () => {
    const urls = await Promise.all([
      serve(
        application(
          () => '1.1.0',
          () => 200,
        ),
      ),
      serve(
        application(
          () => '1.1.0',
          () => 500,
        ),
      ),
    ]);
    expect(await verify(urls)).toMatchObject({
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation: '1.1.0 is bad: orders on host-1 (expected status 200, got status 500).',
    });
  });

  it('fails on a host that tells the release and drops the connection of a check', async () => {
    const healthy = application(
      () => '1.1.0',
      () => 200,
    );
    const url = await serve((request, response) => {
      if (request.url === '/orders') request.socket.destroy();
      else healthy(request, response);
    });
    expect(await verify([url], { deadlineSeconds: 10 })).toMatchObject({
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation:
        '1.1.0 is bad: orders on host-0 (expected an answer, got no answer: connection reset).',
    });
  });

  it('notices a host that falls back to another release', async () => {
    let asked = 0;
    const urls = [
      await serve(
        application(
          () => (++asked > 4 ? '1.0.0' : '1.1.0'),
          () => 200,
        ),
      ),
    ];
    expect(await verify(urls)).toMatchObject({
      verdict: 'inconclusive',
      reasonCode: 'smoke-inconclusive',
    });
  });
});
