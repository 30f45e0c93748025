import { defineAction, list, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'rollback-ssm',
  title: 'Gatewright: roll back over SSM',
  description:
    'Takes hosts back to an earlier release that was verified in this environment, and proves that they are there with the suite of that release. After a failed delivery it changes only the hosts that serve the failed release, and denies that release.',
  permissions: {},
  aws: [
    'ssm:CancelCommand',
    'ssm:DescribeDocument',
    'ssm:DescribeInstanceInformation',
    'ssm:GetCommandInvocation',
    'ssm:GetParameter',
    'ssm:GetParametersByPath',
    'ssm:ListCommandInvocations',
    'ssm:ListCommands',
    'ssm:PutParameter',
    'ssm:SendCommand',
  ],
  inputs: {
    environment: text({ description: 'The environment; the policy must declare it.' }),
    'policy-path': path({
      description: 'The policy, from a checkout of the default branch.',
      default: '.github/gatewright/policy.yml',
    }),
    app: text({
      description:
        'The application, such as the output `app` of deploy-ssm. Unset: as in the gatewright.yml of the checkout that holds the policy.',
      pattern: /^[a-z][a-z0-9-]{0,30}$/,
      accepted: 'a lower-case letter, then up to 30 lower-case letters, digits or hyphens',
      optional: true,
    }),
    to: text({
      description:
        'The version to go back to; `previous` for the newest verified release that is not the one being left; `nothing` to stop the application, where no release was ever verified.',
      default: 'previous',
      pattern: /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/,
      accepted: 'previous, nothing, or a version',
    }),
    hosts: list({
      description:
        'Only these hosts: the output `touched-hosts` of deploy-ssm. Unset: every host of the environment.',
      pattern: /^m?i-[0-9a-f]{8,17}$/,
      accepted: 'an instance id',
      optional: true,
    }),
    leaving: text({
      description:
        'Version or SHA-256 of the release that failed. Given: only hosts that serve it (or cannot say what they serve) are changed, all at once, and it is denied from then on. Unset: somebody wants another release, and every host is brought to it in waves.',
      pattern: /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/,
      accepted: 'a version, or 64 hex digits',
      optional: true,
    }),
    reason: text({ description: 'Why; it is kept in the ledger.', optional: true }),
  },
  outputs: {
    'to-release': {
      description:
        'The version that the hosts went back to; empty for nothing, or when none was chosen.',
    },
    'hosts-restored': {
      description: 'The ids of the hosts that were brought back, separated by commas.',
    },
    denied: { description: '`true` when the release that was left is denied in the ledger now.' },
  },
  reasonCodes: [
    'rolled-back',
    'access-denied',
    'config-invalid',
    'config-missing',
    'document-hash-mismatch',
    'document-missing',
    'environment-undeclared',
    'host-offline',
    'lock-held',
    'lock-lost',
    'no-host-matches',
    'no-way-back',
    'policy-invalid',
    'policy-missing',
    'release-unknown',
    'rollback-failed',
    'service-error',
    'throttled',
    'untrusted-context',
  ],
  post: true,
});
