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
