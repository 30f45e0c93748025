import { describe, expect, it } from '@jest/globals';
import { workflowContract } from './index.ts';

describe('workflowContract', () => {
  it('tells what callers rely on, without words', () => {
    const text = `name: x
on:
  workflow_call:
    inputs:
      environment: { description: D., type: string, required: true }
      waves: { type: number, default: 2 }
      fast: { type: boolean }
    secrets:
      key: { required: true }
      other: {}
    outputs:
      verdict: { value: x }
permissions: {}
jobs:
  a: { permissions: { contents: read, id-token: write } }
  b: { permissions: { contents: write, actions: none } }
`;
    expect(workflowContract(text)).toEqual({
      inputs: {
        environment: { type: 'string', required: true },
        waves: { type: 'number', required: false, default: '2' },
        fast: { type: 'boolean', required: false, default: '' },
      },
      outputs: ['verdict'],
      secrets: { key: true, other: false },
      permissions: { contents: 'write', 'id-token': 'write' },
    });
  });

  it('has nothing to tell of a workflow that nobody can call', () => {
    expect(workflowContract('on: push\njobs: {}\n')).toBeUndefined();
    expect(workflowContract('on: { workflow_call: }\njobs: {}\n')).toMatchObject({ inputs: {} });
  });
});
