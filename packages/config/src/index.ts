export { hookNames } from './app-config.ts';
export type { AppConfig, AppConfigInput, Hook, HookName, Hooks } from './app-config.ts';
export { checkTogether } from './check-together.ts';
export { readGateRules } from './gate-rules.ts';
export type { GateRules, RulePaths } from './gate-rules.ts';
export { defaultGatesPolicy } from './gates-policy.ts';
export type { GatesPolicy } from './gates-policy.ts';
export { appConfigJsonSchema, policyJsonSchema, waiversJsonSchema } from './json-schema.ts';
export { loadAppConfig, loadPolicy, loadReleaseManifest, loadWaivers } from './load.ts';
export { environmentPolicy } from './policy.ts';
export type {
  BranchRule,
  EnvironmentPolicy,
  Policy,
  PolicyInput,
  Protection,
  Reviewer,
  Strategy,
} from './policy.ts';
export { formatLocated, formatProblem } from './problem.ts';
export type { LocatedProblem, Problem } from './problem.ts';
export {
  appConfigPath,
  policyPath,
  readAppConfig,
  readPolicy,
  readReleaseManifest,
  readWaivers,
  waiversPath,
} from './read.ts';
export {
  artifactFileName,
  manifestFileName,
  maxArtifactBytes,
  releaseManifest,
} from './release-manifest.ts';
export type { ReleaseManifest } from './release-manifest.ts';
export { verifySuite } from './verify-suite.ts';
export type { ReleaseIdentity, VerifyCheck, VerifySuite } from './verify-suite.ts';
