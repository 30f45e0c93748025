import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { acceptedPermissions, authenticate, authorize } from './access.ts';
import { GitHubProblem, notFound } from './call.ts';
import type { Answer, Handler } from './call.ts';
import { deploymentHandlers } from './handle-deployments.ts';
import { releaseHandlers } from './handle-releases.ts';
import { repositoryHandlers } from './handle-repositories.ts';
import { runHandlers } from './handle-runs.ts';
import type { GitHubModel } from './model.ts';
import { jobClaims } from './oidc.ts';
import type { Issuer } from './oidc.ts';
import type { GitHubFault, GitHubJournalEntry } from './types.ts';
import type { World } from './world.ts';

const handlers: Readonly<Record<string, Handler>> = {
  ...repositoryHandlers,
  ...deploymentHandlers,
  ...releaseHandlers,
  ...runHandlers,
};

export interface ServerParts {
  readonly model: GitHubModel;
  readonly issuer: Issuer;
  /** The world of now: a reset replaces it. */
  readonly world: () => World;
  /** Takes the fault that is due for this request, if any. */
  readonly takeFault: (method: string, pathname: string) => GitHubFault['answer'] | undefined;
}

type Account = Pick<GitHubJournalEntry, 'by' | 'operation' | 'detail'>;

/** Listens on a free port of the loopback interface. */
export async function listen(parts: ServerParts): Promise<Server> {
  const server = createServer((request, response) => {
    void serve(parts, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

async function serve(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const world = parts.world();
  const url = new URL(request.url ?? '/', world.url);
  const method = request.method ?? 'GET';
  const fault = parts.takeFault(method, url.pathname);
  if (fault === 'hang-up') {
    journal(world, `${method} ${url.pathname}`, 0, { by: 'fault' });
    response.destroy();
    return;
  }
  const bytes = await readBody(request);
  const body = parseBody(bytes);
  const seen: Seen = { by: 'anonymous' };
  let answer: Answer;
  try {
    answer =
      fault === undefined
        ? route(parts, world, { request, url, method, body, bytes }, seen)
        : { body: {}, ...fault };
  } catch (error) {
    answer =
      error instanceof GitHubProblem
        ? error.answer
        : new GitHubProblem(500, `emulator defect: ${String(error)}`).answer;
  }
  journal(world, `${method} ${url.pathname}${url.search}`, answer.status, seen);
  send(world, response, answer, seen.operation);
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly method: string;
  readonly body: unknown;
  readonly bytes: Buffer;
}

interface Seen {
  by: string;
  operation?: string;
  detail?: unknown;
}

function route(parts: ServerParts, world: World, incoming: Incoming, seen: Seen): Answer {
  const { url, method } = incoming;
  if (method === 'GET' && url.pathname === '/.well-known/openid-configuration') {
    return { status: 200, body: parts.issuer.discovery(world.url) };
  }
  if (method === 'GET' && url.pathname === '/.well-known/jwks') {
    return { status: 200, body: parts.issuer.jwks() };
  }
  const idToken = /^\/_actions\/idtoken\/(\d+)$/u.exec(url.pathname);
  if (idToken !== null) return issueIdToken(parts, world, incoming, Number(idToken[1]));
  return answerOperation(parts, world, incoming, seen);
}

/** Answers a call of the REST API. */
function answerOperation(parts: ServerParts, world: World, incoming: Incoming, seen: Seen): Answer {
  const { request, url, method, body, bytes } = incoming;
  const principal = authenticate(world, request.headers.authorization);
  if (principal !== undefined) {
    seen.by = principal.kind === 'user' ? principal.login : principal.name;
  }
  const matched = matchOperation(parts.model, method, url.pathname);
  const handler = matched === undefined ? undefined : handlers[matched.operation.id];
  if (matched === undefined || handler === undefined) throw notFound();
  const { operation, parameters } = matched;
  seen.operation = operation.id;
  // An upload is not JSON; its bytes would only fill the journal.
  if (method !== 'GET' && operation.body !== undefined) seen.detail = body;
  const { owner, repo } = parameters;
  const repository = owner === undefined ? undefined : `${owner}/${repo}`.toLowerCase();
  authorize(world, operation.id, repository, principal);
  const query = Object.fromEntries(url.searchParams);
  const wrong = parts.model.checkRequest(operation, { parameters, query, body });
  if (wrong.length > 0) throw new GitHubProblem(422, 'Invalid request.', { errors: wrong });
  const { accept = '', 'content-type': contentType = 'application/octet-stream' } = request.headers;
  const told = { parameters, query, body, bytes, contentType, accept };
  const answer = handler({ ...told, world, principal, requestUrl: url });
  if (Buffer.isBuffer(answer.body)) return answer;
  const defects = parts.model.checkResponse(operation, answer.status, answer.body);
  if (defects.length === 0) return answer;
  throw new GitHubProblem(500, `emulator defect: ${operation.id} answers outside the description`, {
    errors: defects,
  });
}

function matchOperation(model: GitHubModel, method: string, pathname: string) {
  try {
    return model.match(method, pathname);
  } catch (error) {
    // A broken percent escape.
    if (error instanceof URIError) throw new GitHubProblem(400, 'Bad Request');
    throw error;
  }
}

function issueIdToken(
  parts: ServerParts,
  world: World,
  { request, url }: Incoming,
  jobId: number,
): Answer {
  const job = [...world.runs.values()]
    .flatMap((run) => run.jobs)
    .find((candidate) => candidate.id === jobId);
  const authorized =
    job !== undefined &&
    request.headers.authorization?.toLowerCase() === `bearer ${job.idTokenRequestToken}`;
  if (!authorized) throw new GitHubProblem(401, 'Bad credentials');
  // A job that still waits for its reviewers has no way to credentials.
  if (job.status !== 'in_progress') throw new GitHubProblem(403, 'The job is not running');
  const value = parts.issuer.sign(jobClaims(world, job, url.searchParams.get('audience')));
  return { status: 200, body: { count: 1, value } };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function parseBody(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the check against the description says so.
    return text;
  }
}

function journal(world: World, what: string, status: number, seen: Account): void {
  world.journal.push({
    sequence: world.journal.length + 1,
    at: new Date(world.clock.now()).toISOString(),
    kind: 'request',
    what,
    status,
    ...seen,
  });
}

function send(
  world: World,
  response: ServerResponse,
  answer: Answer,
  operation: string | undefined,
): void {
  const accepted = operation === undefined ? undefined : acceptedPermissions(operation);
  const requests = world.journal.filter((entry) => entry.kind === 'request').length;
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': randomUUID(),
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(Math.max(5000 - requests, 1)),
    'x-ratelimit-used': String(requests),
    'x-ratelimit-reset': String(Math.ceil(world.clock.now() / 1000) + 3600),
    'x-ratelimit-resource': 'core',
    ...(accepted === undefined ? {} : { 'x-accepted-github-permissions': accepted }),
    ...answer.headers,
  });
  response.end(Buffer.isBuffer(answer.body) ? answer.body : JSON.stringify(answer.body));
}
