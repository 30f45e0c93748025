import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, waiver } from '@gatewright/verdict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadWaivers } from './index.ts';

const file = `version: 1
waivers:
  - id: GHSA-xxxx-yyyy-zzzz
    scope: { package: "pkg:npm/%40acme/core@1.2.3", path: test/** }
    reason: >
      Only the tests
      load it.
    owner: "@acme/security"
    expires: 2026-12-31
    ticket: https://tracker.example/SEC-12
  - { id: no-console, reason: told so, owner: ops, expires: "2028-02-29" }
`;

function problemsOf(text: string): string[] {
  try {
    loadWaivers(text, 'w.yml');
  } catch (error) {
    if (error instanceof ConfigurationError && error.reasonCode === 'waivers-invalid') {
      return error.message.split('\n');
    }
    throw error;
  }
  return [];
}

describe('loadWaivers', () => {
  it('reads a date without quotes, and a reason over several lines as one', () => {
    expect(loadWaivers(file, 'w.yml')).toStrictEqual([
      {
        id: 'GHSA-xxxx-yyyy-zzzz',
        scope: { package: 'pkg:npm/%40acme/core@1.2.3', path: 'test/**' },
        reason: 'Only the tests load it.',
        owner: '@acme/security',
        expires: '2026-12-31',
        ticket: 'https://tracker.example/SEC-12',
      },
      { id: 'no-console', reason: 'told so', owner: 'ops', expires: '2028-02-29' },
    ]);
  });

  it('tells every problem of the file at its place', () => {
    const bad = `version: 1
waivers:
  - { id: a, reason: "", owner: ops, expires: 2026-12-31 }
  - id: b
    reason: x
    owner: " "
    expires: 2026-02-30
    until: never
  - { id: c, scope: { package: lodash, path: /etc/** }, reason: x, owner: y }
  - { id: c, scope: {}, reason: x, owner: y, expires: 31.12.2026 }
  - { id: a, reason: x, owner: y, expires: 2026-12-30 }
`;
    expect(problemsOf(bad).map((line) => line.split(' (')[0])).toEqual([
      'w.yml:3:22: waivers[0].reason: wrong form',
      'w.yml:6:12: waivers[1].owner: wrong form',
      'w.yml:7:14: waivers[1].expires: wrong form',
      'w.yml:8:5: waivers[1].until: unknown key',
      'w.yml:9:5: waivers[2].expires: missing',
      'w.yml:9:32: waivers[2].scope.package: wrong form',
      'w.yml:9:46: waivers[2].scope.path: wrong form',
      'w.yml:10:14: waivers[3].scope: names neither package nor path; leave it out if the waiver holds everywhere',
      'w.yml:10:55: waivers[3].expires: wrong form',
      'w.yml:11:11: waivers[4].id: "a" is waived already with the same scope, by waivers[0]',
    ]);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-06-31', '2026-6-3', 'soon', '20261231'])(
    'refuses %s as a day',
    (day) => {
      expect(problemsOf(file.replace('2026-12-31', day))[0]).toMatch(
        /^w\.yml:9:14: waivers\[0\]\.expires: wrong (?:form|type) \(got .*; accepted a day of the calendar as YYYY-MM-DD\)$/,
      );
    },
  );

  it.each([
    'lodash',
    'npm/lodash',
    'pkg:npm',
    'pkg:npm/',
    'pkg:npm/lodash 4',
    'pkg:npm/@1.0.0',
    'pkg:/lodash',
  ])('refuses %s as a package URL', (name) => {
    expect(problemsOf(file.replace('pkg:npm/%40acme/core@1.2.3', name))).toHaveLength(1);
  });

  it.each([
    'pkg:npm/lodash',
    'pkg:npm/@acme/core@1.2.3',
    'pkg:pypi/urllib3@2.0.0',
    'pkg:maven/org.apache/commons@1.0?type=jar',
    'pkg:golang/google.golang.org/genproto@v1.2.3#googleapis/api',
    'pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64',
  ])('takes %s as a package URL', (name) => {
    expect(loadWaivers(file.replace('pkg:npm/%40acme/core@1.2.3', name), 'w.yml')).toHaveLength(2);
  });

  it('does not tire of a long text that is not a reason', () => {
    const text = file.replace('told so', `"${' '.repeat(4000)}x\\u0007"`);
    expect(problemsOf(text)[0]).toContain('waivers[1].reason: wrong form');
  });

  it('lets one id be waived in several scopes', () => {
    const twice = file.replace('no-console', 'GHSA-xxxx-yyyy-zzzz');
    expect(loadWaivers(twice, 'w.yml')).toHaveLength(2);
  });
});

const line = fc.stringMatching(/^[^\p{Cc}\s]{1,20}$/u);
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const entries = fc.uniqueArray(
  fc.record(
    {
      id: line,
      scope: fc.record({
        package: line.map((name) => `pkg:npm/${name.replaceAll(/[/?#@]/g, '')}x`),
        path: fc.constant('src/**'),
      }),
      reason: line,
      owner: line,
      expires: day,
      ticket: line,
    },
    { requiredKeys: ['id', 'reason', 'owner', 'expires'] },
  ),
  { selector: ({ id }) => id, maxLength: 5 },
);
const styles = fc.constantFrom<object>(
  {},
  { collectionStyle: 'flow' },
  { defaultStringType: 'QUOTE_DOUBLE' },
);

describe('waivers.yml', () => {
  it('a valid one reads as it was written, whatever the style of the YAML', () => {
    fc.assert(
      fc.property(entries, styles, (waivers, style) => {
        const read = loadWaivers(stringify({ version: 1, waivers }, style), 'w.yml');
        expect(read).toEqual(waivers);
        for (const one of read) expect(waiver.safeParse(one).success).toBe(true);
      }),
    );
  });

  it('an entry without one of its required keys is refused by its name', () => {
    const key = fc.constantFrom('id', 'reason', 'owner', 'expires');
    fc.assert(
      fc.property(
        entries.filter(({ length }) => length > 0),
        key,
        (waivers, missing) => {
          const broken = waivers.map((one, index) =>
            index > 0
              ? one
              : Object.fromEntries(Object.entries(one).filter(([name]) => name !== missing)),
          );
          const text = stringify({ version: 1, waivers: broken });
          expect(problemsOf(text).join('\n')).toContain(
            `: waivers[0].${missing}: missing (accepted `,
          );
        },
      ),
    );
  });

  it('no text at all breaks the reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(problemsOf(text)[0]).toMatch(/^w\.yml:\d+:\d+: /);
      }),
    );
  });
});
