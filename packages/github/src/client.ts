import { setTimeout as delay } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import { ServiceError } from '@gatewright/verdict';
import * as z from 'zod';
import { explainFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { decideRetry } from './retry.ts';

/** What the adapter needs to know; it never reads the environment itself. */
export interface GitHubClientOptions {
  readonly token: string;
  /** For example `https://api.github.com`. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Ends waiting and asking. */
  readonly signal?: AbortSignal;
  /** Time for one answer; default 15 seconds. */
  readonly timeoutSeconds?: number;
  /** Waits between attempts; replaced in tests. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** One read of the API. */
export interface Read {
  /** `GET /repos/{owner}/{repo}/…`. */
  readonly route: `GET ${string}`;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Scope that GITHUB_TOKEN needs for it, for example `actions: read`. */
  readonly scope: string;
}

/** One change. It is asked for once: whoever asks again must look first what became of it. */
export interface Write {
  readonly route: `${'POST' | 'PATCH' | 'DELETE'} ${string}`;
  /** Those of the path, and the members of the body. `data` is a body of bytes. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | Uint8Array>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Scope that GITHUB_TOKEN needs for it, for example `contents: write`. */
  readonly scope: string;
}

export interface Client {
  /** The parsed answer, or how it failed. Rejects only when the signal aborts or the answer has another form. */
  tryGet<T>(read: Read, schema: z.ZodType<T>): Promise<Result<T>>;
  /** @throws AccessError, ServiceError */
  get<T>(read: Read, schema: z.ZodType<T>): Promise<T>;
  /** @throws AccessError, ServiceError, and the latter also when it is unknown whether the change was made */
  send<T>(write: Write, schema: z.ZodType<T>): Promise<T>;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Failure);

const requestError = z.object({
  message: z.string(),
  response: z
    .object({
      status: z.number(),
      headers: z.record(z.string(), z.coerce.string()),
      data: z.unknown(),
    })
    .optional(),
});

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Octokit announces deprecations on the console; the log of an action belongs to the action.
}

/** A client of one repository, with time limits and, for reads, retries. */
export function createClient(options: GitHubClientOptions): Client {
  const [owner = '', repo = ''] = options.repository.split('/');
  const octokit = getOctokit(options.token, { baseUrl: options.apiUrl, log: quiet });
  const signal = options.signal ?? new AbortController().signal;
  const sleep = options.sleep ?? pause;
  const now = options.now ?? (() => Date.now());
  const timeout = (options.timeoutSeconds ?? 15) * 1000;

  async function once(read: Read | Write): Promise<Result<unknown>> {
    try {
      const answer = await octokit.request(read.route, {
        owner,
        repo,
        ...read.parameters,
        ...(read.headers === undefined ? {} : { headers: read.headers }),
        request: { signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]) },
      });
      const data: unknown = answer.data;
      return { ok: true, value: data };
    } catch (error) {
      signal.throwIfAborted();
      return { ok: false, ...failureOf(read, error) };
    }
  }

  async function tryGet<T>(read: Read, schema: z.ZodType<T>): Promise<Result<T>> {
    for (let count = 1; ; count += 1) {
      const result = await once(read);
      if (result.ok) return { ok: true, value: parse(read, schema, result.value) };
      const { status, headers } = result;
      const decision = decideRetry({ status, headers, count, now: now() });
      if (decision.kind === 'give-up') return result;
      await sleep(decision.milliseconds, signal);
      signal.throwIfAborted();
    }
  }

  return {
    tryGet,
    async get(read, schema) {
      const result = await tryGet(read, schema);
      if (result.ok) return result.value;
      throw explainFailure(result);
    },
    async send(write, schema) {
      const result = await once(write);
      if (result.ok) return parse(write, schema, result.value);
      throw explainFailure(result);
    },
  };
}

function parse<T>(read: Read | Write, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`,
  );
  throw new ServiceError('service-error', `GitHub's answer to ${read.route} has another form.`, {
    checked: problems,
    remedy: 'See whether GITHUB_API_URL names a GitHub API of a supported version.',
    cause: parsed.error,
  });
}

function failureOf(read: Read | Write, error: unknown): Failure {
  const parsed = requestError.safeParse(error);
  const response = parsed.success ? parsed.data.response : undefined;
  return {
    route: read.route,
    scope: read.scope,
    status: response?.status,
    headers: response?.headers ?? {},
    message: parsed.success ? parsed.data.message : String(error),
    cause: error,
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(ignore);
}
