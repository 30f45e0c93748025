import type { Host, Instance, LedgerDraft, LedgerRecord, Release, ReleaseRef } from '../index.ts';

export function digestOf(version: string): string {
  return Buffer.from(version).toString('hex').padEnd(64, '0').slice(0, 64);
}

export function ref(version: string): ReleaseRef {
  return { version, digest: digestOf(version) };
}

export function release(version: string, over: Partial<Release> = {}): Release {
  return {
    app: 'orders',
    ...ref(version),
    commit: 'c0ffee',
    source: `s3://bucket/orders/${digestOf(version)}/release.tar.gz`,
    rollbackMode: 'safe',
    verify: { suite: version },
    ...over,
  };
}

export function hosts(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `i-${String(index + 1).padStart(17, '0')}`;
    return { id, name: `web-${index + 1}`, ipAddress: `10.0.0.${index + 1}` };
  });
}

export function instance(id: string, over: Partial<Instance> = {}): Instance {
  return {
    id,
    name: id,
    ipAddress: '10.0.0.1',
    pingStatus: 'Online',
    platform: 'Linux',
    agentVersion: '3.3.0.0',
    ...over,
  };
}

export function draft(
  kind: LedgerDraft['kind'],
  version: string,
  over: Partial<LedgerDraft> = {},
): LedgerDraft {
  const { digest, source, commit, rollbackMode, verify } = release(version);
  return {
    schema: 'gatewright.ledger/1',
    kind,
    version,
    digest,
    source,
    commit,
    runId: '1',
    at: '2026-11-20T12:00:00.000Z',
    verify,
    rollbackMode,
    reason: '',
    ...over,
  };
}

/** Numbers the drafts as a ledger would. */
export function ledgerOf(...drafts: LedgerDraft[]): LedgerRecord[] {
  return drafts.map((entry, index) => ({ ...entry, sequence: index + 1 }));
}
