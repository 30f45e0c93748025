export { startAws } from './start.ts';
export type { AwsEmulator, EmulatedHost } from './start.ts';
export type { Faults } from './faults.ts';
export type { CallRecord } from './journal.ts';
export type { HostState } from './host/host.ts';
export type {
  AccessKeyOptions,
  AwsOptions,
  CommandFilter,
  DocumentOptions,
  Fault,
  HostOptions,
  PolicyStatement,
  RoleOptions,
} from './options.ts';
