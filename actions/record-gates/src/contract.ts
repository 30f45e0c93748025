import { defineAction, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'record-gates',
  title: 'Gatewright: record the gates',
  description:
    'Folds the results of lint, test and audit into one gate record, bound to the commit and its tree, and ends green only when all three passed. Run it last, in a job with `if: always()`.',
  permissions: { contents: 'read' },
  inputs: {
    'needs-json': text({
      description: 'The `needs` context of this job as JSON, written with the function toJSON.',
    }),
    'results-directory': path({
      description: 'Directory with the result files of the gates. It may be absent.',
      default: 'gatewright-results',
    }),
    'output-directory': path({
      description: 'Directory that gets `gate-record.json`.',
      default: 'gatewright-gate-record',
    }),
    'github-token': text({
      description: 'Token that reads the commit.',
      default: '${{ github.token }}',
      secret: true,
    }),
  },
  outputs: {
    'record-path': { description: 'The gate record, a JSON file.' },
    'record-digest': {
      description:
        'SHA-256 of that file; the deploy workflow demands it, so that nobody can swap the record.',
    },
  },
  reasonCodes: [
    'access-denied',
    'gates-failed',
    'gates-incomplete',
    'gates-passed',
    'service-error',
    'throttled',
  ],
});
