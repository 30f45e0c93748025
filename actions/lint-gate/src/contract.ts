import {
  choice,
  defineAction,
  formatInput,
  gateInputs,
  gateOutputs,
  gateReasonCodes,
} from '@gatewright/contract';

export const contract = defineAction({
  name: 'lint-gate',
  title: 'Gatewright: lint gate',
  description:
    'Judges the reports of linters by the policy. A report that is missing, stale, cut off or contradicts itself is an error, never a pass. With neither reports nor a command it runs the linters that the project is set up for.',
  permissions: { contents: 'read' },
  inputs: {
    ...gateInputs,
    format: formatInput([
      'sarif',
      'eslint-json',
      'ruff-json',
      'checkstyle',
      'flake8',
      'pylint',
      'mypy',
      'tsc',
      'gcc',
    ]),
    'fail-on': choice({
      description: 'The mildest level that fails. Unset: as the policy says.',
      of: ['error', 'warning', 'note'],
      optional: true,
    }),
  },
  outputs: gateOutputs,
  reasonCodes: [...gateReasonCodes, 'lint-failed', 'lint-ratchet-exceeded', 'not-analysed'],
});
