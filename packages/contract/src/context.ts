/** Where in the sources an annotation belongs; lines and columns count from 1. */
export interface AnnotationPlace {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** One message that GitHub shows beside the run; GitHub cuts it at 4096 characters. */
export interface Annotation extends AnnotationPlace {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
}

/**
 * The log of an action. Every text is made safe: no line of it can become a workflow command, masked values are not
 * shown. `warning` and `error` also make annotations, as far as their budget goes.
 */
export interface Logger {
  info(message: string): void;
  debug(message: string): void;
  warning(message: string, place?: AnnotationPlace): void;
  error(message: string, place?: AnnotationPlace): void;
  /** Runs `body` inside a foldable group, which is closed also when `body` throws. */
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  /** Shows text that came from a host or another system, shielded from the runner and cut to a byte limit. */
  untrusted(title: string, text: string): void;
}

/** The facts of the workflow run, parsed once from the environment. */
export interface RunContext {
  readonly repository: `${string}/${string}`;
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  readonly actor: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly jobName: string;
  readonly workspace: string;
  readonly temp: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  /**
   * The run may carry foreign code: a pull request from a fork, `pull_request_target`, or an event that could not be
   * read (which is never taken for a trusted one).
   */
  readonly isFork: boolean;
}

/** What an action gets from the runtime besides its inputs. */
export interface ActionContext {
  readonly log: Logger;
  /** Aborts on SIGINT or SIGTERM: the job was cancelled or its time is over. */
  readonly signal: AbortSignal;
  readonly run: RunContext;
  /** Keeps a text for the post step of the same action. */
  saveState(key: string, value: string): void;
  /** Masks a value, and its base64 and URL-encoded forms, from here on. */
  setSecret(value: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
}
