import * as z from 'zod';

/**
 * How a gate ended. `error` means that no usable evidence was found, which is never a pass; `skipped` means that the
 * policy said not to run it.
 */
export const gateVerdict = z.enum(['pass', 'fail', 'error', 'skipped']);
export type GateVerdict = z.infer<typeof gateVerdict>;

/**
 * How a verification or a delivery ended. `inconclusive` means that evidence exists but does not decide; `error` means
 * that it could not be had.
 */
export const verificationVerdict = z.enum(['pass', 'fail', 'inconclusive', 'error']);
export type VerificationVerdict = z.infer<typeof verificationVerdict>;

/** Every verdict that an action can report in its `verdict` output. */
export type Verdict = GateVerdict | VerificationVerdict;
