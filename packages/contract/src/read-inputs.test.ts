import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@gatewright/verdict';
import fc from 'fast-check';
import * as z from 'zod';
import { choice, defineAction, flag, integer, json, list, readInputs, text } from './index.ts';

const contract = defineAction({
  name: 'probe',
  title: 'Probe',
  description: 'Probes.',
  permissions: {},
  inputs: {
    'timeout-seconds': integer({ description: 'T.', min: 1, max: 60, default: '5' }),
    mode: choice({ description: 'M.', of: ['fast', 'slow'], optional: true }),
    names: list({ description: 'N.' }),
    strict: flag({ description: 'S.', default: 'true' }),
    'api-token': text({ description: 'A.', pattern: /^tok_/, secret: true, optional: true }),
    'key-json': json(z.strictObject({ key: z.string() }), {
      description: 'K.',
      secret: true,
      optional: true,
    }),
  },
  outputs: {},
  reasonCodes: [],
});

const read = (given: Record<string, string>) => readInputs(contract, (name) => given[name] ?? '');

function refusal(given: Record<string, string>): ConfigurationError {
  try {
    read(given);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error('the inputs were accepted');
}

describe('readInputs', () => {
  it('gives typed values under camelCase keys; empty text means unset', () => {
    expect(read({ names: 'a,b', mode: ' ', 'timeout-seconds': '' })).toEqual({
      timeoutSeconds: 5,
      mode: undefined,
      names: ['a', 'b'],
      strict: true,
      apiToken: undefined,
      keyJson: undefined,
    });
  });

  it('collects every bad input in one error', () => {
    const error = refusal({ 'timeout-seconds': '12abc', mode: 'medium', strict: 'yes' });
    expect(error.reasonCode).toBe('input-invalid');
    expect(error.message).toBe(`4 inputs are not valid: ${error.checked.join('; ')}.`);
    expect(error.checked).toEqual([
      'timeout-seconds: got "12abc"; accepted: a whole number from 1 to 60',
      'mode: got "medium"; accepted: one of fast, slow',
      'names: not given; accepted: one item per line or, on one line, separated by commas; each a text',
      'strict: got "yes"; accepted: true or false',
    ]);
    expect(error.remedy).toContain('probe');
  });

  it('shows a value on one line and at most 100 characters of it', () => {
    const [line = ''] = refusal({ mode: `a\n::error::${'x'.repeat(500)}`, names: 'a' }).checked;
    expect(line).not.toContain('\n');
    expect(line).toMatch(/^mode: got "a\\n::error::x{87}…; accepted:/);
  });

  it('never shows the value of a secret, whatever it is', () => {
    const secret = fc.stringMatching(/^[A-Z0-9]{8,40}$/);
    fc.assert(
      fc.property(secret, (value) => {
        const error = refusal({ names: 'a', 'api-token': value, 'key-json': `{"${value}": 1` });
        expect(`${error.message} ${error.checked.join(' ')} ${error.remedy}`).not.toContain(value);
        expect(error.checked).toHaveLength(2);
      }),
    );
  });
});

describe('defineAction', () => {
  const base = { name: 'x', title: 'X', description: 'X.', permissions: {}, reasonCodes: [] };
  const input = text({ description: 'D.' });

  it.each([
    ['a name that is not kebab-case', { inputs: { timeoutSeconds: input }, outputs: {} }],
    ['an input that the runtime adds', { inputs: { 'result-path': input }, outputs: {} }],
    [
      'an output that the runtime adds',
      { inputs: {}, outputs: { verdict: { description: 'V.' } } },
    ],
    ['two names with one key', { inputs: { 'a-1b': input, a1b: input }, outputs: {} }],
    [
      'a default that it would refuse',
      { inputs: { n: integer({ description: 'N.', min: 1, max: 2, default: '3' }) }, outputs: {} },
    ],
  ])('refuses %s', (_, part) => {
    expect(() => defineAction({ ...base, ...part })).toThrow(/contract of x is wrong/);
  });

  it('leaves a default alone that GitHub evaluates', () => {
    const token = text({ description: 'T.', pattern: /^ghs_/, default: '${{ github.token }}' });
    expect(() => defineAction({ ...base, inputs: { token }, outputs: {} })).not.toThrow();
  });
});
