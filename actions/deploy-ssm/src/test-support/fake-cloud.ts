import type { AwsEnvironment, openEnvironment } from '@gatewright/aws';
import type { Host, HostReport, Instance, LedgerDraft, Operation } from '@gatewright/delivery';
import { fakeClock } from '@gatewright/testing';

/** An environment in memory; every host does what it is asked, unless the test changes `answer`. */
export interface FakeCloud {
  readonly open: typeof openEnvironment;
  readonly calls: string[];
  readonly records: LedgerDraft[];
  instances: Instance[];
  answer: (operation: Operation, host: Host) => Partial<HostReport>;
}

export function instance(number: number, over: Partial<Instance> = {}): Instance {
  return {
    id: `i-0000000000000000${number}`,
    name: `web-${number}`,
    ipAddress: `10.0.0.${number}`,
    pingStatus: 'Online',
    platform: 'Linux',
    agentVersion: '3.3.0.0',
    ...over,
  };
}

export function fakeCloud(): FakeCloud {
  const calls: string[] = [];
  const records: LedgerDraft[] = [];
  const note = async (what: string): Promise<void> => {
    await Promise.resolve();
    calls.push(what);
  };
  const cloud: FakeCloud = {
    calls,
    records,
    instances: [instance(1), instance(2)],
    answer: () => ({}),
    open: (place, options): AwsEnvironment => ({
      clock: fakeClock(),
      calls: () => calls.length,
      close: () => void calls.push('close'),
      verifyDocument: () => note('verifyDocument'),
      watch: () => Promise.reject(new Error('not in this test')),
      artifacts: {
        calls: () => 0,
        put: async ({ digest }) => {
          await note('put');
          return `s3://${place.bucket}/${digest}`;
        },
      },
      lock: {
        acquire: async () => {
          await note('acquire');
          return { kind: 'acquired', generation: 3 };
        },
        renew: () => Promise.resolve(true),
        release: () => note('release'),
      },
      ledger: {
        check: () => undefined,
        read: () =>
          Promise.resolve(records.map((record, index) => ({ ...record, sequence: index + 1 }))),
        append: async (record) => {
          await note(`append ${record.kind}`);
          return { ...record, sequence: records.push(record) };
        },
      },
      fleet: {
        discover: async () => {
          await note('discover');
          return cloud.instances;
        },
        run: async (operation, hosts) => {
          await note(operation.kind);
          options?.observe?.({
            kind: 'command-sent',
            commandId: `c-${operation.step}`,
            operation: operation.kind,
            hostIds: hosts.map((host) => host.id),
          });
          return hosts.map((host) => ({
            ...obey(operation, host),
            ...cloud.answer(operation, host),
          }));
        },
      },
    }),
  };
  return cloud;
}

function obey(operation: Operation, host: Host): HostReport {
  const common = { host, previous: null, present: [], port: 8080, seconds: 1, log: '' };
  if (operation.kind === 'apply') {
    const { version, digest } = operation.release;
    const current = { version, digest };
    return { ...common, outcome: 'applied', reasonCode: 'release-applied', detail: 'ok', current };
  }
  return { ...common, outcome: 'ready', reasonCode: 'host-ready', detail: 'ok', current: null };
}
