/** One parameter of the SSM document. */
export interface DocumentParameter {
  readonly description: string;
  /** What the service lets through; absent values are empty text, where the pattern allows it. */
  readonly allowedPattern: string;
  readonly default?: string;
}

/**
 * The parameters of the document. The agent puts the values into the script as raw text, so no pattern may let through
 * a quote, a dollar, a brace or white space; `program/parameters.sh` has each in single quotes.
 */
export const documentParameters = {
  Operation: {
    description: 'What to do.',
    allowedPattern: '^(preflight|apply|status|revert)$',
  },
  App: {
    description: 'The application, as in its gatewright.yml.',
    allowedPattern: '^[a-z][a-z0-9-]{0,30}$',
  },
  Version: {
    description: 'The version of the release; empty for none.',
    allowedPattern: '^([0-9A-Za-z][0-9A-Za-z.+_-]{0,63})?$',
    default: '',
  },
  Digest: {
    description: 'The SHA-256 of its archive in hex; empty for none.',
    allowedPattern: '^([0-9a-f]{64})?$',
    default: '',
  },
  Source: {
    description:
      'Where the archive is: s3://bucket/key or an http(s) URL; empty if it must be here.',
    allowedPattern:
      '^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[0-9A-Za-z._/+=-]{1,900}|https?://[0-9A-Za-z._~:/?@&+,;=%-]{1,3000})?$',
    default: '',
  },
  Bytes: {
    description: 'The size of the archive, for the check of disk space; empty if it is not known.',
    allowedPattern: '^([1-9][0-9]{0,11})?$',
    default: '',
  },
  RunId: {
    description: 'The run that asks.',
    allowedPattern: '^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$',
  },
  StepId: {
    description: 'The step within the run; a host never does the same step of a run twice.',
    allowedPattern: '^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$',
  },
  Generation: {
    description: 'The fencing token: a host refuses one older than it has seen.',
    allowedPattern: '^(0|[1-9][0-9]{0,11})$',
  },
  Keep: {
    description: 'How many releases stay on the host.',
    allowedPattern: '^[1-9][0-9]?$',
    default: '5',
  },
  TimeoutSeconds: {
    description: 'The time the program gives itself, the way back included.',
    allowedPattern: '^[1-9][0-9]{0,4}$',
    default: '300',
  },
  ExecutionTimeout: {
    description: 'The time after which the agent kills the program, in seconds.',
    // Outside of 5 to 172800 the agent silently takes an hour.
    allowedPattern: '^([5-9]|[1-9][0-9]{1,4})$',
    default: '360',
  },
} as const satisfies Readonly<Record<string, DocumentParameter>>;

/** The name of a document parameter. */
export type ParameterName = keyof typeof documentParameters;
