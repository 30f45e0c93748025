import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseNamedValues, parsePaths, refusedEnvironmentName } from './file-commands.ts';

/** The names in a file, or why it was refused. */
function read(content: string): { names: readonly string[]; refusal: string } {
  try {
    return { names: parseNamedValues(content).map(([name]) => name), refusal: '' };
  } catch (error) {
    return { names: [], refusal: String(error) };
  }
}

describe('parseNamedValues', () => {
  it.each([
    [
      'a=1\nb=2\n',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1', [['a', '1']]],
    ['', []],
    ['\n\na=\n', [['a', '']]],
    ['url=http://x/?a=b\n', [['url', 'http://x/?a=b']]],
    ['a=x<<y\n', [['a', 'x<<y']]],
    [
      'a<<END\none\n\ntwo\nEND\nb=2\n',
      [
        ['a', 'one\n\ntwo'],
        ['b', '2'],
      ],
    ],
    ['a<<END\nEND\n', [['a', '']]],
    ['a<<END\nx\r\nEND\n', [['a', 'x\r']]],
    ['a<<E=F\nx=y\nE=F\n', [['a', 'x=y']]],
    [
      'a=1\na=2\n',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
  ])('reads %j', (content, expected) => {
    expect(parseNamedValues(content)).toEqual(expected);
  });

  it.each([
    ['just text\n', /Invalid format 'just text'/],
    ['=x\n', /Name must not be empty/],
    ['<<END\nx\nEND\n', /Name must not be empty and delimiter/],
    ['a<<\nx\n', /delimiter must not be empty/],
    ['a<<END\nx\n', /Matching delimiter not found 'END'/],
    ['a<<END\nx\n END\n', /Matching delimiter not found 'END'/],
    ['a<<END\nx\nEND\r\n', /Matching delimiter not found 'END'/],
  ])('refuses %j', (content, message) => {
    expect(() => parseNamedValues(content)).toThrow(message);
  });

  it('gives back what was written as heredocs, whatever the values', () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,10}$/);
    const entries = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(entries, (values) => {
        const file = values.map(([key, value], i) => {
          let delimiter = `ghadelimiter_${i}`;
          while (value.split('\n').includes(delimiter)) delimiter += '_';
          return `${key}<<${delimiter}\n${value}\n${delimiter}\n`;
        });
        expect(parseNamedValues(file.join(''))).toEqual(values);
      }),
    );
  });

  it('reads any text or refuses it, but never invents a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', '<', '\n', 'E') }), (content) => {
        const { names, refusal } = read(content);
        expect(refusal).toMatch(/^$|Invalid (format|value)/);
        expect(names.filter((name) => !content.includes(name))).toEqual([]);
      }),
    );
  });
});

it('keeps the order of GITHUB_PATH and skips empty lines', () => {
  expect(parsePaths('/a\n\n/b c\n')).toEqual(['/a', '/b c']);
});

it.each([
  ['NODE_OPTIONS', true],
  ['node_options', true],
  ['NODE_ENV', false],
])('GITHUB_ENV and %s', (name, refused) => {
  expect(refusedEnvironmentName(name) !== undefined).toBe(refused);
});
