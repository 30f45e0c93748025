import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

interface Undici {
  fetch(url: string, options?: object): Promise<Response>;
  readonly ProxyAgent: new (options: string) => { close(): Promise<void> };
}
const undici: Undici = await import(new URL('../stand-ins/undici.js', import.meta.url).href);

it('fetches directly, and through a proxy when there is one', async () => {
  const target = await listen(createServer((_, response) => void response.end('here')));
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
  });
  const agent = new undici.ProxyAgent(`http://127.0.0.1:${await listen(proxy)}`);

  const direct = await undici.fetch(`http://127.0.0.1:${target}/`);
  expect(await direct.text()).toBe('here');
  expect(tunnels).toEqual([]);
  const proxied = await undici.fetch('http://github.test/', { dispatcher: agent });
  expect(await proxied.text()).toBe('here');
  expect(tunnels).toEqual(['github.test:80']);
  await agent.close();
});
