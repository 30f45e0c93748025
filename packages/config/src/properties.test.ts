import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@gatewright/verdict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { appConfigSchema } from './app-config.ts';
import { loadAppConfig, loadPolicy } from './index.ts';
import { policySchema } from './policy.ts';
import { formatKey } from './problem.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const anyLine = fc.stringMatching(/^[^\p{Cc}]{1,30}$/u);
const seconds = fc.integer({ min: 1, max: 3600 });
const argv = fc
  .tuple(word, fc.array(anyLine, { maxLength: 4 }))
  .map(([program, rest]): [string, ...string[]] => [program, ...rest]);
const hook = fc.record(
  { command: argv, 'timeout-seconds': seconds },
  { requiredKeys: ['command'] },
);
const path = word.map((name) => `/${name}?q=~`);
const jsonItem = fc.oneof(
  fc.record({
    path: fc.constant('$.a'),
    equals: fc
      .jsonValue()
      .filter((value) => !/__proto__|-0/.test(JSON.stringify(value)))
      .map((value): unknown => JSON.parse(JSON.stringify(value))),
  }),
  fc.record({ path: fc.constant('$.b'), exists: fc.boolean() }),
);
const check = fc.record(
  {
    path,
    expect: fc.record(
      {
        status: fc.integer({ min: 100, max: 599 }),
        headers: fc.dictionary(word, anyLine, { maxKeys: 3 }),
        'body-contains': anyLine,
        json: fc.array(jsonItem, { maxLength: 3 }),
        'latency-ms': seconds,
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['path'] },
);

const app = fc.record(
  {
    version: fc.constant(1),
    app: word,
    package: fc.record(
      { include: fc.uniqueArray(word, { minLength: 1, maxLength: 4 }), build: argv },
      { requiredKeys: ['include'] },
    ),
    service: fc.record({ port: fc.integer({ min: 1, max: 65_535 }) }),
    hooks: fc.record(
      { install: hook, start: hook, stop: hook, health: hook },
      { requiredKeys: ['start', 'health'] },
    ),
    verify: fc.record(
      {
        release: fc.oneof(
          fc.record({ path, 'json-path': fc.constant('$.release') }),
          fc.record({ path, header: word }),
        ),
        'deadline-seconds': fc.integer({ min: 300, max: 3600 }),
        checks: fc
          .array(check, { minLength: 1, maxLength: 3 })
          .map((checks) => checks.map((one, index) => ({ ...one, name: `check-${index}` }))),
      },
      { requiredKeys: ['release', 'checks'] },
    ),
    rollback: fc.record({ mode: fc.constantFrom('safe', 'forward-only') }),
  },
  { requiredKeys: ['version', 'app', 'package', 'service', 'hooks', 'verify'] },
);

const environment = fc.record(
  {
    protection: fc.oneof(
      fc.constant('none'),
      fc.record(
        {
          reviewers: fc.array(
            word.map((name) => `user:${name}`),
            { minLength: 1, maxLength: 6 },
          ),
          'wait-minutes': fc.nat({ max: 43_200 }),
          branches: fc.oneof(
            fc.constant('protected'),
            fc.array(word, { minLength: 1, maxLength: 3 }),
          ),
        },
        { requiredKeys: ['wait-minutes'] },
      ),
    ),
    aws: fc.record({
      region: fc.constantFrom('eu-west-1', 'us-gov-west-1'),
      'role-to-assume': fc.constant('arn:aws:iam::111122223333:role/deploy'),
      'artifact-bucket': fc.constant('acme-releases'),
    }),
    targets: fc.record(
      { tags: fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 }), 'minimum-hosts': seconds },
      { requiredKeys: ['tags'] },
    ),
    strategy: fc.oneof(
      fc.constant({ kind: 'all-at-once' }),
      fc.record({
        kind: fc.constant('rolling'),
        'wave-size': fc.oneof(
          seconds,
          fc.integer({ min: 1, max: 100 }).map((n) => `${n}%`),
        ),
      }),
    ),
    'probe-hosts': fc.boolean(),
  },
  { requiredKeys: ['protection', 'aws', 'targets', 'strategy'] },
);
const policy = fc
  .dictionary(word, environment, { minKeys: 1, maxKeys: 3 })
  .map((environments) => ({ version: 1, environments }));

