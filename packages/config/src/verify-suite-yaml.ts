import * as z from 'zod';
import { headerName, jsonPath, requestPath, shortText } from './scalars.ts';
import { leaves } from './verify-suite.ts';
import type { JsonExpectation, ReleaseIdentity, VerifySuite } from './verify-suite.ts';

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
  .transform((expectation, context): JsonExpectation => {
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

/**
 * `verify:` of gatewright.yml: the suite as users write it, in kebab-case and with defaults. Apart from the form that travels
 * with a release, since only whoever reads gatewright.yml needs it.
 */
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
