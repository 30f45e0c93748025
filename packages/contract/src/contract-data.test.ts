import { describe, expect, it } from '@jest/globals';
import { choice, defineAction, describeContract, flag, integer, text } from './index.ts';

describe('describeContract', () => {
  it('keeps what callers rely on and drops the words', () => {
    const contract = defineAction({
      name: 'probe',
      title: 'Probe',
      description: 'Probes.',
      permissions: { contents: 'read' },
      aws: ['ssm:SendCommand'],
      inputs: {
        zone: text({ description: 'Z.' }),
        mode: choice({ description: 'M.', default: 'fast', of: ['fast', 'slow'] }),
        count: integer({ description: 'C.', optional: true, min: 1, max: 9 }),
        dry: flag({ description: 'D.', default: 'false' }),
      },
      outputs: { hosts: { description: 'H.' } },
      reasonCodes: ['verified'],
    });
    expect(describeContract(contract)).toEqual({
      inputs: {
        zone: { required: true, accepted: 'a text' },
        mode: {
          required: false,
          default: 'fast',
          accepted: 'one of fast, slow',
          oneOf: ['fast', 'slow'],
        },
        count: {
          required: false,
          default: '',
          accepted: 'a whole number from 1 to 9',
          range: { min: 1, max: 9 },
        },
        dry: { required: false, default: 'false', accepted: 'true or false' },
        'result-path': {
          required: false,
          default: '',
          accepted: 'a path without control characters',
        },
      },
      outputs: ['verdict', 'reason-code', 'result-path', 'hosts'],
      reasonCodes: [
        'cancelled',
        'input-invalid',
        'internal-error',
        'runner-context-invalid',
        'verified',
      ],
      permissions: { contents: 'read' },
      aws: ['ssm:SendCommand'],
    });
  });
});
