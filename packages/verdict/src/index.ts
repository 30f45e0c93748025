export { gateVerdict, verificationVerdict } from './verdict.ts';
export type { GateVerdict, VerificationVerdict, Verdict } from './verdict.ts';
export { isReasonCode, reasonCodes } from './reason-codes.ts';
export type { ReasonCode } from './reason-codes.ts';
export {
  AccessError,
  ConfigurationError,
  GatewrightError,
  InternalError,
  ServiceError,
} from './errors.ts';
export type { ErrorDetails } from './errors.ts';
export { finding, findingKind, findingPackage, lintLevels, severities } from './finding.ts';
export type { Finding, FindingKind, FindingPackage, LintLevel, Severity } from './finding.ts';
export {
  auditCounts,
  coverageCounts,
  gateEvidence,
  gateName,
  gateResult,
  lintCounts,
  testCounts,
  testOutcome,
} from './gate-result.ts';
export type {
  AuditCounts,
  CoverageCounts,
  GateEvidence,
  GateName,
  GateResult,
  LintCounts,
  TestCounts,
  TestOutcome,
} from './gate-result.ts';
export { waiver } from './waiver.ts';
export type { Waiver } from './waiver.ts';
export { gateRecord } from './gate-record.ts';
export type { GateRecord } from './gate-record.ts';
