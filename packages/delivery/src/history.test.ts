import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { chooseRollbackTarget, lastKnownGood, sameRelease } from './index.ts';
import type { LedgerDraft } from './index.ts';
import { draft, ledgerOf, ref } from './test-support/builders.ts';

const wish = { to: 'previous', from: ref('1.2.0'), runId: '9' };

describe('the last known good release', () => {
  it('is the newest verified one', () => {
    const records = ledgerOf(draft('verified', '1.0.0'), draft('verified', '1.1.0'));
    expect(lastKnownGood(records)?.version).toBe('1.1.0');
  });

  it('is not one that was denied later, but one that was verified again after its denial', () => {
    const drafts = [
      draft('verified', '1.0.0'),
      draft('verified', '1.1.0'),
      draft('denied', '1.1.0'),
    ];
    expect(lastKnownGood(ledgerOf(...drafts))?.version).toBe('1.0.0');
    const again = ledgerOf(...drafts, draft('verified', '1.1.0'));
    expect(lastKnownGood(again)?.version).toBe('1.1.0');
  });

  it('is the release that a rollback returned to', () => {
    const records = ledgerOf(
      draft('verified', '1.0.0'),
      draft('verified', '1.1.0'),
      draft('rolled-back', '1.0.0'),
    );
    expect(lastKnownGood(records)?.version).toBe('1.0.0');
  });

  it('takes a denial without a digest for the whole version', () => {
    const records = ledgerOf(draft('verified', '1.0.0'), draft('denied', '1.0.0', { digest: '' }));
    expect(lastKnownGood(records)).toBeUndefined();
  });
});

describe('chooseRollbackTarget', () => {
  it('goes to the newest verified release that is not the one being left', () => {
    const records = ledgerOf(draft('verified', '1.1.0'), draft('verified', '1.2.0'));
    const target = chooseRollbackTarget(records, wish);
    expect(target).toMatchObject({ kind: 'release', record: { version: '1.1.0' } });
  });

  it('goes back to nothing on a first deployment, also when this run had verified it', () => {
    expect(chooseRollbackTarget([], wish)).toEqual({ kind: 'nothing' });
    const own = ledgerOf(draft('verified', '1.2.0', { runId: '9' }));
    expect(chooseRollbackTarget(own, wish)).toEqual({ kind: 'nothing' });
  });

  it('refuses to stop a release that an earlier run verified', () => {
    const records = ledgerOf(draft('verified', '1.2.0', { runId: '1' }));
    expect(chooseRollbackTarget(records, wish)).toMatchObject({ reasonCode: 'no-way-back' });
    expect(chooseRollbackTarget(records, { ...wish, to: 'nothing' })).toMatchObject({
      reasonCode: 'no-way-back',
    });
  });

  it.each([
    ['2.0.0', 'release-unknown'],
    ['1.0.0', 'no-way-back'],
    ['1.2.0', 'no-way-back'],
  ])('refuses to go to %s: %s', (to, reasonCode) => {
    const records = ledgerOf(
      draft('verified', '1.0.0'),
      draft('denied', '1.0.0'),
      draft('verified', '1.1.0'),
      draft('verified', '1.2.0'),
    );
    expect(chooseRollbackTarget(records, { ...wish, to })).toMatchObject({
      kind: 'refused',
      reasonCode,
    });
  });

  it('does not cross a release that is declared forward-only', () => {
    const records = ledgerOf(
      draft('verified', '1.0.0'),
      draft('verified', '1.1.0', { rollbackMode: 'forward-only' }),
      draft('verified', '1.2.0'),
    );
    expect(chooseRollbackTarget(records, wish)).toMatchObject({ record: { version: '1.1.0' } });
    expect(chooseRollbackTarget(records, { ...wish, to: '1.0.0' })).toMatchObject({
      reasonCode: 'no-way-back',
    });
  });

  it('does not mind a forward-only release that is older than the target', () => {
    const records = ledgerOf(
      draft('verified', '1.0.0', { rollbackMode: 'forward-only' }),
      draft('verified', '1.1.0'),
      draft('verified', '1.2.0'),
    );
    expect(chooseRollbackTarget(records, wish)).toMatchObject({ record: { version: '1.1.0' } });
  });

  it('never chooses the release being left, nor one whose last word is a denial', () => {
    const version = fc.constantFrom('1.0.0', '1.1.0', '1.2.0', '1.3.0');
    const kind = fc.constantFrom<LedgerDraft['kind'][]>('verified', 'denied', 'rolled-back');
    const history = fc.array(fc.tuple(kind, version), { maxLength: 12 });
    fc.assert(
      fc.property(
        history,
        fc.oneof(version, fc.constant('previous')),
        version,
        (entries, to, from) => {
          const records = ledgerOf(...entries.map(([k, v]) => draft(k, v)));
          const target = chooseRollbackTarget(records, { to, from: ref(from), runId: '9' });
          if (target.kind !== 'release') return;
          expect(sameRelease(target.record, ref(from))).toBe(false);
          const last = records.findLast((record) => record.version === target.record.version);
          expect(last?.kind).not.toBe('denied');
        },
      ),
    );
  });
});
