import {
  choice,
  defineAction,
  formatInput,
  gateInputs,
  gateOutputs,
  gateReasonCodes,
  percentage,
  reportsInput,
} from '@gatewright/contract';

export const contract = defineAction({
  name: 'test-gate',
  title: 'Gatewright: test gate',
  description:
    'Judges test and coverage reports by the policy, in whole numbers. Fewer tests than demanded, a report that contradicts itself, or coverage that cannot be told is an error, never a pass. With neither reports nor a command it runs the test tools that the project is set up for.',
  permissions: { contents: 'read' },
  inputs: {
    ...gateInputs,
    format: formatInput(['junit', 'jest-json']),
    'coverage-reports': reportsInput(
      'Globs of the coverage reports, relative to `working-directory`.',
    ),
    'coverage-metric': choice({
      description: 'What is counted. Unset: as the policy says, else `line`.',
      of: ['line', 'branch', 'statement', 'function'],
      optional: true,
    }),
    'coverage-minimum': percentage({
      description: 'Least coverage in percent. Unset: as the policy says, else 70.',
      optional: true,
    }),
    'changed-coverage-minimum': percentage({
      description:
        'Least coverage of the lines that the change touches, in percent; needs `diff-base`. Unset: as the policy says.',
      optional: true,
    }),
  },
  outputs: {
    'tests-total': { description: 'Tests in the reports, skipped ones included.' },
    'coverage-percent': {
      description: 'Coverage with two decimals, rounded down; empty when none was demanded.',
    },
    ...gateOutputs,
  },
  reasonCodes: [
    ...gateReasonCodes,
    'changes-unknown',
    'coverage-below-minimum',
    'coverage-decreased',
    'coverage-missing',
    'coverage-unmergeable',
    'tests-failed',
    'tests-flaky',
    'tests-regressed',
    'tests-skipped',
  ],
});
