import * as z from 'zod';
import {
  decimal,
  headerName,
  jsonPath,
  requestPath,
  shortText,
  text,
  wholeNumber,
} from './scalars.ts';

/** What the suite consists of in both of its forms; see verify-suite-yaml.ts for the one that users write. */
export const leaves = {
  checkName: text(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'lower-case letters, digits and hyphens, at most 63',
  ),
  method: z.enum(['GET', 'HEAD']),
  status: wholeNumber(100, 599),
  deadlineSeconds: wholeNumber(1, 3600),
  consecutiveSuccesses: wholeNumber(1, 100),
  intervalSeconds: decimal(0.05, 60),
  requestTimeoutSeconds: decimal(0.1, 60),
  failuresToFail: wholeNumber(1, 100),
  latencyMs: wholeNumber(1, 60_000),
};

const releaseIdentity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json-path'), path: requestPath, jsonPath }),
  z.strictObject({ kind: z.literal('header'), path: requestPath, header: headerName }),
]);

const jsonExpectation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('equals'), path: jsonPath, equals: z.json() }),
  z.strictObject({ kind: z.literal('exists'), path: jsonPath, exists: z.boolean() }),
]);

const checkExpectation = z.strictObject({
  status: leaves.status,
  headers: z.record(headerName, shortText),
  bodyContains: shortText.optional(),
  json: z.array(jsonExpectation),
  latencyMs: leaves.latencyMs.optional(),
});

const verifyCheck = z.strictObject({
  name: leaves.checkName,
  method: leaves.method,
  path: requestPath,
  expect: checkExpectation,
});

/** The suite in the form that a release carries with it: camelCase, defaults filled in, times in the named unit. */
export const verifySuite = z.strictObject({
  release: releaseIdentity,
  deadlineSeconds: leaves.deadlineSeconds,
  consecutiveSuccesses: leaves.consecutiveSuccesses,
  intervalSeconds: leaves.intervalSeconds,
  requestTimeoutSeconds: leaves.requestTimeoutSeconds,
  failuresToFail: leaves.failuresToFail,
  checks: z.array(verifyCheck).min(1),
});
export type VerifySuite = z.output<typeof verifySuite>;
/** Where a running application tells its release, and how it is read. */
export type ReleaseIdentity = z.output<typeof releaseIdentity>;
/** One smoke check of a suite. */
export type VerifyCheck = z.output<typeof verifyCheck>;
/** What a body must hold at one path. */
export type JsonExpectation = z.output<typeof jsonExpectation>;
