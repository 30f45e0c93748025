import { choice, defineAction, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'protect-environment',
  title: 'Gatewright: verify an environment',
  description:
    'Compares the live protection of a GitHub environment with the declared one, and denies when it is missing, weaker, or cannot be told. Run it before any credential is asked for.',
  permissions: { actions: 'read', contents: 'read' },
  inputs: {
    environment: text({
      description: 'The GitHub environment; the policy must declare it.',
      pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      accepted: 'the name of an environment of the policy',
    }),
    'policy-path': path({
      description: 'The policy, from a checkout of the default branch.',
      default: '.github/gatewright/policy.yml',
    }),
    mode: choice({
      description: 'What to do; `verify` only reads.',
      of: ['verify'],
      default: 'verify',
    }),
    'github-token': text({
      description: 'Token that reads the environment.',
      default: '${{ github.token }}',
      secret: true,
    }),
  },
  // All of them stay empty unless the verdict is pass, so that a later step has nowhere to go.
  outputs: {
    'aws-region': { description: 'AWS region of the environment, from the policy.' },
    'role-to-assume': { description: 'Role that the deploy job assumes, from the policy.' },
    'environment-url': { description: 'Public entry of the environment, if the policy names one.' },
  },
  reasonCodes: [
    'environment-missing',
    'environment-protected',
    'environment-undeclared',
    'environment-unreadable',
    'environment-weak',
    'policy-invalid',
    'policy-missing',
    'runner-context-invalid',
    'service-error',
    'throttled',
    'untrusted-context',
  ],
});
