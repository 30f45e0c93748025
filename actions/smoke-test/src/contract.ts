import { defineAction, integer, list, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'smoke-test',
  title: 'Gatewright: smoke test',
  description:
    'Proves that every target serves exactly the expected release on fresh connections, then runs the smoke checks that the release brings. Anything that could not be seen is an error, never a pass.',
  permissions: {},
  inputs: {
    environment: text({ description: 'The environment; the policy must declare it.' }),
    'policy-path': path({
      description: 'The policy, from a checkout of the default branch.',
      default: '.github/gatewright/policy.yml',
    }),
    'manifest-path': path({
      description: 'The manifest of the expected release: its version and its verify suite.',
      default: 'gatewright-release/manifest.json',
    }),
    targets: list({
      description:
        'Base URLs to verify, one `name=url` per line, such as the output `targets` of deploy-ssm. The `url` of the environment in the policy is added to them.',
      accepted: 'name=url with an http or https URL',
      optional: true,
    }),
    'deadline-seconds': integer({
      description:
        'Time for convergence and all checks together, in seconds. Unset: as the release says.',
      optional: true,
      min: 1,
      max: 3600,
    }),
  },
  outputs: {
    'checks-total': { description: 'Checks to pass: those of the suite, once per target.' },
    'checks-failed': { description: 'Those of them that did not pass, for whatever reason.' },
  },
  reasonCodes: [
    'verified',
    'smoke-failed',
    'smoke-inconclusive',
    'smoke-no-data',
    'converge-timed-out',
    'config-missing',
    'config-invalid',
    'policy-missing',
    'policy-invalid',
    'environment-undeclared',
  ],
});
