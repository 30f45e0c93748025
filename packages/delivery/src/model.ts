import type { ReasonCode } from '@gatewright/verdict';

/** Names one immutable release: a version for people, the SHA-256 (hex) of its archive for machines. */
export interface ReleaseRef {
  readonly version: string;
  readonly digest: string;
}

/** Everything a delivery must know of the release it brings. */
export interface Release extends ReleaseRef {
  readonly app: string;
  /** The commit it was built from. */
  readonly commit: string;
  /** Where a host fetches it: `s3://bucket/key` or `https://…`. */
  readonly source: string;
  /** Size of the archive, so that a host can look for room before it begins. */
  readonly bytes?: number;
  readonly rollbackMode: 'safe' | 'forward-only';
  /**
   * The release's own verification suite, as it stands in its manifest. Delivery carries it and never looks inside:
   * going back to a release must run that release's suite, not the newer one's.
   */
  readonly verify: unknown;
}

/** One managed instance as the service knows it. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly ipAddress: string;
  /** `Online`, `ConnectionLost` or whatever the service says. */
  readonly pingStatus: string;
  readonly platform: string;
  readonly agentVersion: string;
}

/** A managed instance that takes part in a delivery. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly ipAddress: string;
}

/** Hosts that are changed together; numbered from 1. */
export interface Wave {
  readonly number: number;
  readonly hosts: readonly Host[];
}

/**
 * How the hosts are divided. `waveSize` is a count or a percentage of the fleet (`"25%"`); the percentage is rounded
 * down once, and a wave has at least one host.
 */
export type Strategy =
  | { readonly kind: 'all-at-once' }
  | {
      readonly kind: 'rolling';
      readonly waveSize: number | string;
      /** Live checks go on for this many seconds after each wave. */
      readonly bakeSeconds?: number | undefined;
    };

/**
 * What a host says of itself after an operation. `unknown` is never a success: it means that nobody could establish
 * what the host serves.
 */
export type HostOutcome = 'ready' | 'applied' | 'not-applied' | 'restored' | 'unknown' | 'unfit';

/** The answer of one host to one operation. */
export interface HostReport {
  readonly host: Host;
  readonly outcome: HostOutcome;
  readonly reasonCode: ReasonCode;
  /** One line for people. */
  readonly detail: string;
  /** The release that the host serves; null when it serves none, or when that is not known (`outcome: unknown`). */
  readonly current: ReleaseRef | null;
  readonly previous: ReleaseRef | null;
  /** The intact releases on its disk. */
  readonly present: readonly ReleaseRef[];
  /** The port on which the application listens on this host. */
  readonly port: number;
  readonly seconds: number;
  /** The tail of the host's log; written by the host, so never to be trusted as text. */
  readonly log: string;
}

/** Whether two names mean the same bytes. */
export function sameRelease(left: ReleaseRef | null, right: ReleaseRef | null): boolean {
  return left?.digest === right?.digest && left?.version === right?.version;
}

/** A release for people: `1.2.0 (0123456789ab)`, or `nothing`. */
export function releaseName(release: ReleaseRef | null): string {
  return release === null ? 'nothing' : `${release.version} (${release.digest.slice(0, 12)})`;
}
