import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listOrders } from './orders.mjs';

/** How long `/healthz` says "draining" before the port closes: time for a load balancer to look elsewhere. */
const drainMs = 600;
/** After this long, connections that are still open are cut. */
const graceMs = 5000;

export function createService({ release, log }) {
  let draining = false;
  const routes = {
    '/healthz': () =>
      draining ? [503, { status: 'draining', release }] : [200, { status: 'ok', release }],
    '/orders': () => [200, { items: listOrders() }],
  };

  const server = createServer((request, response) => {
    const [status, body] = answer(routes, request, log);
    const text = JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'x-release': release,
      ...(draining ? { connection: 'close' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  });

  return {
    server,
    start({ host, port }) {
      server.listen(port, host, () =>
        log(`orders ${release} listens on ${host}:${server.address().port}`),
      );
    },
    /** Ends without dropping a request: says so on /healthz, closes the port, lets open requests finish. */
    async stop({ drain = drainMs, grace = graceMs } = {}) {
      draining = true;
      await delay(drain);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), grace);
      await closed;
      clearTimeout(cut);
      log(`orders ${release} stopped`);
    },
  };
}

function answer(routes, request, log) {
  const route = routes[new URL(request.url, 'http://service').pathname];
  if (route === undefined) return [404, { error: 'not found' }];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return [405, { error: 'method not allowed' }];
  try {
    return route();
  } catch (error) {
    log(`${request.method} ${request.url}: ${error.stack}`);
    return [500, { error: 'internal error' }];
  }
}
