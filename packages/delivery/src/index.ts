export type { HostAccount } from './account.ts';
export { describeEvent } from './describe-event.ts';
export { describePlan, hostsPerCommand } from './describe-plan.ts';
export type { DeliveryLimits, PlanDescription } from './describe-plan.ts';
export type { Ending } from './ending.ts';
export type { DeliveryEvent, Observe } from './events.ts';
export { chooseRollbackTarget, lastKnownGood } from './history.ts';
export type { RollbackTarget } from './history.ts';
export { ledgerDraft } from './ledger.ts';
export type { LedgerDraft, LedgerRecord } from './ledger.ts';
export { releaseName, sameRelease } from './model.ts';
export type {
  Host,
  HostOutcome,
  HostReport,
  Instance,
  Release,
  ReleaseRef,
  Strategy,
  Wave,
} from './model.ts';
export type {
  Clock,
  DeliveryPorts,
  Fleet,
  Ledger,
  Lock,
  LockAnswer,
  Operation,
  Verifier,
  VerifyOutcome,
  VerifyTarget,
} from './ports.ts';
export { markdownText, renderHosts } from './render-hosts.ts';
export { rollback } from './rollback.ts';
export type { RollbackPlan, RollbackResult, UnreachableHost } from './rollback-model.ts';
export { rollout } from './rollout.ts';
export type { RolloutPlan, RolloutResult, WaveResult } from './rollout-model.ts';
export { buildRoster } from './roster.ts';
export type { ExcludedInstance, Roster, RosterProblem } from './roster.ts';
export { hostUrl } from './verify-hosts.ts';
export { planWaves } from './waves.ts';
export { proveWayBack } from './way-back.ts';
export type { WayBack } from './way-back.ts';
