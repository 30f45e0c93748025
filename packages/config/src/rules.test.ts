import { describe, expect, it } from '@jest/globals';
import {
  appConfigJsonSchema,
  checkTogether,
  environmentPolicy,
  formatProblem,
  loadAppConfig,
  loadPolicy,
  policyJsonSchema,
  waiversJsonSchema,
} from './index.ts';
import type { AppConfig, EnvironmentPolicy } from './index.ts';

const appWith = (hooks: string): AppConfig =>
  loadAppConfig(
    `version: 1
app: sample
package: { include: [a] }
service: { port: 1 }
hooks: { ${hooks} }
verify: { release: { path: /, header: x }, checks: [{ name: a, path: / }] }
`,
    'g.yml',
  );
const hook = (name: string, seconds: number): string =>
  `${name}: { command: [a], timeout-seconds: ${seconds} }`;

const policy = loadPolicy(
  `version: 1
environments:
  live:
    protection: none
    aws: { region: eu-west-1, role-to-assume: "arn:aws:iam::111122223333:role/x", artifact-bucket: abc }
    targets: { tags: { App: sample } }
    strategy: { kind: all-at-once }
    limits: { host-timeout-seconds: 100 }
`,
  'p.yml',
);
const live: EnvironmentPolicy = environmentPolicy(policy, 'live');

describe('checkTogether', () => {
  it('is content when the hooks, the way back included, fit into the time of a host', () => {
    const app = appWith(
      [hook('install', 20), hook('stop', 10), hook('start', 10), hook('health', 20)].join(),
    );
    expect(checkTogether(app, live)).toEqual([]);
  });

  it('says how long the hooks may take when they do not fit', () => {
    const app = appWith(
      [hook('install', 21), hook('stop', 10), hook('start', 10), hook('health', 20)].join(),
    );
    expect(checkTogether(app, live).map(formatProblem)).toEqual([
      'limits.host-timeout-seconds: shorter than the hooks of sample may take on one host: 61 s to the new release and 40 s back to the old one if it is bad (got 100; accepted at least 101, or shorter timeout-seconds of the hooks in gatewright.yml)',
    ]);
  });

  it('counts restart in place of stop and start', () => {
    const app = appWith([hook('stop', 90), hook('restart', 30), hook('health', 20)].join());
    expect(checkTogether(app, live)).toEqual([]);
  });
});

describe('environmentPolicy', () => {
  it('names the environments that there are', () => {
    expect(() => environmentPolicy(policy, 'prod')).toThrow(
      expect.objectContaining({
        reasonCode: 'environment-undeclared',
        message: 'The policy does not declare the environment "prod"; it declares: live.',
      }),
    );
    expect(() => environmentPolicy(policy, 'constructor')).toThrow('does not declare');
  });
});

describe('JSON Schema for editors', () => {
  it.each([
    ['gatewright.yml', 'gatewright.schema.json', appConfigJsonSchema()],
    ['.github/gatewright/policy.yml', 'policy.schema.json', policyJsonSchema()],
    ['.github/gatewright/waivers.yml', 'waivers.schema.json', waiversJsonSchema()],
  ])('of %s describes every key as it is written, and allows no other', (title, $id, schema) => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id,
      title,
      description: expect.any(String),
      type: 'object',
      additionalProperties: false,
    });
    const keys: string[] = [];
    const undescribed: string[] = [];
    const visit = (node: unknown, way: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node)) {
        const isProperty = way.endsWith('/properties');
        if (isProperty) keys.push(key);
        if (isProperty && !('description' in Object(child)) && !('const' in Object(child)))
          undescribed.push(`${way}/${key}`);
        visit(child, `${way}/${key}`);
      }
    };
    visit(schema, '');
    expect(keys.length).toBeGreaterThanOrEqual(10);
    expect(keys.filter((key) => /[A-Z]/.test(key))).toEqual([]);
    expect(undescribed).toEqual([]);
  });
});
