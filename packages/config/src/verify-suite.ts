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

/**
 * The verify suite twice: as users write it in `gatewright.yml` (kebab-case, with defaults) and as it travels in the
 * manifest of a release and in the ledger (camelCase, everything spelled out). The leaves are shared.
 */
const leaves = {
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

const yamlRelease = z
  .strictObject({
    path: requestPath.describe('Path that tells the release, for example /healthz.'),
    'json-path': jsonPath
      .optional()
      .describe('JSONPath (RFC 9535) of the release in a JSON answer; the match is exact.'),
    header: headerName
      .optional()
      .describe('Name of the answer header that carries the release; the match is exact.'),
  })
  .meta({ oneOf: [{ required: ['json-path'] }, { required: ['header'] }] })
  .transform((release, context): ReleaseIdentity => {
    const { path, header, 'json-path': jsonPathText } = release;
    if (jsonPathText !== undefined && header === undefined) {
      return { kind: 'json-path', path, jsonPath: jsonPathText };
    }
    if (header !== undefined && jsonPathText === undefined) return { kind: 'header', path, header };
    context.addIssue({ code: 'custom', message: 'give exactly one of json-path and header' });
    return z.NEVER;
  });

const yamlJsonExpectation = z
  .strictObject({
    path: jsonPath.describe('JSONPath (RFC 9535) into the body.'),
    equals: z.json().optional().describe('The value that the path must select, compared exactly.'),
    exists: z.boolean().optional().describe('Whether the path must select anything at all.'),
  })
  .meta({ oneOf: [{ required: ['equals'] }, { required: ['exists'] }] })
  .transform((expectation, context): z.output<typeof jsonExpectation> => {
    const { path, equals, exists } = expectation;
    if (equals !== undefined && exists === undefined) return { kind: 'equals', path, equals };
    if (exists !== undefined && equals === undefined) return { kind: 'exists', path, exists };
    context.addIssue({ code: 'custom', message: 'give exactly one of equals and exists' });
    return z.NEVER;
  });

const yamlExpect = z
  .strictObject({
    status: leaves.status.default(200).describe('The exact status code.'),
    headers: z
      .record(headerName, shortText)
      .default({})
      .describe('Header name to a text that its value must contain.'),
    'body-contains': shortText.optional().describe('A text that the body must contain.'),
    json: z.array(yamlJsonExpectation).default([]).describe('What the JSON body must hold.'),
    'latency-ms': leaves.latencyMs
      .optional()
      .describe('Longest time to the end of the answer that counts as success, in milliseconds.'),
  })
  .transform((expect) => ({
    status: expect.status,
    headers: expect.headers,
    bodyContains: expect['body-contains'],
    json: expect.json,
    latencyMs: expect['latency-ms'],
  }));

const yamlCheck = z
  .strictObject({
    name: leaves.checkName.describe('Name of the check in reports; unique in the suite.'),
    path: requestPath.describe('Path of the request.'),
    method: leaves.method.default('GET').describe('HTTP method.'),
    expect: yamlExpect.prefault({}).describe('What a good answer is; by default status 200.'),
  })
  .refine(
    ({ method, expect }) =>
      method !== 'HEAD' || (expect.bodyContains ?? expect.json[0]) === undefined,
    {
      error: 'an answer to HEAD has no body, so body-contains and json can never succeed',
      path: ['method'],
    },
  );

/** `verify:` of gatewright.yml. */
export const verifySuiteYaml = z
  .strictObject({
    release: yamlRelease.describe('How the running release is told from another one.'),
    'deadline-seconds': leaves.deadlineSeconds
      .default(60)
      .describe('Time for convergence and all checks together, in seconds.'),
    'consecutive-successes': leaves.consecutiveSuccesses
      .default(3)
      .describe('Good answers in a row that a check needs, each on a fresh connection.'),
    'interval-seconds': leaves.intervalSeconds
      .default(1)
      .describe('Wait between two requests to one host, in seconds.'),
    'request-timeout-seconds': leaves.requestTimeoutSeconds
      .default(5)
      .describe('Longest time of one request, in seconds; a longer one is no answer.'),
    'failures-to-fail': leaves.failuresToFail
      .default(3)
      .describe(
        'Wrong answers in a row, from the right release, that settle a check before the deadline.',
      ),
    checks: z.array(yamlCheck).min(1).describe('The smoke checks, each run against each host.'),
  })
  .superRefine((suite, context) => {
    for (const [index, { name }] of suite.checks.entries()) {
      const first = suite.checks.findIndex((check) => check.name === name);
      if (first === index) continue;
      const message = `the name "${name}" is used already, by checks[${first}]`;
      context.addIssue({ code: 'custom', message, path: ['checks', index, 'name'] });
    }
    const shortest = 2 * (suite['consecutive-successes'] - 1) * suite['interval-seconds'];
    if (shortest >= suite['deadline-seconds']) {
      const message =
        `can never be met: convergence and checks wait ${shortest} s at least ` +
        '(2 × (consecutive-successes − 1) × interval-seconds)';
      context.addIssue({ code: 'custom', message, path: ['deadline-seconds'] });
    }
  })
  .transform((suite): VerifySuite => ({
    release: suite.release,
    deadlineSeconds: suite['deadline-seconds'],
    consecutiveSuccesses: suite['consecutive-successes'],
    intervalSeconds: suite['interval-seconds'],
    requestTimeoutSeconds: suite['request-timeout-seconds'],
    failuresToFail: suite['failures-to-fail'],
    checks: suite.checks,
  }));
