import type { ReasonCode } from './reason-codes.ts';

/** What an error tells besides its message. */
export interface ErrorDetails {
  /** What was looked at before giving up, one fact an entry; shown as a list. */
  readonly checked?: readonly string[];
  /** What the user should do next, one sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** The root of every error that Gatewright throws on purpose. */
export abstract class GatewrightError extends Error {
  readonly reasonCode: ReasonCode;
  readonly checked: readonly string[];
  readonly remedy: string | undefined;

  constructor(reasonCode: ReasonCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.reasonCode = reasonCode;
    this.checked = details.checked ?? [];
    this.remedy = details.remedy;
  }
}

/** The user can mend it in their own files or settings. */
export class ConfigurationError extends GatewrightError {}

/** A permission or a credential is missing; the message names the API call and the IAM action or token scope. */
export class AccessError extends GatewrightError {}

/** AWS or GitHub failed after all retries. */
export class ServiceError extends GatewrightError {}

/** A defect of Gatewright. */
export class InternalError extends GatewrightError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('internal-error', message, details);
  }
}
