import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { substitute, substituteLines } from './substitution.ts';

describe('substitute', () => {
  it('gives a parameter that stands alone its value, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(fc.string())), (value) => {
        expect(substitute('{{ Value }}', { Value: value })).toEqual(value);
      }),
    );
  });

  it('replaces all at once: a value that looks like a parameter stays', () => {
    const values = { A: '{{ B }}', B: '{{ A }}' };
    expect(substitute('[{{A}}|{{ B }}]', values)).toBe('[{{ B }}|{{ A }}]');
  });

  it('leaves unknown names alone, writes a list as JSON, halves doubled dollars', () => {
    const values = { List: ['a', 'b'], Price: '$$5 $& $1' };
    expect(substitute('x {{ List }} {{ Price }} {{ other }}', values)).toBe(
      'x ["a","b"] $5 $& $1 {{ other }}',
    );
  });
});

describe('substituteLines', () => {
  it('turns a list into lines', () => {
    const lines = ['one', '{{ More }}', 'end'];
    expect(substituteLines(lines, { More: ['two', 'three'] })).toEqual([
      'one',
      'two',
      'three',
      'end',
    ]);
    expect(substituteLines('{{ More }}', { More: ['two'] })).toEqual(['two']);
  });
});
