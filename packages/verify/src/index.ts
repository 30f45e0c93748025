export { systemClock } from './clock.ts';
export { httpProbe, maxBodyBytes } from './http-probe.ts';
export type {
  CheckExpectation,
  CheckReport,
  Clock,
  JsonExpectation,
  JsonValue,
  Mismatch,
  Probe,
  ProbeRequest,
  ProbeResult,
  ProbeTimings,
  ReleaseIdentity,
  Target,
  TargetReport,
  VerifyCheck,
  VerifyEvent,
  VerifyReport,
  VerifySuite,
} from './model.ts';
export { renderVerifyReport } from './render-report.ts';
export type { VerifyRequest } from './session.ts';
export { suiteProblems, verifyRelease } from './verify-release.ts';
