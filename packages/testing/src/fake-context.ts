import type { ActionContext, RunContext } from '@gatewright/contract';
import { someMoment } from './fake-clock.ts';

/** An action's context that remembers what it was told. */
export interface FakeContext extends ActionContext {
  /** Log lines in order, `level: text`; groups as `group: title` and `end group`, foreign text as `untrusted: …`. */
  readonly lines: string[];
  readonly secrets: string[];
  readonly state: Map<string, string>;
  /** Aborts `signal`, as the runner's SIGINT does. */
  abort(): void;
}

/** What a test may replace. */
export interface FakeContextOptions {
  readonly run?: Partial<RunContext>;
  readonly now?: () => number;
}

const run: RunContext = {
  repository: 'octo/sample',
  sha: '1f3c9a2b4d5e6f708192a3b4c5d6e7f801234567',
  ref: 'refs/heads/main',
  eventName: 'push',
  actor: 'octo-developer',
  runId: '4711',
  runAttempt: 1,
  jobName: 'deploy',
  workspace: '/workspace',
  temp: '/temp',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  isFork: false,
};

/** A trusted push to the main branch of `octo/sample`, unless the options say otherwise. */
export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const lines: string[] = [];
  const secrets: string[] = [];
  const state = new Map<string, string>();
  const stop = new AbortController();
  return {
    lines,
    secrets,
    state,
    abort: () => stop.abort(new Error('Received SIGINT.')),
    log: {
      info: (message) => void lines.push(`info: ${message}`),
      debug: (message) => void lines.push(`debug: ${message}`),
      warning: (message) => void lines.push(`warning: ${message}`),
      error: (message) => void lines.push(`error: ${message}`),
      async group(title, body) {
        lines.push(`group: ${title}`);
        try {
          return await body();
        } finally {
          lines.push('end group');
        }
      },
      untrusted: (title, text) => void lines.push(`untrusted: ${title}\n${text}`),
    },
    signal: stop.signal,
    run: { ...run, ...options.run },
    saveState: (key, value) => void state.set(key, value),
    setSecret: (value) => void secrets.push(value),
    now: options.now ?? (() => someMoment),
  };
}
