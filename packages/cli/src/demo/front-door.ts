import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHealth } from './front-door-health.ts';
import type { Backend } from './front-door-health.ts';
import { loopbackPort } from './loopback-port.ts';

/** The header that tells which backend answered. */
export const backendHeader = 'x-gatewright-backend';

export interface FrontDoorOptions {
  /** Read anew for each round of health checks and each request, so hosts may come and go. */
  readonly backends: () => readonly Backend[];
  /** Default `/healthz`. */
  readonly healthPath?: string;
  /** Milliseconds between two rounds of health checks; default 200. */
  readonly healthIntervalMs?: number;
  /** How long a backend may take to answer; default 5000 milliseconds. */
  readonly backendTimeoutMs?: number;
}

export interface FrontDoor {
  readonly url: string;
  /** Ids of the backends that requests go to at this moment. */
  healthy: () => readonly string[];
  /** Resolves when a round of health checks that began after the call has ended. */
  checked: () => Promise<void>;
  stop: () => Promise<void>;
}

/**
 * A small load balancer on loopback that stands for the one before an environment: round robin over the backends that
 * pass their health checks. A GET that a backend refused, or dropped before the first byte of an answer, goes to another
 * backend; any other request answers 502. With no healthy backend it answers 503. Resolves after the first health round.
 */
export async function startFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const agent = new Agent({ keepAlive: false });
  const health = startHealth({
    backends: options.backends,
    path: options.healthPath ?? '/healthz',
    intervalMs: options.healthIntervalMs ?? 200,
  });
  let turn = 0;
  const next = (tried: ReadonlySet<string>): Backend | undefined => {
    const open = health.open().filter(({ id }) => !tried.has(id));
    turn += 1;
    return open[turn % Math.max(open.length, 1)];
  };

  const server = createServer((incoming, outgoing) => {
    const timeoutMs = options.backendTimeoutMs ?? 5000;
    void serve({ incoming, outgoing, next, agent, timeoutMs, refuse: health.refuse });
  });
  const port = await loopbackPort(server);
  await health.checked();
  return {
    url: `http://127.0.0.1:${port}`,
    healthy: () => health.open().map(({ id }) => id),
    checked: health.checked,
    async stop() {
      await health.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly next: (tried: ReadonlySet<string>) => Backend | undefined;
  readonly refuse: (id: string) => void;
  readonly agent: Agent;
  readonly timeoutMs: number;
}

async function serve(exchange: Exchange): Promise<void> {
  const { incoming, outgoing } = exchange;
  const repeatable = incoming.method === 'GET' || incoming.method === 'HEAD';
  const tried = new Set<string>();
  for (;;) {
    const backend = exchange.next(tried);
    if (backend === undefined) return refuse(outgoing, 503, 'no healthy backend');
    tried.add(backend.id);
    const outcome = await forward(exchange, backend);
    if (outcome === 'answered') return;
    exchange.refuse(backend.id);
    if (!repeatable) return refuse(outgoing, 502, 'the backend gave no answer');
  }
}

/** `no-answer` only when not one byte has gone to the client, so that another backend may be asked. */
function forward(exchange: Exchange, backend: Backend): Promise<'answered' | 'no-answer'> {
  const { incoming, outgoing, agent, timeoutMs } = exchange;
  return new Promise((resolve) => {
    const upstream = request(new URL(incoming.url ?? '/', backend.url), {
      agent,
      method: incoming.method ?? 'GET',
      headers: { ...incoming.headers, connection: 'close' },
      timeout: timeoutMs,
    });
    upstream.on('timeout', () => upstream.destroy(new Error('timeout')));
    upstream.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      resolve(outgoing.headersSent ? 'answered' : 'no-answer');
    });
    upstream.on('response', (response) => {
      const { connection: _hop, 'keep-alive': _hopToo, ...headers } = response.headers;
      outgoing.writeHead(response.statusCode ?? 502, { ...headers, [backendHeader]: backend.id });
      response.pipe(outgoing);
      response.on('error', () => outgoing.destroy());
      response.on('close', () => resolve('answered'));
    });
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
}

function refuse(outgoing: ServerResponse, status: 502 | 503, why: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`${why}\n`);
}
