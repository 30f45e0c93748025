import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMasks } from './masks.ts';

function masked(values: readonly string[], text: string): string {
  const masks = createMasks();
  for (const value of values) masks.add(value);
  return masks.mask(text);
}

describe('masks', () => {
  it.each([
    [['secret'], 'a secret here', 'a *** here'],
    [['secret'], 'secretsecret', '***'],
    [['aa'], 'aaa', '***'],
    [['abc', 'bcd'], 'xabcdx', 'x***x'],
    [['ab', 'abcd'], 'abcd ab', '*** ***'],
    [['one\ntwo'], 'one\ntwo', '***'],
    [['one\ntwo'], 'only two', 'only ***'],
    [['line\r\n  next  \r\n'], 'next line', '*** ***'],
    [['secret'], 'Secret', 'Secret'],
    [[], 'open', 'open'],
    [['a.c'], 'abc a.c', 'abc ***'],
  ])('%j in %j', (values, text, expected) => {
    expect(masked(values, text)).toBe(expected);
  });

  it('refuses what is only white space', () => {
    const masks = createMasks();
    expect(masks.add(' \n\t')).toBe(false);
    expect(masks.mask('a b')).toBe('a b');
  });

  const secret = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', '\n'),
    minLength: 1,
    maxLength: 6,
  });

  it('never lets a secret or a line of one through, and changes nothing else', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '\n'), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 4 }), text, (values, content) => {
        const result = masked(values, content);
        const lines = values.flatMap((value) => [value, ...value.split('\n')]);
        const secrets = lines.filter((line) => line.trim() !== '');
        expect(secrets.filter((line) => result.includes(line))).toEqual([]);
        expect(secrets.length > 0 || result === content).toBe(true);
      }),
    );
  });

  it('knows which texts it would change', () => {
    fc.assert(
      fc.property(secret, fc.string({ unit: fc.constantFrom('a', 'b', 'c') }), (value, content) => {
        const masks = createMasks();
        masks.add(value);
        expect(masks.covers(content)).toBe(masks.mask(content) !== content);
      }),
    );
  });
});
