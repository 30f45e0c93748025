import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { cut, jsonNames, lineNames, problemOf, readNames, xmlNames } from './test-support.ts';

const deep = (depth: number): string =>
  `<names>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</names>`;
const xml = (inside: string): string => `<?xml version="1.0"?>\n<names>${inside}</names>\n`;

describe('a report that can be read', () => {
  it.each([
    ['xml-names', xml('<name is="a"/><name is="b">c &amp; <![CDATA[<d>]]></name>'), 2],
    ['json-names', '{ "names": ["a", "b"] }', 2],
    ['line-names', 'name: a\nname: b\r\n', 2],
    ['json-names', '\n\t {"names":[]}', 0],
  ])('%s: the format, items, bytes and digest are evidence', async (format, content, items) => {
    const { evidence } = await readNames(content);
    expect(evidence).toEqual({
      path: 'names.report',
      format,
      items,
      bytes: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  it('a byte order mark is no content, but among the bytes', async () => {
    const { names, evidence } = await readNames(`\ufeff${xml('<name is="ä"/>')}`);
    expect(names).toEqual(['ä']);
    expect(evidence.bytes).toBe(Buffer.byteLength(xml('<name is="ä"/>')) + 3);
  });

  it.each(['utf-8', 'UTF-8', 'utf8', 'US-ASCII'])('the declared encoding %s', async (encoding) => {
    const content = `<?xml version="1.0" encoding="${encoding}"?><names><name is="a"/></names>`;
    expect((await readNames(content)).names).toEqual(['a']);
  });

  it('a document type without definitions, and comments outside of the root', async () => {
    const type = '<!DOCTYPE names SYSTEM "http://example.com/names.dtd">';
    const { names } = await readNames(`${type}<!-- a --><names><name is="a"/></names><!-- b -->\n`);
    expect(names).toEqual(['a']);
  });

  it('an attribute of many kilobytes, which tools write as a message', async () => {
    const long = 'x'.repeat(300_000);
    expect((await readNames(xml(`<name is="${long}"/>`))).names).toEqual([long]);
  });
});

describe('a report that cannot be read', () => {
  it.each([
    ['empty', '', 'report-empty: names.report: no content (0 bytes)'],
    ['white space only', ' \n\t\r\n', 'report-empty: names.report: no content (5 bytes)'],
    ['a byte order mark only', '\ufeff', 'report-empty'],
    ['more white space than a head has', ' '.repeat(200_000), 'report-'],
  ])('%s', async (_, content, problem) => {
    expect(await problemOf(readNames(content))).toContain(problem);
  });

  it.each([
    ['cut inside of a tag', '<names><name is="a"', ':1:'],
    ['cut between tags', '<names><name is="a"/>\n', ':2:1: cut off: 1 elements are not closed'],
    ['cut inside of a comment', '<names></names><!-- ', 'not well-formed XML'],
    ['cut before the root', '<?xml version="1.0"?>\n', 'no element'],
    ['tags that cross', '<names><name></names></name>', ':1:'],
    ['an attribute without quotes', '<names><name is=a/></names>', ':1:'],
    ['text before the root', 'x<names/>', 'report-unrecognised'],
    ['text after the root', '<names></names>more', ':1:'],
    ['CDATA after the root', '<names></names><![CDATA[more]]>', 'outside of the root'],
    ['a second root', '<names></names>\n<names><name is="b"/></names>', ': a second root element'],
    ['an unknown entity', '<names>&secret;</names>', 'not well-formed XML: Invalid character'],
    ['a document type inside', '<names><!DOCTYPE names></names>', 'not well-formed XML'],
  ])('XML: %s', async (_, content, problem) => {
    expect(await problemOf(readNames(content))).toContain(problem);
  });

  it('XML: entities are never expanded', async () => {
    const laughs = `<!DOCTYPE names [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    const outside = `<!DOCTYPE names [<!ENTITY a SYSTEM "file:///etc/hostname">]>`;
    for (const type of [laughs, outside]) {
      expect(await problemOf(readNames(`${type}<names>&b;</names>`))).toContain(
        'report-malformed: names.report:1:',
      );
    }
  });

  it('XML: nested deeper than any tool does', async () => {
    expect(await problemOf(readNames(deep(200)))).toBe('read');
    expect(await problemOf(readNames(deep(300)))).toContain('report-too-large');
    expect(await problemOf(readNames('<names>'.repeat(1_000_000)))).toContain('report-too-large');
  });

  it.each([
    ['cut off', '{ "names": ["a", ', ':1:18: the JSON is cut off'],
    ['cut inside of a text', '{ "names": ["a', ':1:15: the JSON is cut off'],
    ['cut inside of a word', '{ "names": tru', ':1:15: the JSON is cut off'],
    ['a wrong word', '{\n  "names": [x]\n}', ':2:13: not well-formed JSON'],
    ['a comma too many', '{ "names": ["a",] }', ':1:17: not well-formed JSON'],
    ['more after the end', '{ "names": [] }\n{}', ':2:1: not well-formed JSON'],
    ['deep nesting', `{ "names": ${'['.repeat(200_000)}`, 'the JSON is cut off'],
    ['the reader refuses', '{ "names": 3 }', 'report-malformed: names.report: names: not a list'],
  ])('JSON: %s', async (_, content, problem) => {
    expect(await problemOf(readNames(content))).toContain(problem);
  });

  it.each([
    ['cut in the last line', 'name: a\nname: b', 'report-malformed: names.report:2: cut off'],
    ['a line of another kind', 'name: a\nTraceback:\n', 'names.report:2: not a name'],
    ['a line without end', `name: a\nname: ${'x'.repeat(17_000_000)}`, 'report-too-large'],
  ])('lines: %s', async (_, content, problem) => {
    expect(await problemOf(readNames(content))).toContain(problem);
  });
});

describe('text that is not UTF-8', () => {
  const latin1 = Buffer.from(xml('<name is="\u00e4"/>'), 'latin1');
  const halfPair = Buffer.concat([Buffer.from('name: '), Buffer.from([0xed, 0xa0, 0x80, 0x0a])]);

  it.each([1, 2, 7, 31, 65_536])('is refused with its place, in pieces of %d', async (size) => {
    const place = /^report-encoding: names\.report: byte \d+: not UTF-8 text$/;
    expect(await problemOf(readNames(latin1, { size }))).toMatch(place);
    expect(await problemOf(readNames(halfPair, { size }))).toMatch(place);
  });

  it('a character that is cut in two at the end', async () => {
    const whole = Buffer.from('name: €');
    expect(await problemOf(readNames(whole.subarray(0, -1)))).toContain('report-encoding');
  });

  it.each([
    ['little', Buffer.from(`\ufeff${xml('')}`, 'utf16le')],
    ['big', Buffer.from(`\ufeff${xml('')}`, 'utf16le').swap16()],
  ])('UTF-16 with a mark, %s end first, is called by its name', async (_, content) => {
    expect(await problemOf(readNames(content))).toContain('UTF-16');
  });

  it('UTF-16 without a mark', async () => {
    const content = Buffer.from(xml(''), 'utf16le');
    expect(await problemOf(readNames(content))).toContain('report-');
  });

  it('a declared encoding that is not read', async () => {
    const content = '<?xml version="1.0" encoding="ISO-8859-1"?><names/>';
    expect(await problemOf(readNames(content))).toBe(
      'report-encoding: names.report:1:44: declares the encoding ISO-8859-1, but only UTF-8 is read',
    );
  });
});

describe('what format it is', () => {
  const contents = {
    'xml-names': xml('<name is="a"/>'),
    'json-names': '{ "names": ["a"] }',
    'line-names': 'name: a\n',
  };

  it.each(Object.entries(contents))('%s is found by its content', async (format, content) => {
    const { evidence } = await readNames(content);
    expect(evidence.format).toBe(format);
    expect((await readNames(content, { declared: format })).evidence).toEqual(evidence);
  });

  it.each(Object.entries(contents))('%s, declared as another', async (format, content) => {
    for (const declared of Object.keys(contents).filter((other) => other !== format)) {
      expect(await problemOf(readNames(content, { declared }))).toMatch(
        new RegExp(
          `^report-unrecognised: .*declared as ${declared}, but it looks like .*${format}`,
        ),
      );
    }
  });

  it.each([
    [xmlNames, 'XML names'],
    [jsonNames, 'JSON names'],
    [lineNames, 'line names'],
  ])('a report of another gate is called by its name', async (reader, title) => {
    const readers = [xmlNames, jsonNames, lineNames].filter((other) => other !== reader);
    const content = Object.entries(contents).find(([format]) => format === reader.format)?.[1];
    expect(await problemOf(readNames(content ?? '', { readers, foreign: [reader] }))).toContain(
      `report-unrecognised: names.report: not a report of this gate: it looks like ${title}; accepted: `,
    );
  });

  it.each([
    ['<html><body>502 Bad Gateway</body></html>', 'it looks like XML <html>'],
    ['{ "message": "Not Found" }', 'it looks like JSON of another tool'],
    ['Segmentation fault\n', 'no known format'],
    ['PK\u0003\u0004', 'no known format'],
    ['"names"', 'no known format'],
  ])('foreign: %s', async (content, looks) => {
    const problem = await problemOf(readNames(content));
    expect(problem).toContain(looks);
    expect(problem).toContain('accepted: XML names, JSON names, line names');
  });
});

it('cuts nothing off', () => {
  const bytes = Buffer.from('abcdefg');
  expect(Buffer.concat([...cut(bytes, 3)])).toEqual(bytes);
});
