import type { ReasonCode } from '@gatewright/verdict';

import type { LedgerRecord } from './ledger.ts';
import { releaseName, sameRelease } from './model.ts';
import type { ReleaseRef } from './model.ts';

/** Where a rollback goes, or why it cannot. */
export type RollbackTarget =
  | { readonly kind: 'release'; readonly record: LedgerRecord }
  /** Nothing was ever verified here before: the application is stopped and the hosts serve nothing, as before. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'refused';
      readonly reasonCode: ReasonCode;
      readonly explanation: string;
      readonly checked: readonly string[];
      readonly remedy: string;
    };

/**
 * The newest release that was proven good in this environment and was not denied afterwards. A rollback proves a
 * release anew, so after going back from 1.1.0 to 1.0.0 the last known good one is 1.0.0.
 */
export function lastKnownGood(records: readonly LedgerRecord[]): LedgerRecord | undefined {
  return goodRecords(records)[0];
}

/**
 * Chooses the release to return to.
 *
 * @param wish.to `previous`; a version, which must stand in the ledger as verified and not denied later; or `nothing`,
 *   which is refused where another run verified a release.
 * @param wish.from The release being left; null when the hosts do not agree on one. It is never the answer.
 * @param wish.runId The run that asks. What this very run verified does not count as an earlier release: when it is
 *   all there is, this is a first deployment, and the way back is to nothing.
 */
export function chooseRollbackTarget(
  records: readonly LedgerRecord[],
  wish: { readonly to: string; readonly from: ReleaseRef | null; readonly runId: string },
): RollbackTarget {
  if (wish.to === 'nothing') return nothingTarget(records, wish.runId);
  const target =
    wish.to === 'previous' ? previousTarget(records, wish) : namedTarget(records, wish);
  const barrier = target.kind === 'release' ? forwardOnlySince(records, target.record) : undefined;
  if (barrier === undefined) return target;
  const explanation = `the way back crosses ${releaseName(barrier)}, which is declared forward-only`;
  return refused('no-way-back', explanation, records);
}

function previousTarget(
  records: readonly LedgerRecord[],
  wish: { readonly from: ReleaseRef | null; readonly runId: string },
): RollbackTarget {
  const good = goodRecords(records);
  const target = good.find((record) => !sameRelease(record, wish.from));
  if (target !== undefined) return { kind: 'release', record: target };
  if (good.every((record) => record.runId === wish.runId)) return { kind: 'nothing' };
  const explanation = `${releaseName(wish.from)} is the only release ever verified in this environment`;
  return refused('no-way-back', explanation, records);
}

function nothingTarget(records: readonly LedgerRecord[], runId: string): RollbackTarget {
  return goodRecords(records).every((record) => record.runId === runId)
    ? { kind: 'nothing' }
    : refused('no-way-back', 'a verified release exists to go back to', records);
}

function namedTarget(
  records: readonly LedgerRecord[],
  wish: { readonly to: string; readonly from: ReleaseRef | null },
): RollbackTarget {
  const known = records.filter((record) => record.version === wish.to && record.kind !== 'denied');
  if (known.length === 0) {
    return refused('release-unknown', `${wish.to} was never verified in this environment`, records);
  }
  const target = goodRecords(records).find((record) => record.version === wish.to);
  if (target === undefined) {
    return refused('no-way-back', `${wish.to} was denied after it had been verified`, records);
  }
  return sameRelease(target, wish.from)
    ? refused('no-way-back', `${wish.to} is the release that is being left`, records)
    : { kind: 'release', record: target };
}

function refused(
  reasonCode: ReasonCode,
  explanation: string,
  records: readonly LedgerRecord[],
): RollbackTarget {
  const good = goodRecords(records).map((record) => releaseName(record));
  const names = [...new Set(good)].join(', ') || 'none';
  return {
    kind: 'refused',
    reasonCode,
    explanation,
    checked: [`records in the ledger: ${records.length}`, `verified and not denied: ${names}`],
    remedy: 'Name one of the verified releases, or bring a repaired release forward.',
  };
}

/** Newest first. */
function goodRecords(records: readonly LedgerRecord[]): LedgerRecord[] {
  const newestFirst = records.toSorted((left, right) => right.sequence - left.sequence);
  const denials = newestFirst.filter((record) => record.kind === 'denied');
  return newestFirst.filter(
    (record) => record.kind !== 'denied' && !denials.some((denial) => denies(denial, record)),
  );
}

/** A denial whose digest was never learnt stands for the version. */
function denies(denial: LedgerRecord, record: LedgerRecord): boolean {
  if (denial.sequence < record.sequence) return false;
  return denial.digest === '' ? denial.version === record.version : denial.digest === record.digest;
}

/** A forward-only release that was verified after the target: what it changed would not be undone. */
function forwardOnlySince(
  records: readonly LedgerRecord[],
  target: LedgerRecord,
): LedgerRecord | undefined {
  return records.find(
    (record) =>
      record.kind !== 'denied' &&
      record.rollbackMode === 'forward-only' &&
      record.sequence > target.sequence &&
      !sameRelease(record, target),
  );
}
