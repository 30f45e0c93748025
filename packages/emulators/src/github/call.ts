import type { Principal, RepositoryRecord, RunRecord, World } from './world.ts';

/** A request that has been authenticated, matched to an operation and found to follow GitHub's description. */
export interface Call {
  readonly world: World;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The body as it came. */
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly accept: string;
  readonly principal: Principal | undefined;
  /** Absolute URL as it was asked for; the base of page links. */
  readonly requestUrl: URL;
}

export interface Answer {
  readonly status: number;
  /** A buffer goes out as it is, anything else as JSON; nothing for `undefined`. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Answer;

/** An answer that is an error in GitHub's form. */
export class GitHubProblem extends Error {
  readonly answer: Answer;

  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.answer = {
      status,
      body: {
        message,
        ...more,
        documentation_url: 'https://docs.github.com/rest',
        status: String(status),
      },
    };
  }
}

export function notFound(): GitHubProblem {
  return new GitHubProblem(404, 'Not Found');
}

/** The repository of the path; one that the caller may not see does not exist for them. */
export function repositoryOf(call: Call): RepositoryRecord {
  const { owner, repo } = call.parameters;
  const repository = call.world.repositories.get(`${owner}/${repo}`.toLowerCase());
  if (repository === undefined) throw notFound();
  if (!repository.private) return repository;
  const { principal } = call;
  const foreign =
    principal === undefined ||
    (principal.kind === 'integration' &&
      principal.repository.toLowerCase() !== repository.fullName.toLowerCase());
  if (foreign) throw notFound();
  return repository;
}

export function runOf(call: Call): RunRecord {
  const repository = repositoryOf(call);
  const run = call.world.runs.get(Number(call.parameters['run_id']));
  if (run === undefined || run.repository !== repository) throw notFound();
  return run;
}

/** The name under which the caller acts. */
export function actorOf(call: Call): string {
  const { principal } = call;
  if (principal === undefined) throw new GitHubProblem(401, 'Requires authentication');
  return principal.kind === 'user' ? principal.login : 'github-actions[bot]';
}

/** One page of a list, and the Link header that leads to the others. */
export function paged<T>(
  call: Call,
  items: readonly T[],
  defaultSize = 30,
): { page: T[]; headers: Record<string, string> } {
  const size = Math.min(Math.max(Number(call.query['per_page'] ?? defaultSize), 1), 100);
  const number = Math.max(Number(call.query['page'] ?? 1), 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (to: number, rel: string) => {
    const url = new URL(call.requestUrl);
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    page: items.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}
