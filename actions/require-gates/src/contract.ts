import { defineAction, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'require-gates',
  title: 'Gatewright: require the gates',
  description:
    'Lets a delivery go on only with a gate record of this very commit, complete, passed, unchanged and fresh enough for the policy. Run it before any credential is asked for.',
  permissions: { contents: 'read' },
  inputs: {
    environment: text({ description: 'The environment to deliver to; the policy declares it.' }),
    'policy-path': path({
      description: 'The policy, from a checkout of the default branch.',
      default: '.github/gatewright/policy.yml',
    }),
    'record-path': path({
      description: 'The gate record. It may be absent, which is refused if the policy demands one.',
      default: 'gatewright-gate-record/gate-record.json',
    }),
    'record-digest': text({
      description: 'SHA-256 of the gate record, as the workflow `gates` gave it out.',
      optional: true,
    }),
    'github-token': text({
      description: 'Token that reads the commit.',
      default: '${{ github.token }}',
      secret: true,
    }),
  },
  outputs: {
    'record-digest': { description: 'SHA-256 of the gate record that was accepted, else empty.' },
  },
  reasonCodes: [
    'access-denied',
    'environment-undeclared',
    'gate-record-mismatch',
    'gate-record-missing',
    'gate-record-stale',
    'gates-failed',
    'gates-not-required',
    'gates-passed',
    'policy-invalid',
    'policy-missing',
    'service-error',
    'throttled',
  ],
});
