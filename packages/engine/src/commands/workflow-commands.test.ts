import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCommandReader, parseCommand } from './workflow-commands.ts';

/** As the toolkit does it. */
function escape(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

describe('parseCommand', () => {
  it.each([
    ['::error::broken', { name: 'error', properties: {}, data: 'broken' }],
    [
      '  ::warning file=a.ts,line=3,title=Odd%2C very::50%25 of%0Ait',
      {
        name: 'warning',
        properties: { file: 'a.ts', line: '3', title: 'Odd, very' },
        data: '50% of\nit',
      },
    ],
    ['::NOTICE::x', { name: 'NOTICE', properties: {}, data: 'x' }],
    ['::add-mask::a::b', { name: 'add-mask', properties: {}, data: 'a::b' }],
    [
      '::error title=%3A%250A::%250A',
      { name: 'error', properties: { title: ':%0A' }, data: '%0A' },
    ],
    ['::endgroup::', { name: 'endgroup', properties: {}, data: '' }],
    ['::unknown::x', undefined],
    ['text ::error::x', undefined],
    [':error::x', undefined],
    ['::error', undefined],
    ['::', undefined],
  ])('%j', (line, expected) => {
    expect(parseCommand(line)).toEqual(expected);
  });

  it('reads back whatever a toolkit escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseCommand(`::error::${escape(text)}`)?.data).toBe(text);
      }),
    );
  });
});

describe('a step that stops commands', () => {
  it('prints commands until its own token comes', () => {
    const read = createCommandReader();
    const kinds = [
      '::stop-commands::tok-1',
      '::error::from a host',
      '::stop-commands::other',
      '::other::',
      '::endgroup::',
      '::tok-1::',
      '::error::mine',
      '::tok-1::',
    ].map((line) => read(line).kind);
    expect(kinds).toEqual(['none', 'text', 'text', 'text', 'text', 'none', 'annotation', 'text']);
  });

  it.each(['::stop-commands::', '::stop-commands::error', '::stop-commands::Group'])(
    'refuses %s',
    (line) => {
      const read = createCommandReader();
      expect(read(line).kind).toBe('refused');
      expect(read('::debug::still read').kind).toBe('debug');
    },
  );
});

it.each(['set-output name=a', 'save-state name=a', 'set-env name=a', 'add-path'])(
  'refuses the old command %s and names the file to use',
  (command) => {
    expect(createCommandReader()(`::${command}::x`)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/\$GITHUB_(OUTPUT|STATE|ENV|PATH)/),
    });
  },
);

it.each(['::echo::on', '::add-matcher::x.json', '::remove-matcher owner=x::'])(
  'swallows %s, which only changes the view of a log',
  (line) => {
    expect(createCommandReader()(line).kind).toBe('none');
  },
);
