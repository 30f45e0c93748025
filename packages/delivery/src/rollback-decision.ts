import { sameRelease } from './model.ts';
import type { HostReport, ReleaseRef } from './model.ts';
import type { LedgerRecord } from './ledger.ts';

/** What a rollback does with one host. */
export type HostDecision =
  | 'revert'
  /** It already serves what it should. */
  | 'keep'
  /** It serves neither the release being left nor the target; it is none of this rollback's business. */
  | 'leave'
  /** It cannot be reached: nothing can be done, and nothing may be claimed. */
  | 'lost';

/** Decides for one host from what it says of itself. A host that could not say what it serves is half done: it goes back. */
export function decideHost(
  report: HostReport,
  wish: {
    readonly leaving: ReleaseRef | null;
    readonly target: ReleaseRef | null;
    readonly scope: 'leaving' | 'all';
  },
): HostDecision {
  if (report.outcome === 'unknown') return report.reasonCode === 'host-offline' ? 'lost' : 'revert';
  if (sameRelease(report.current, wish.target)) return 'keep';
  if (wish.scope === 'all') return 'revert';
  return sameRelease(report.current, wish.leaving) ? 'revert' : 'leave';
}

/**
 * The release that is being left. Named by version or digest, it is looked for on the hosts first, since only they know
 * the digest of a release that was never verified. Not named, it is what the hosts serve, if they agree.
 */
export function releaseBeingLeft(
  named: string | undefined,
  reports: readonly HostReport[],
  records: readonly LedgerRecord[],
): ReleaseRef | null {
  const served = reports.flatMap((report) => report.current ?? []);
  if (named === undefined) {
    const [first] = served;
    const agree =
      first !== undefined && reports.every((report) => sameRelease(report.current, first));
    return agree ? first : null;
  }
  const known = [
    ...served,
    ...reports.flatMap((report) => report.present),
    ...records.toReversed(),
  ];
  const found = known.find((release) => release.version === named || release.digest === named);
  if (found !== undefined) return { version: found.version, digest: found.digest };
  return /^[0-9a-f]{64}$/.test(named)
    ? { version: '', digest: named }
    : { version: named, digest: '' };
}
