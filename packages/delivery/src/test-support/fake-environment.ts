import type {
  Clock,
  DeliveryPorts,
  Host,
  HostReport,
  Ledger,
  LedgerDraft,
  LedgerRecord,
  Lock,
  Operation,
  ReleaseRef,
  VerifyOutcome,
} from '../index.ts';
import { digestOf, ledgerOf } from './builders.ts';

/** What one fake host does when it gets a write command. */
export type Behaviour = 'good' | 'not-applied' | 'restored' | 'unknown' | 'lies' | 'silent';

interface FakeHost {
  current: ReleaseRef | null;
  previous: ReleaseRef | null;
  present: ReleaseRef[];
  onApply: Behaviour;
  onRevert: Behaviour;
  /** Answers `status` and `preflight` with an outcome of its own. */
  look?: Partial<HostReport>;
}

export interface FakeEnvironment {
  readonly ports: DeliveryPorts;
  readonly hosts: Map<string, FakeHost>;
  readonly records: LedgerRecord[];
  /** Everything that went through the ports, in order. */
  readonly calls: { what: string; hosts: string[] }[];
  readonly abort: () => void;
  /** Runs before the port call of this name is served; may throw. */
  before(what: string, action: () => void): void;
  /** From the given renewal on (1 is the first) the lock is lost. */
  loseLockAt(renewal: number): void;
  /** What the verifier answers for this version. */
  verdictOf(version: string, outcome: VerifyOutcome): void;
}

const passed: VerifyOutcome = { verdict: 'pass', reasonCode: 'verified', explanation: 'fine' };

/** A whole environment in memory; every host serves `serving` at first. */
export function fakeEnvironment(
  roster: readonly Host[],
  serving: ReleaseRef | null,
  drafts: LedgerDraft[] = [],
): FakeEnvironment {
  const abort = new AbortController();
  const calls: FakeEnvironment['calls'] = [];
  const hooks = new Map<string, () => void>();
  const verdicts = new Map<string, VerifyOutcome>();
  const records = ledgerOf(...drafts);
  const hosts = new Map(roster.map((host): [string, FakeHost] => [host.id, fakeHost(serving)]));
  const lock = { lostAt: Number.POSITIVE_INFINITY };
  const note: Note = async (what, ids = []) => {
    await Promise.resolve();
    calls.push({ what, hosts: [...ids] });
    hooks.get(what)?.();
  };
  const ports: DeliveryPorts = {
    clock: fakeClock(note),
    signal: abort.signal,
    fleet: {
      discover: () => Promise.resolve([]),
      run: async (operation, some) => {
        await note(
          operation.kind,
          some.map((host) => host.id),
        );
        return some.flatMap((host) => act(operation, host, hosts.get(host.id)));
      },
    },
    lock: fakeLock(note, lock),
    ledger: fakeLedger(note, records),
    verify: async ({ targets, release }) => {
      await note(
        `verify ${release.version}`,
        targets.map((target) => target.name),
      );
      return verdicts.get(release.version) ?? passed;
    },
  };
  return {
    ports,
    hosts,
    records,
    calls,
    abort: () => abort.abort(),
    before: (what, action) => hooks.set(what, action),
    loseLockAt: (renewal) => {
      lock.lostAt = renewal;
    },
    verdictOf: (version, outcome) => verdicts.set(version, outcome),
  };
}

type Note = (what: string, ids?: readonly string[]) => Promise<void>;

function fakeClock(note: Note): Clock {
  let now = Date.UTC(2026, 10, 20);
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      await note('sleep');
      now += milliseconds;
    },
  };
}

function fakeLock(note: Note, state: { lostAt: number }): Lock {
  let renewals = 0;
  return {
    acquire: async () => {
      await note('acquire');
      return { kind: 'acquired', generation: 7 };
    },
    renew: async () => {
      await note('renew');
      renewals += 1;
      return renewals < state.lostAt;
    },
    release: () => Promise.resolve(),
  };
}

function fakeLedger(note: Note, records: LedgerRecord[]): Ledger {
  return {
    read: () => Promise.resolve([...records]),
    append: async (entry) => {
      await note(`append ${entry.kind} ${entry.version}`);
      const record = { ...entry, sequence: records.length + 1 };
      records.push(record);
      return record;
    },
    check: () => undefined,
  };
}

function fakeHost(serving: ReleaseRef | null): FakeHost {
  return {
    current: serving,
    previous: null,
    present: serving === null ? [] : [serving],
    onApply: 'good',
    onRevert: 'good',
  };
}

function act(operation: Operation, host: Host, state: FakeHost | undefined): HostReport[] {
  if (state === undefined) throw new Error(`no fake host ${host.id}`);
  if (operation.kind === 'apply') {
    return change(host, state, state.onApply, operation.release, 'applied');
  }
  if (operation.kind === 'revert') {
    return change(host, state, state.onRevert, operation.to, 'restored');
  }
  return [{ ...report(host, state, 'ready'), ...state.look }];
}

function change(
  host: Host,
  state: FakeHost,
  behaviour: Behaviour,
  to: ReleaseRef | null,
  success: 'applied' | 'restored',
): HostReport[] {
  if (behaviour === 'silent') return [];
  if (behaviour === 'lies') return [report(host, state, success)];
  if (behaviour !== 'good') return [report(host, state, behaviour)];
  state.previous = state.current;
  state.current = to === null ? null : { version: to.version, digest: digestOf(to.version) };
  if (state.current !== null) state.present.push(state.current);
  return [report(host, state, success)];
}

function report(host: Host, state: FakeHost, outcome: HostReport['outcome']): HostReport {
  const good = outcome === 'ready' || outcome === 'applied';
  return {
    host,
    outcome,
    reasonCode: good ? 'delivered' : outcome === 'restored' ? 'rolled-back' : 'hook-failed',
    detail: `fake ${outcome}`,
    current: outcome === 'unknown' ? null : state.current,
    previous: state.previous,
    present: state.present,
    port: 8080,
    seconds: 1,
    log: '',
  };
}
