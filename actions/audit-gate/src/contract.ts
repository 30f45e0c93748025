import {
  choice,
  defineAction,
  formatInput,
  gateInputs,
  gateOutputs,
  gateReasonCodes,
  path,
} from '@gatewright/contract';

export const contract = defineAction({
  name: 'audit-gate',
  title: 'Gatewright: audit gate',
  description:
    'Judges the reports of dependency and secret scanners by the policy, and says where each severity comes from. A scanner that failed, or an advisory that nobody has rated, never passes by accident. With neither reports nor a command it runs the audit tools that the project is set up for.',
  permissions: { contents: 'read' },
  inputs: {
    ...gateInputs,
    format: formatInput([
      'pip-audit',
      'npm-audit',
      'pnpm-audit',
      'yarn-1',
      'yarn-2',
      'yarn-4',
      'osv-scanner',
      'trivy',
      'grype',
      'gitleaks',
      'detect-secrets',
    ]),
    'fail-on-severity': choice({
      description: 'The mildest severity that fails. Unset: as the policy says, else `high`.',
      of: ['critical', 'high', 'moderate', 'low'],
      optional: true,
    }),
    'unknown-severity': choice({
      description:
        'What an advisory without a usable severity does: fail, warn, or count as a severity. Unset: as the policy says, else `fail`.',
      of: ['fail', 'warn', 'critical', 'high', 'moderate', 'low'],
      optional: true,
    }),
    'severity-snapshot': path({
      description: 'A file with severities by advisory, for reports that have none. Unset: none.',
      optional: true,
    }),
  },
  outputs: gateOutputs,
  reasonCodes: [
    ...gateReasonCodes,
    'audit-failed',
    'known-exploited',
    'not-analysed',
    'secret-found',
    'severity-unknown',
  ],
});
