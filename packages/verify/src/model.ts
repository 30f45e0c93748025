import type { ReasonCode, VerificationVerdict } from '@gatewright/verdict';

/** One place that must serve the release: a host, or the public entry of the environment. */
export interface Target {
  /** Host id, or `environment`; shown in reports. */
  readonly name: string;
  /** `http://` or `https://`, with an optional path that goes before the path of every request. */
  readonly baseUrl: string;
  /**
   * `absent` when this address does not tell its release (a public entry that hides the health path): it takes no part
   * in convergence, and its checks run without asking for the release.
   */
  readonly identity?: 'told' | 'absent';
}

/** Any JSON value, as compared by `equals`. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Where a running application tells its release; the match is exact and case-sensitive. */
export type ReleaseIdentity =
  | { readonly kind: 'json-path'; readonly path: string; readonly jsonPath: string }
  | { readonly kind: 'header'; readonly path: string; readonly header: string };

/** One thing that the JSON body must hold; paths are JSONPath as of RFC 9535. */
export type JsonExpectation =
  | { readonly kind: 'equals'; readonly path: string; readonly equals: JsonValue }
  | { readonly kind: 'exists'; readonly path: string; readonly exists: boolean };

/** What makes an answer good. */
export interface CheckExpectation {
  readonly status: number;
  /** Header name to a text that its value must contain. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyContains?: string | undefined;
  readonly json: readonly JsonExpectation[];
  /** Longest time to the end of the answer, in milliseconds. */
  readonly latencyMs?: number | undefined;
}

/** One smoke check, run against each target. */
export interface VerifyCheck {
  readonly name: string;
  readonly method: 'GET' | 'HEAD';
  /** Sent exactly as written. */
  readonly path: string;
  readonly expect: CheckExpectation;
}

/** The suite of a release, as its manifest carries it. */
export interface VerifySuite {
  readonly release: ReleaseIdentity;
  /** For convergence and all checks together, in seconds. */
  readonly deadlineSeconds: number;
  /** Good answers in a row, each on a fresh connection. */
  readonly consecutiveSuccesses: number;
  /** Wait between two rounds against one target, in seconds. */
  readonly intervalSeconds: number;
  /** Longest time of one request, in seconds. */
  readonly requestTimeoutSeconds: number;
  /**
   * Wrong answers in a row, from a target that serves the expected release, after which a check has failed without
   * waiting for the deadline. `gatewright.yml` sets 3 by default.
   */
  readonly failuresToFail: number;
  readonly checks: readonly VerifyCheck[];
}

/** One request. */
export interface ProbeRequest {
  readonly baseUrl: string;
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  /** For the whole request, from name lookup to the last byte, in milliseconds. */
  readonly timeoutMs: number;
}

/** When the parts of a request ended, in milliseconds from its beginning; null for a part that did not happen. */
export interface ProbeTimings {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

/** What became of one request. Anything that is not a whole HTTP answer is no answer, whatever its cause. */
export type ProbeResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Names in lower case; repeated headers joined by a comma. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** The body went on beyond the limit and was not read to its end. */
      readonly bodyTruncated: boolean;
      readonly timings: ProbeTimings;
    }
  | { readonly kind: 'no-answer'; readonly detail: string; readonly timings: ProbeTimings };

/** Makes one request on a fresh connection and never throws. */
export type Probe = (request: ProbeRequest, signal: AbortSignal) => Promise<ProbeResult>;

/** Time, injected. Only differences of `now()` are used, so any origin will do; it must never go backwards. */
export interface Clock {
  /** In milliseconds. */
  now(): number;
  /** Resolves after the time, or early when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One expectation that an answer did not meet. Text from the target is without control characters and cut. */
export interface Mismatch {
  readonly expected: string;
  readonly actual: string;
}

/** How one check ended on one target. */
export interface CheckReport {
  readonly name: string;
  readonly verdict: VerificationVerdict;
  readonly attempts: number;
  /** What went wrong last, at most five entries. */
  readonly failures: readonly Mismatch[];
  /** The longest time of all answers, in milliseconds; null when there was none. */
  readonly latencyMs: number | null;
}

/** How one target ended. */
export interface TargetReport {
  readonly name: string;
  readonly converged: boolean;
  /** The release that it told last; null when it never told one. */
  readonly observedRelease: string | null;
  /** In the order of the suite; empty when the target's checks were never begun. */
  readonly checks: readonly CheckReport[];
}

/** The account of one verification: plain JSON. */
export interface VerifyReport {
  readonly verdict: VerificationVerdict;
  readonly reasonCode: ReasonCode;
  /** One sentence for people, without control characters. */
  readonly explanation: string;
  readonly release: string;
  readonly targets: readonly TargetReport[];
  /** Requests made. */
  readonly probes: number;
  readonly seconds: number;
}

/** What happened just now, for a log. */
export type VerifyEvent =
  | { readonly kind: 'stage'; readonly stage: 'converge' | 'checks'; readonly targets: number }
  | {
      readonly kind: 'observed';
      readonly target: string;
      /** Told when it differs from the observation before it: `serves 1.0.0`, `no answer: …`. */
      readonly what: string;
    }
  | { readonly kind: 'converged'; readonly target: string; readonly release: string }
  | {
      readonly kind: 'check-settled';
      readonly target: string;
      readonly check: string;
      readonly verdict: VerificationVerdict;
      readonly failure?: Mismatch;
    };