const required =
  'version app package package.include service service.port hooks hooks.health hooks.start.command ' +
  'hooks.health.command verify verify.release verify.release.path verify.checks verify.checks[0].name ' +
  'verify.checks[0].path';
const requiredOfEnvironment =
  'protection aws aws.region aws.role-to-assume aws.artifact-bucket targets targets.tags strategy strategy.kind';

type Way = (string | number)[];
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every mapping of a document by its way, but not those whose keys are the user's to choose. */
function mappings(value: Json, way: Way = []): Way[] {
  if (typeof value !== 'object' || value === null) return [];
  const children = Object.entries(value).flatMap(([key, child]) =>
    ['headers', 'equals', 'tags'].includes(key)
      ? []
      : mappings(child, [...way, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) || way.at(-1) === 'environments' ? children : [way, ...children];
}

/** A copy with something done to the mapping at the way. */
function edit(value: Json, way: Way, change: (mapping: { [key: string]: Json }) => void): Json {
  const copy = structuredClone(value);
  let place: Json | undefined = copy;
  for (const part of way)
    place = place !== null && typeof place === 'object' ? Reflect.get(place, part) : undefined;
  if (place === null || typeof place !== 'object' || Array.isArray(place))
    throw new Error(`no mapping at ${way.join()}`);
  change(place);
  return copy;
}

const parts = (key: string): Way =>
  (key.match(/[\w-]+/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

function messageOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('gatewright.yml and policy.yml', () => {
  it('a valid one reads as it was written, whatever the style of the YAML', () => {
    const styles = fc.constantFrom(
      {},
      { collectionStyle: 'flow' },
      { defaultStringType: 'QUOTE_DOUBLE' },
    ) as fc.Arbitrary<object>;
    fc.assert(
      fc.property(app, styles, (input, style) => {
        expect(loadAppConfig(stringify(input, style), 'g.yml')).toEqual(
          appConfigSchema.parse(input),
        );
      }),
    );
    fc.assert(
      fc.property(policy, styles, (input, style) => {
        expect(loadPolicy(stringify(input, style), 'p.yml')).toEqual(policySchema.parse(input));
      }),
    );
  });

  it('every required key is missed by its name', () => {
    fc.assert(
      fc.property(app, fc.constantFrom(...required.split(' ')), (input, key) => {
        const way = parts(key);
        const other = edit(
          asJson(input),
          way.slice(0, -1),
          (mapping) => delete mapping[String(way.at(-1))],
        );
        expect(messageOf(() => loadAppConfig(stringify(other), 'g.yml'))).toContain(
          `: ${key}: missing (accepted `,
        );
      }),
    );
    fc.assert(
      fc.property(policy, fc.constantFrom(...requiredOfEnvironment.split(' ')), (input, key) => {
        const way = ['environments', Object.keys(input.environments)[0] ?? '', ...parts(key)];
        const other = edit(
          asJson(input),
          way.slice(0, -1),
          (mapping) => delete mapping[String(way.at(-1))],
        );
        const message = messageOf(() => loadPolicy(stringify(other), 'p.yml'));
        expect(message).toContain(`: ${formatKey(way)}: `);
      }),
    );
  });

  it('an unknown key anywhere is refused by its name and place', () => {
    const both = fc.oneof(
      app.map((input) => ({
        input: asJson(input),
        load: (text: string) => loadAppConfig(text, 'f.yml'),
      })),
      policy.map((input) => ({
        input: asJson(input),
        load: (text: string) => loadPolicy(text, 'f.yml'),
      })),
    );
    fc.assert(
      fc.property(both, fc.nat(), ({ input, load }, pick) => {
        const ways = mappings(input);
        const way = ways[pick % ways.length] ?? [];
        const text = stringify(edit(input, way, (mapping) => (mapping['zz-unknown'] = 1)));
        const before = text.slice(0, text.indexOf('zz-unknown')).split('\n');
        const place = `f.yml:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
        expect(messageOf(() => load(text))).toContain(
          `${place}: ${formatKey([...way, 'zz-unknown'])}: unknown key (accepted `,
        );
      }),
    );
  });

  it('no text at all breaks the readers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(messageOf(() => loadAppConfig(text, 'f.yml'))).toMatch(/^f\.yml:\d+:\d+: /);
        expect(messageOf(() => loadPolicy(text, 'f.yml'))).toMatch(/^f\.yml:\d+:\d+: /);
      }),
    );
  });
});
