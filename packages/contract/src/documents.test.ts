import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  defineAction,
  flag,
  integer,
  renderActionYml,
  renderInputsTable,
  renderReference,
  resultDocument,
  resultJsonSchema,
  text,
} from './index.ts';

const contract = defineAction({
  name: 'probe',
  title: 'Gatewright: probe',
  description: 'Probes: a "quoted" text, # not a comment.',
  permissions: { contents: 'read' },
  aws: ['ssm:SendCommand'],
  inputs: {
    zone: text({ description: 'The zone | or region.' }),
    'api-token': text({ description: 'A.', secret: true, default: '${{ github.token }}' }),
    'timeout-seconds': integer({ description: 'T.', min: 1, max: 60, default: '5' }),
    strict: flag({ description: 'S.', optional: true }),
  },
  outputs: { 'host-count': { description: 'How many.' } },
  reasonCodes: ['verified', 'smoke-failed'],
  post: true,
});

describe('action.yml', () => {
  const yml = renderActionYml(contract);

  it('says where it comes from', () => {
    expect(yml.split('\n')[0]).toBe(
      '# Generated from actions/probe/src/contract.ts by `npm run build`; do not edit.',
    );
  });

  it('holds the contract in its order, with the standard input last and the standard outputs first', () => {
    const data = parse(yml);
    expect(data).toMatchObject({
      name: 'Gatewright: probe',
      description: 'Probes: a "quoted" text, # not a comment.',
    });
    expect(Object.keys(data.inputs)).toEqual([
      'zone',
      'api-token',
      'timeout-seconds',
      'strict',
      'result-path',
    ]);
    expect(Object.keys(data.outputs)).toEqual([
      'verdict',
      'reason-code',
      'result-path',
      'host-count',
    ]);
  });

  it('gives defaults as text and requires what has none', () => {
    const { inputs } = parse(yml);
    expect(inputs['timeout-seconds']).toMatchObject({ required: false, default: '5' });
    expect(inputs['api-token'].default).toBe('${{ github.token }}');
    expect(inputs.zone).toEqual({ description: expect.any(String), required: true });
    expect(inputs.strict).toMatchObject({ required: false, default: '' });
  });

  it('runs under Node 24, with a post step that always runs', () => {
    expect(parse(yml).runs).toEqual({
      using: 'node24',
      main: 'dist/index.js',
      post: 'dist/post.js',
      'post-if': 'always()',
    });
  });
});

describe('Markdown', () => {
  it('keeps a table a table', () => {
    const rows = renderInputsTable(contract).split('\n');
    expect(rows).toHaveLength(7);
    expect(rows[2]).toContain('The zone \\| or region.');
    expect(rows[2]).toContain('**required**');
  });

  it('names permissions and reason codes, also those of the runtime', () => {
    const page = renderReference(contract);
    expect(page).toContain('`contents: read`');
    expect(page).toContain('`ssm:SendCommand`');
    expect(page).toContain('(../../docs/07-TROUBLESHOOTING.md#smoke-failed)');
    expect(page).toContain('07-TROUBLESHOOTING.md#internal-error');
  });
});

describe('result document', () => {
  const result = {
    schema: 'gatewright.result/1',
    action: 'probe',
    verdict: 'pass',
    reasonCode: 'verified',
    explanation: 'Good.',
    checked: [],
  };

  it('is read with the keys of the action', () => {
    expect(resultDocument.parse({ ...result, hosts: 3 })).toEqual({ ...result, hosts: 3 });
    expect(resultDocument.safeParse({ ...result, reasonCode: 'made-up' }).success).toBe(false);
    expect(resultDocument.safeParse({ ...result, verdict: 'green' }).success).toBe(false);
  });

  it('has a JSON Schema', () => {
    expect(resultJsonSchema()).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['schema', 'action', 'verdict', 'reasonCode']),
    });
  });
});
