import { choice, defineAction, path, text } from '@gatewright/contract';
import { isReasonCode, reasonCodes } from '@gatewright/verdict';

export const contract = defineAction({
  name: 'record-evidence',
  title: 'Gatewright: record the evidence',
  description:
    'Folds the results of all jobs into one evidence record, and ends green only when the whole delivery is proven good. Run it last, in a job with `if: always()`.',
  permissions: {},
  inputs: {
    kind: choice({
      description: 'What the jobs before did.',
      of: ['deploy', 'rollback'],
      default: 'deploy',
    }),
    environment: text({ description: 'The environment that was delivered to.' }),
    release: text({
      description: 'The release that was asked for; for a rollback also `previous`.',
    }),
    'needs-json': text({
      description: 'The `needs` context of this job as JSON, written with the function toJSON.',
    }),
    'results-directory': path({
      description: 'Directory with the downloaded result files. It may be absent.',
      default: 'gatewright-results',
    }),
    'output-directory': path({
      description: 'Directory that gets `evidence.json` and copies of the result files.',
      default: 'gatewright-evidence',
    }),
  },
  outputs: {
    'evidence-path': { description: 'The evidence record, a JSON file.' },
    'rolled-back': {
      description: '`true` when a failed deployment was taken back and that was verified.',
    },
  },
  // It passes on the reason code of whatever went wrong first, so it can end with any of them.
  reasonCodes: Object.keys(reasonCodes).filter((name) => isReasonCode(name)),
});
