import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@gatewright/verdict';
import { loadPolicy } from './index.ts';

const policy = `version: 1
environments:
  production:
    protection:
      reviewers: [user:octo, team:ops]
      branches: [main, release/*]
    aws:
      region: eu-west-1
      role-to-assume: arn:aws:iam::111122223333:role/deploy
      artifact-bucket: acme-releases
    targets:
      tags: { App: sample }
    strategy: { kind: rolling, wave-size: 25% }
    url: https://sample.example/base
  staging:
    protection: none
    aws:
      region: eu-west-1
      role-to-assume: arn:aws:iam::111122223333:role/deploy
      artifact-bucket: acme-releases
      document: { name: Own-Host, version: "3", sha256: ${'ab'.repeat(32)} }
    targets: { tags: { App: sample }, minimum-hosts: 3 }
    strategy: { kind: all-at-once }
    limits: { keep-releases: 9 }
    probe-hosts: false
    gates: not-required
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
  expect(policy).toContain(from);
  return problemsOf(() =>
    loadPolicy(
      policy.replace(from, () => to),
      'p.yml',
    ),
  );
}

describe('loadPolicy', () => {
  it('gives camelCase values with the defaults filled in', () => {
    const limits = {
      deliveryTimeoutSeconds: 60,
      hostTimeoutSeconds: 300,
      lockMinutes: 30,
      keepReleases: 5,
    };
    const aws = {
      region: 'eu-west-1',
      roleToAssume: 'arn:aws:iam::111122223333:role/deploy',
      artifactBucket: 'acme-releases',
    };
    expect(loadPolicy(policy, 'p.yml').environments).toEqual({
      production: {
        protection: {
          kind: 'declared',
          reviewers: [
            { kind: 'user', name: 'octo' },
            { kind: 'team', name: 'ops' },
          ],
          branches: { kind: 'patterns', patterns: ['main', 'release/*'] },
        },
        aws: { ...aws, document: { name: 'Gatewright-Host', version: '1' } },
        targets: { tags: { App: 'sample' }, minimumHosts: 1 },
        strategy: { kind: 'rolling', waveSize: '25%', bakeSeconds: 0 },
        limits,
        url: 'https://sample.example/base',
        probeHosts: true,
        gatesRequired: true,
      },
      staging: {
        protection: { kind: 'none' },
        aws: { ...aws, document: { name: 'Own-Host', version: '3', sha256: 'ab'.repeat(32) } },
        targets: { tags: { App: 'sample' }, minimumHosts: 3 },
        strategy: { kind: 'all-at-once' },
        limits: { ...limits, keepReleases: 9 },
        probeHosts: false,
        gatesRequired: false,
      },
    });
  });

  it.each([
    [
      '[user:octo, team:ops]',
      '[octo]',
      'p.yml:5:19: environments.production.protection.reviewers[0]: wrong form (got "octo"; accepted user:LOGIN or team:SLUG)',
    ],
    [
      '[main, release/*]',
      'all',
      'p.yml:6:17: environments.production.protection.branches: not one of the accepted values (got "all"; accepted the word protected, or a list of branch patterns)',
    ],
    [
      '[main, release/*]',
      '[]',
      'p.yml:6:17: environments.production.protection.branches: wrong length (got an empty list; accepted at least 1 entry)',
    ],
    [
      'protection: none',
      'protection: {}',
      'p.yml:16:5: environments.staging.protection: declares nothing; write `protection: none` if the environment shall be open',
    ],
    [
      'protection: none',
      'protection: open',
      'p.yml:16:17: environments.staging.protection: not one of the accepted values (got "open"; accepted the word none, or a mapping with reviewers, prevent-self-review, wait-minutes, branches)',
    ],
    [
      'protection: none',
      'protection: { wait-minutes: -1 }',
      'p.yml:16:33: environments.staging.protection.wait-minutes: out of range (got -1; accepted a whole number from 0 to 43200)',
    ],
    [
      '    protection: none\n',
      '',
      'p.yml:15:3: environments.staging.protection: missing (accepted the word none, or a mapping with reviewers, prevent-self-review, wait-minutes, branches)',
    ],
    [
      'tags: { App: sample }\n',
      'tags: {}\n',
      'p.yml:12:7: environments.production.targets.tags: names no tag, so it would select every host',
    ],
    [
      'kind: rolling',
      'kind: canary',
      'p.yml:13:23: environments.production.strategy.kind: not one of the accepted values (got "canary"; accepted rolling | all-at-once)',
    ],
    [
      ', wave-size: 25%',
      '',
      'p.yml:13:5: environments.production.strategy.wave-size: missing (accepted a number of hosts of at least 1, or a percentage such as "25%")',
    ],
    [
      '25%',
      '0',
      'p.yml:13:43: environments.production.strategy.wave-size: out of range (got 0; accepted a whole number from 1 to 10000)',
    ],
    [
      '25%',
      '101%',
      'p.yml:13:43: environments.production.strategy.wave-size: wrong form (got "101%"; accepted a percentage from 1% to 100%)',
    ],
    [
      'version: "3"',
      'version: 3',
      'p.yml:21:44: environments.staging.aws.document.version: wrong type (got 3; accepted text: a document version in quotes, such as "1")',
    ],
    [
      'version: "3"',
      'version: $LATEST',
      'p.yml:21:44: environments.staging.aws.document.version: wrong form (got "$LATEST"; accepted a document version in quotes, such as "1")',
    ],
    [
      'https://sample.example/base',
      'https://me:hunter2@sample.example',
      'p.yml:14:10: environments.production.url: not an http or https URL without user name, password, query and fragment',
    ],
    [
      'https://sample.example/base',
      'file:///etc/passwd',
      'p.yml:14:10: environments.production.url: not an http or https URL without user name, password, query and fragment',
    ],
    [
      '  staging:',
      '  sta ging:',
      'p.yml:15:3: environments.sta ging: not a usable name (accepted up to 64 letters, digits or any of . _ -, the first a letter or digit)',
    ],
    [
      'gates: not-required',
      'gates: off',
      'p.yml:26:12: environments.staging.gates: not one of the accepted values (got "off"; accepted required | not-required)',
    ],
    ['  staging:', '  production:', 'p.yml:15:3: production: duplicate key'],
  ])('%s → %s', (from, to, expected) => {
    expect(changed(from, to)[0]).toBe(expected);
  });

  it('refuses a policy without environments', () => {
    expect(problemsOf(() => loadPolicy('version: 1\nenvironments: {}', 'p.yml'))).toEqual([
      'p.yml:2:1: environments: declares no environment',
    ]);
  });
});
