import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@gatewright/verdict';
import { loadAppConfig, loadReleaseManifest } from './index.ts';

const app = `version: 1
app: sample
package:
  include: [server.mjs, bin]
  build: [npm, run, build]
service:
  port: 8080
hooks:
  start: { command: [./bin/start, --port, "8080"], timeout-seconds: 20 }
  stop: { command: [./bin/stop] }
  health: { command: [./bin/health] }
verify:
  release: { path: /healthz, json-path: $.release }
  checks:
    - name: orders
      path: /orders
      expect:
        headers: { content-type: json }
        body-contains: items
        json: [{ path: $.a, equals: { b: [1, null] } }, { path: $.c, exists: false }]
        latency-ms: 500
    - { name: home, path: /, method: HEAD }
`;

function problemsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}
/** The problems of the text after one replacement. */
function changed(from: string, to: string): string[] {
  expect(app).toContain(from);
  return problemsOf(() =>
    loadAppConfig(
      app.replace(from, () => to),
      'g.yml',
    ),
  );
}

describe('loadAppConfig', () => {
  it('gives camelCase values with the defaults filled in', () => {
    expect(loadAppConfig(app, 'g.yml')).toEqual({
      version: 1,
      app: 'sample',
      package: { include: ['server.mjs', 'bin'], build: ['npm', 'run', 'build'] },
      service: { port: 8080 },
      hooks: {
        start: { command: ['./bin/start', '--port', '8080'], timeoutSeconds: 20 },
        stop: { command: ['./bin/stop'], timeoutSeconds: 30 },
        health: { command: ['./bin/health'], timeoutSeconds: 30 },
      },
      verify: {
        release: { kind: 'json-path', path: '/healthz', jsonPath: '$.release' },
        deadlineSeconds: 60,
        consecutiveSuccesses: 3,
        intervalSeconds: 1,
        requestTimeoutSeconds: 5,
        failuresToFail: 3,
        checks: [
          {
            name: 'orders',
            method: 'GET',
            path: '/orders',
            expect: {
              status: 200,
              headers: { 'content-type': 'json' },
              bodyContains: 'items',
              json: [
                { kind: 'equals', path: '$.a', equals: { b: [1, null] } },
                { kind: 'exists', path: '$.c', exists: false },
              ],
              latencyMs: 500,
            },
          },
          {
            name: 'home',
            method: 'HEAD',
            path: '/',
            expect: { status: 200, headers: {}, json: [] },
          },
        ],
      },
      rollback: { mode: 'safe' },
    });
  });

  it.each([
    [
      'app: sample',
      'app: Sample',
      'g.yml:2:6: app: wrong form (got "Sample"; accepted a lower-case letter, then up to 30 lower-case letters, digits or hyphens)',
    ],
    [
      'version: 1',
      'version: 2',
      'g.yml:1:10: version: not one of the accepted values (got 2; accepted 1)',
    ],
    [
      '  port: 8080',
      '  port: "8080"',
      'g.yml:7:9: service.port: wrong type (got "8080"; accepted a whole number from 1 to 65535)',
    ],
    [
      '  port: 8080',
      '  port: 70000',
      'g.yml:7:9: service.port: out of range (got 70000; accepted a whole number from 1 to 65535)',
    ],
    [
      '  port: 8080',
      '  port:',
      'g.yml:7:8: service.port: wrong type (got nothing; accepted a whole number from 1 to 65535)',
    ],
    [
      '  port: 8080',
      '  prot: 8080',
      'g.yml:6:1: service.port: missing (accepted a whole number from 1 to 65535)\ng.yml:7:3: service.prot: unknown key (accepted port)',
    ],
    [
      '[server.mjs, bin]',
      'server.mjs',
      'g.yml:4:12: package.include: wrong type (got "server.mjs"; accepted a list)',
    ],
    [
      '[server.mjs, bin]',
      '[]',
      'g.yml:4:12: package.include: wrong length (got an empty list; accepted at least 1 entry)',
    ],
    [
      '[server.mjs, bin]',
      '[a, ../b]',
      'g.yml:4:16: package.include[1]: wrong form (got "../b"; accepted a path below the application, without . or .. segments)',
    ],
    ['[server.mjs, bin]', '[a, b, a]', 'g.yml:4:19: package.include[2]: "a" is included already'],
    [
      '  start: {',
      '  begin: {',
      'g.yml:8:1: hooks: a start or a restart hook is required\ng.yml:9:3: hooks.begin: unknown key (accepted install, stop, start, restart, health)',
    ],
    [
      '[./bin/stop]',
      './bin/stop',
      'g.yml:10:20: hooks.stop.command: wrong type (got "./bin/stop"; accepted a list)',
    ],
    [
      '[./bin/stop]',
      '[-c]',
      'g.yml:10:21: hooks.stop.command[0]: wrong form (got "-c"; accepted the name of a program, which does not begin with a hyphen)',
    ],
    [
      '[./bin/stop]',
      '[a, "b\\nc"]',
      'g.yml:10:24: hooks.stop.command[1]: wrong form (got "b\\nc"; accepted one line without control characters)',
    ],
    [
      ', json-path: $.release',
      '',
      'g.yml:13:3: verify.release: give exactly one of json-path and header',
    ],
    [
      'json-path: $.release',
      'json-path: $.release, header: x',
      'g.yml:13:3: verify.release: give exactly one of json-path and header',
    ],
    [
      'path: /healthz',
      'path: healthz',
      'g.yml:13:20: verify.release.path: wrong form (got "healthz"; accepted a path that begins with one /, in printable ASCII, with no space and no #)',
    ],
    [
      'name: home',
      'name: orders',
      'g.yml:22:15: verify.checks[1].name: the name "orders" is used already, by checks[0]',
    ],
    [
      'method: HEAD',
      'method: POST',
      'g.yml:22:38: verify.checks[1].method: not one of the accepted values (got "POST"; accepted GET | HEAD)',
    ],
    [
      'path: /orders',
      'path: /orders\n      method: HEAD',
      'g.yml:17:15: verify.checks[0].method: an answer to HEAD has no body, so body-contains and json can never succeed',
    ],
    [
      ', exists: false',
      '',
      'g.yml:20:57: verify.checks[0].expect.json[1]: give exactly one of equals and exists',
    ],
    [
      '  checks:',
      '  deadline-seconds: 4\n  checks:',
      'g.yml:14:21: verify.deadline-seconds: can never be met: convergence and checks wait 4 s at least (2 × (consecutive-successes − 1) × interval-seconds)',
    ],
    ['app: sample', 'app: sample\napp: other', 'g.yml:3:1: app: duplicate key'],
    ['app: sample', 'app: !env NAME', 'g.yml:2:6: Unresolved tag: !env'],
    [
      'app: sample',
      '__proto__: 1\napp: sample',
      'g.yml:2:1: __proto__: this name cannot be a key\ng.yml:2:1: __proto__: unknown key (accepted version, app, package, service, hooks, verify, rollback)',
    ],
    [
      'app: sample',
      '<<: { app: sample }\napp: sample',
      'g.yml:2:1: <<: unknown key (accepted version, app, package, service, hooks, verify, rollback)',
    ],
    [
      'app: sample',
      'app: [',
      'g.yml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('%s → %s', (from, to, expected) => {
    expect(changed(from, to).slice(0, expected.split('\n').length)).toEqual(expected.split('\n'));
  });

  it('tells all problems at once, in the order of the file', () => {
    const other = app
      .replace('app: sample', 'app: 7')
      .replace('port: 8080', 'port: 0')
      .replace('- name: orders', '- nam: orders');
    expect(
      problemsOf(() => loadAppConfig(other, 'g.yml')).map((line) => line.split(' (')[0]),
    ).toEqual([
      'g.yml:2:6: app: wrong type',
      'g.yml:7:9: service.port: out of range',
      'g.yml:15:7: verify.checks[0].name: missing',
      'g.yml:15:7: verify.checks[0].nam: unknown key',
    ]);
  });

  it.each([
    ['', 'g.yml:1:1: wrong type (got nothing; accepted a mapping)'],
    ['- a', 'g.yml:1:1: wrong type (got a list; accepted a mapping)'],
    ['a: &a [*a]', 'g.yml:1:1: an alias stands inside its own anchor'],
    [
      'a: *nowhere',
      'g.yml:1:1: Unresolved alias (the anchor must be set before the alias): nowhere',
    ],
    [
      `a: &a [1]\nb: &b [${Array(40).fill('*a').join()}]\nc: [${Array(40).fill('*b').join()}]`,
      'g.yml:1:1: Excessive alias count indicates a resource exhaustion attack',
    ],
    ['a: 1\n---\nb: 2', 'g.yml:2:1: a second document'],
  ])('refuses %j', (text, expected) => {
    expect(problemsOf(() => loadAppConfig(text, 'g.yml'))[0]).toBe(expected);
  });

  it('stays short and alive for a text of nothing but brackets', () => {
    const problems = problemsOf(() => loadAppConfig('['.repeat(100_000), 'g.yml'));
    expect(problems.length).toBeLessThanOrEqual(51);
    expect(problems.at(-1)).toMatch(/^g\.yml: … and \d+ more problems$/);
  });

  it('says in the error what to do and which reason it has', () => {
    expect(() => loadAppConfig('app: 1', 'dir/g.yml')).toThrow(
      expect.objectContaining({
        reasonCode: 'config-invalid',
        remedy: 'Correct dir/g.yml at the places named above.',
        checked: ['dir/g.yml against its schema: 6 problems'],
      }),
    );
  });
});

describe('loadReleaseManifest', () => {
  const manifest = {
    schema: 'gatewright.release/1',
    app: 'sample',
    version: '1.0.0',
    commit: 'a'.repeat(40),
    digest: 'b'.repeat(64),
    bytes: 10,
    port: 8080,
    verify: loadAppConfig(app, 'g.yml').verify,
    rollback: { mode: 'safe' },
  };

  it('reads what was written as JSON, the verify suite included', () => {
    expect(loadReleaseManifest(JSON.stringify(manifest, null, 2), 'manifest.json')).toEqual(
      manifest,
    );
  });

  it('tells the place of what is wrong', () => {
    const text = JSON.stringify({ ...manifest, digest: 'B', extra: 1 }, null, 2);
    expect(
      problemsOf(() => loadReleaseManifest(text, 'm.json')).map((line) => line.split(' (')[0]),
    ).toEqual([
      'm.json:6:13: digest: wrong form',
      expect.stringMatching(/^m\.json:\d+:3: extra: unknown key$/),
    ]);
  });
});
