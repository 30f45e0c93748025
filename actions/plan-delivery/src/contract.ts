import { defineAction, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'plan-delivery',
  title: 'Gatewright: write the approval brief',
  description:
    'Writes the page that a reviewer reads before approving: what changes, the plan in waves, the way back, and what is unknown. Needs no environment, no secret and no AWS.',
  permissions: { contents: 'read', deployments: 'read' },
  inputs: {
    environment: text({ description: 'The environment to deliver to; the policy declares it.' }),
    'policy-path': path({
      description: 'The policy, taken from the default branch.',
      default: '.github/gatewright/policy.yml',
    }),
    'manifest-path': path({
      description: 'The manifest of the packed release.',
      default: 'gatewright-release/manifest.json',
    }),
    'artifact-path': path({
      description:
        'The packed release, to compare its bytes with the manifest. Unset: not compared.',
      optional: true,
    }),
    'github-token': text({
      description: 'Token that may read deployments and contents.',
      default: '${{ github.token }}',
      secret: true,
    }),
  },
  outputs: {
    digest: {
      description:
        'SHA-256 of the release in the brief; the deploy job compares it after the approval.',
    },
    release: { description: 'The version of the release in the brief.' },
    plan: { description: 'The plan in one sentence.' },
  },
  reasonCodes: [
    'artifact-missing',
    'config-invalid',
    'config-missing',
    'digest-mismatch',
    'environment-undeclared',
    'planned',
    'policy-invalid',
    'policy-missing',
    'untrusted-context',
  ],
});
