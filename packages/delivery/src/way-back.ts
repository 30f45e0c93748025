import type { Ending } from './ending.ts';
import { stopped } from './ending.ts';
import { chooseRollbackTarget } from './history.ts';
import type { LedgerRecord } from './ledger.ts';
import { releaseName, sameRelease } from './model.ts';
import type { HostReport, Release, ReleaseRef } from './model.ts';

/** The proof, made before anything is changed, that every host can return. */
export type WayBack =
  /** Every host has this verified release on its disk or can fetch it. */
  | { readonly kind: 'release'; readonly release: ReleaseRef }
  /** First deployment: no host serves anything, so the way back is to serve nothing again. */
  | { readonly kind: 'nothing' }
  /** The release is the one already verified here; every host serves it or serves nothing yet. */
  | { readonly kind: 'same' }
  | { readonly kind: 'none'; readonly ending: Ending };

/**
 * Decides whether a rollout may start. The way back is a release that the ledger knows as verified: what merely runs on
 * the hosts was proven by nobody, and there would be no suite to verify the return with. A forward-only release is
 * refused, except where no host serves another one: nothing would have to return from it.
 */
export function proveWayBack(
  plan: { readonly release: Release; readonly runId: string },
  records: readonly LedgerRecord[],
  reports: readonly HostReport[],
): WayBack {
  const firstDeployment = reports.every((report) => report.current === null);
  const onlyThis = reports.every(
    (report) => report.current === null || sameRelease(report.current, plan.release),
  );
  if (plan.release.rollbackMode === 'forward-only' && !onlyThis) {
    const explanation = `${releaseName(plan.release)} is declared forward-only: no host could return from it`;
    return none(
      explanation,
      reports,
      'Release the one-way change apart from code that needs it, with rollback.mode: safe.',
    );
  }
  const target = chooseRollbackTarget(records, {
    to: 'previous',
    from: plan.release,
    runId: plan.runId,
  });
  if (target.kind === 'release') return toRelease(target.record, reports);
  if (firstDeployment && target.kind === 'nothing') return { kind: 'nothing' };
  if (onlyThis) return { kind: 'same' };
  const explanation =
    target.kind === 'refused'
      ? target.explanation
      : 'hosts serve a release that was never verified in this environment';
  return none(
    explanation,
    reports,
    'Deploy the release that the hosts serve now, so that it gets verified, or run rollback-ssm, which removes what was never verified.',
  );
}

function toRelease(record: LedgerRecord, reports: readonly HostReport[]): WayBack {
  const lost = reports.filter(
    (report) =>
      record.source === '' && !report.present.some((present) => sameRelease(present, record)),
  );
  if (lost.length === 0) {
    return { kind: 'release', release: { version: record.version, digest: record.digest } };
  }
  const names = lost.map((report) => report.host.id).join(', ');
  return none(
    `${releaseName(record)} is neither on the disk of ${names} nor can it be fetched`,
    reports,
    'Deploy the last verified release again, so that it is on every host.',
  );
}

function none(explanation: string, reports: readonly HostReport[], remedy: string): WayBack {
  const checked = reports.map((report) => {
    const disk = report.present.map((release) => releaseName(release)).join(', ') || 'no release';
    return `${report.host.id} serves ${releaseName(report.current)}; on its disk: ${disk}`;
  });
  return { kind: 'none', ending: stopped('no-way-back', explanation, { checked, remedy }) };
}
