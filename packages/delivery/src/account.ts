import type { ReasonCode } from '@gatewright/verdict';

import type { Host, HostOutcome, HostReport, ReleaseRef } from './model.ts';

/** What is known of one host when a delivery ends. */
export interface HostAccount {
  readonly id: string;
  readonly name: string;
  readonly ipAddress: string;
  /** `untouched`: it got no write command from this delivery. */
  readonly outcome: HostOutcome | 'untouched';
  readonly reasonCode: ReasonCode | null;
  /** The release that it serves as far as is known. */
  readonly release: ReleaseRef | null;
  /** The port of the application; 0 until the host has told it. */
  readonly port: number;
  readonly seconds: number;
  readonly detail: string;
  /** The tail of the host's log; text from a remote machine. */
  readonly log: string;
}

/** The account of the hosts of one delivery, kept while it runs. */
export interface Account {
  /** Notes what read-only operations told, without calling the hosts touched. */
  see(reports: readonly HostReport[]): void;
  /** Notes that these hosts are about to get a write command: from now on they count as touched. */
  touch(hosts: readonly Host[]): void;
  /** Takes `touch` back, for when it is certain that no command went out. */
  untouch(hosts: readonly Host[]): void;
  /** Notes the outcome of a write command. */
  record(reports: readonly HostReport[]): void;
  of(hosts: readonly Host[]): HostAccount[];
  all(): HostAccount[];
  touched(): string[];
  untouched(): string[];
}

/** Opens an account in which every host is untouched. */
export function openAccount(hosts: readonly Host[]): Account {
  const entries = new Map(hosts.map((host) => [host.id, untouchedHost(host)]));
  const touched = new Set<string>();
  const ids = hosts.map((host) => host.id);
  const change = (id: string, next: Partial<HostAccount>): void => {
    const entry = entries.get(id);
    if (entry !== undefined) entries.set(id, { ...entry, ...next });
  };
  return {
    see: (reports) => {
      for (const report of reports) {
        change(report.host.id, { release: report.current, port: report.port });
      }
    },
    touch: (some) => {
      for (const host of some) {
        touched.add(host.id);
        // Until its report is in, nobody knows; a crash from here on must not read as "untouched".
        change(host.id, { outcome: 'unknown', reasonCode: 'host-state-unknown' });
      }
    },
    untouch: (some) => {
      for (const host of some) {
        touched.delete(host.id);
        change(host.id, { outcome: 'untouched', reasonCode: null });
      }
    },
    record: (reports) => {
      for (const report of reports) change(report.host.id, reportedHost(report));
    },
    of: (some) => some.flatMap((host) => entries.get(host.id) ?? []),
    all: () => [...entries.values()],
    touched: () => ids.filter((id) => touched.has(id)),
    untouched: () => ids.filter((id) => !touched.has(id)),
  };
}

function untouchedHost(host: Host): HostAccount {
  return {
    ...host,
    outcome: 'untouched',
    reasonCode: null,
    release: null,
    port: 0,
    seconds: 0,
    detail: '',
    log: '',
  };
}

function reportedHost(report: HostReport): Partial<HostAccount> {
  return {
    outcome: report.outcome,
    reasonCode: report.reasonCode,
    release: report.current,
    // A host that could not answer does not forget the port it told before.
    ...(report.port > 0 ? { port: report.port } : {}),
    seconds: report.seconds,
    detail: report.detail,
    log: report.log,
  };
}
