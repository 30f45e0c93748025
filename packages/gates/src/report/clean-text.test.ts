import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanText } from './clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['plain text', 'plain text'],
    ['two\r\n lines\tand  spaces ', 'two lines and spaces'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;http://example.com\u0007link\u001b]8;;\u0007', 'link'],
    ['bell\u0007 and null\0', 'bell and null'],
    ['\u202eabc\u202c', 'abc'],
    ['a\u200bb\u00adc', 'abc'],
    ['Grüße 😀', 'Grüße 😀'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('keeps as much as the limit says, and shows that there was more', () => {
    expect(cleanText('abcdef', 6)).toBe('abcdef');
    expect(cleanText('abcdefg', 6)).toBe('abcde…');
    expect(cleanText('x'.repeat(10_000_000), 6)).toBe('xxxxx…');
    expect(cleanText('abcd😀fg', 6)).toBe('abcd…');
  });

  it('any text becomes one line within the limit, without what a terminal or a log would obey', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[2J', '\n::error::x', '\r', '\u2029', '\u009b31m', '\u001b'),
    );
    fc.assert(
      fc.property(fc.array(part), fc.integer({ min: 1, max: 50 }), (parts, limit) => {
        const line = cleanText(parts.join(''), limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(stripVTControlCharacters(line)).toBe(line);
      }),
    );
  });
});
