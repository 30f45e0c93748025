/** One statement of an identity policy; `*` and `?` are wildcards. */
export interface PolicyStatement {
  /** Default `Allow`. */
  readonly effect?: 'Allow' | 'Deny';
  /** For example `ssm:SendCommand`; case does not count. */
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
}

/** A role that a job may assume with an OIDC token of the GitHub emulator. */
export interface RoleOptions {
  readonly name: string;
  /** The `sub` claims that the trust policy accepts (StringLike: `*` and `?` are wildcards). */
  readonly trust: { readonly subjects: readonly string[] };
  readonly policy: readonly PolicyStatement[];
}

/** A long-lived key pair, for the AWS CLI on a laptop. */
export interface AccessKeyOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Name of the IAM user. */
  readonly user: string;
  readonly policy: readonly PolicyStatement[];
}

/** One managed instance: a directory in which documents really run. */
export interface HostOptions {
  /** `i-` and 17 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Default true. */
  readonly online?: boolean;
  /** Text of `<root>/host.conf`. */
  readonly conf?: string;
  /** Directories that come first on the PATH of the host's scripts. */
  readonly pathPrepend?: readonly string[];
  /** What the instance role allows; default: read every object of S3. */
  readonly policy?: readonly PolicyStatement[];
}

/** A Command document that exists from the start, as its version 1. */
export interface DocumentOptions {
  readonly name: string;
  /** JSON, to the byte: its SHA-256 is what callers pin. */
  readonly content: string;
}

export interface AwsOptions {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Where the hosts' directories are made; the caller removes it after `stop()`. */
  readonly directory: string;
  readonly hosts: readonly HostOptions[];
  /** Default 1: command ids and the invisible reads after a send. */
  readonly seed?: number;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Whose tokens AssumeRoleWithWebIdentity takes; without it every token is refused. */
  readonly oidc?: {
    /** Claim `iss`; keys are read from `<issuer>/.well-known/jwks`. */
    readonly issuer: string;
    /** Default `sts.amazonaws.com`. */
    readonly audience?: string;
  };
  readonly roles?: readonly RoleOptions[];
  /** Default: `test` / `test`, which may do everything. */
  readonly accessKeys?: readonly AccessKeyOptions[];
  readonly documents?: readonly DocumentOptions[];
  /** The buckets that exist; without it a bucket comes to be with its first object. */
  readonly buckets?: readonly string[];
  /**
   * How many reads after SendCommand still do not see the invocations (SSM is eventually consistent). Default: 0, 1 or
   * 2, chosen by the seed for every command.
   */
  readonly invisibleReads?: number;
  /**
   * Real milliseconds that a second of SSM's own timers lasts (delivery timeout, execution timeout). Default 1000; tests
   * of timeouts set less. What scripts do is never hurried.
   */
  readonly millisecondsPerSecond?: number;
}

/** Which commands a fault of a host strikes; everything given must match. */
export interface CommandFilter {
  readonly document?: string;
  /** Document parameters, by their first value; for example `{ Operation: 'apply' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

interface CallFault {
  /** For example `SendCommand` or `PutObject`. */
  readonly operation: string;
  /** How many calls it strikes; default 1. */
  readonly times?: number;
}

interface HostFault {
  /** Instance id; without it the first host that runs a matching command. */
  readonly host?: string;
  readonly where?: CommandFilter;
  /** How many invocations it strikes; default 1. */
  readonly times?: number;
}

/**
 * What can go wrong on order:
 * - `error`: the call is answered with this error and does nothing;
 * - `lost-request`: the connection breaks before the call is looked at;
 * - `lost-reply`: the call is executed, then the connection breaks;
 * - `host-death`: the power goes, every process of the host dies and nothing is reported any more; it still counts as
 *   online (stale ping). `file` (relative to the host's directory): strike when this file appears while the document
 *   runs; without it as soon as the script runs;
 * - `late-result`: the script ends, and the next `reads` reads of the invocation still say InProgress;
 * - `false-failure`: the script ends, and SSM reports Failed with code 1 and no output (a document worker that crashed).
 */
export type Fault =
  | (CallFault & {
      readonly kind?: 'error';
      readonly error: string;
      readonly message?: string;
      readonly statusCode?: number;
    })
  | (CallFault & { readonly kind: 'lost-request' | 'lost-reply' })
  | (HostFault & { readonly kind: 'host-death'; readonly file?: string })
  | (HostFault & { readonly kind: 'late-result'; readonly reads: number })
  | (HostFault & { readonly kind: 'false-failure' });
