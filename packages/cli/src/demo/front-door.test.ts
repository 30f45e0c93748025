import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { startFrontDoor } from './front-door.ts';
import type { FrontDoor } from './front-door.ts';
import { loopbackPort } from './loopback-port.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function backend(id: string, listener: RequestListener) {
  const server = createServer(listener);
  const port = await loopbackPort(server);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closing.push(stop);
  return { id, url: `http://127.0.0.1:${port}`, stop };
}

async function door(backends: { id: string; url: string }[]): Promise<FrontDoor> {
  // A long interval: the tests themselves say when a round of checks is due.
  const opened = await startFrontDoor({ backends: () => backends, healthIntervalMs: 60_000 });
  closing.push(opened.stop);
  return opened;
}

const says =
  (text: string): RequestListener =>
  (_request, response) =>
    void response.end(text);

const drops: RequestListener = (request, response) => {
  if (request.url === '/healthz') response.end();
  else request.socket.destroy();
};

const get = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
};

describe('startFrontDoor', () => {
  it('takes the backends in turn and names the one that answered', async () => {
    const front = await door([await backend('a', says('a')), await backend('b', says('b'))]);
    const seen = [];
    for (let request = 0; request < 4; request += 1) {
      const response = await fetch(`${front.url}/orders`);
      seen.push(response.headers.get('x-gatewright-backend'));
      expect(await response.text()).toBe(seen.at(-1));
    }
    expect(seen.filter((id) => id === 'a')).toHaveLength(2);
    expect(seen[0]).not.toBe(seen[1]);
  });

  it('answers 503 without a backend, and with none that is healthy', async () => {
    const backends: { id: string; url: string }[] = [];
    const front = await door(backends);
    expect((await get(front.url)).status).toBe(503);
    backends.push(
      await backend('ill', (_request, response) => {
        response.writeHead(503).end();
      }),
    );
    await front.checked();
    expect(front.healthy()).toEqual([]);
    expect((await get(front.url)).status).toBe(503);
  });

  it('uses a backend again once its health check passes', async () => {
    let status = 503;
    const front = await door([
      await backend('a', (_request, response) => {
        response.writeHead(status).end();
      }),
    ]);
    expect((await get(front.url)).status).toBe(503);
    status = 200;
    await front.checked();
    expect((await get(front.url)).status).toBe(200);
  });

  it('asks another backend when one refuses the connection', async () => {
    const [a, b] = [await backend('a', says('a')), await backend('b', says('b'))];
    const front = await door([a, b]);
    await a.stop();
    for (let request = 0; request < 3; request += 1) {
      expect(await get(front.url)).toEqual({ status: 200, text: 'b' });
    }
    expect(front.healthy()).toEqual(['b']);
  });

  it('asks another backend when one drops a GET before it answers, but repeats no POST', async () => {
    const front = await door([await backend('a', drops), await backend('b', drops)]);
    expect((await get(`${front.url}/orders`, { method: 'POST', body: 'x' })).status).toBe(502);
    expect(front.healthy()).toHaveLength(1);
    await front.checked();
    // Both were tried for the GET, and both are out until their next good check.
    expect((await get(`${front.url}/orders`)).status).toBe(503);
    expect(front.healthy()).toEqual([]);
  });

  it('passes on what a backend says, errors too', async () => {
    const front = await door([
      await backend('a', (request, response) => {
        if (request.url === '/healthz') response.end();
        else response.writeHead(500, { 'x-release': '1.2.0' }).end('bad');
      }),
    ]);
    const response = await fetch(`${front.url}/orders?x=1`);
    expect([response.status, response.headers.get('x-release')]).toEqual([500, '1.2.0']);
    expect(await response.text()).toBe('bad');
  });

  it('leaves nothing open when it is stopped', async () => {
    const front = await door([await backend('a', says('a'))]);
    await get(front.url);
    await front.stop();
    await expect(fetch(front.url)).rejects.toThrow('fetch failed');
  });
});
