import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { problemOf, readNames } from './test-support.ts';

/** Also what is cut in two by bytes or by UTF-16, and what line splitting and XML care for. */
const name = fc
  .array(fc.constantFrom('a', 'B', ' x', 'ä', '€', '😀', '\t', '"', '<', '&', ']]>', '\u2028'))
  .map((parts) => `n${parts.join('')}n`);
const lineEnd = fc.constantFrom('\n', '\r\n');
const size = fc.integer({ min: 1, max: 40 });

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;');

const reports = fc
  .record({ names: fc.array(name, { minLength: 1, maxLength: 8 }), lineEnd })
  .map((given) => ({
    names: given.names,
    lines: given.names.map((each) => `name: ${each}${given.lineEnd}`).join(''),
    json: JSON.stringify({ names: given.names }, null, 1),
    xml: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<names>',
      ...given.names.map((each) => `<name is="${escaped(each)}"/>`),
      '</names>',
    ].join(given.lineEnd),
  }));

describe('any report', () => {
  it('has the same items and evidence in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(reports, size, async ({ names, lines, json, xml }, pieces) => {
        for (const content of [lines, json, xml]) {
          const whole = await readNames(content);
          expect(whole.names).toEqual(names);
          expect(await readNames(content, { size: pieces })).toEqual(whole);
        }
      }),
    );
  });

  it('is an error when it is cut anywhere, in XML and JSON', async () => {
    await fc.assert(
      fc.asyncProperty(reports, fc.nat(), async ({ json, xml }, where) => {
        for (const content of [json, xml]) {
          const start = content.slice(0, where % content.length);
          expect(await problemOf(readNames(start))).toMatch(/^report-[a-z]+: names\.report/);
        }
      }),
    );
  });

  it('is an error when it is cut inside of a line', async () => {
    await fc.assert(
      fc.asyncProperty(reports, fc.nat(), async ({ lines }, where) => {
        const start = lines.slice(0, where % lines.length);
        fc.pre(!start.endsWith('\n'));
        expect(await problemOf(readNames(start))).toMatch(/^report-[a-z]+: names\.report/);
      }),
    );
  });

  it('never crashes the reading, whatever the bytes are', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const start = fc.constantFrom('', '<names>', '{"names":[', 'name: ', '\ufeff', '<!DOCTYPE ');
    await fc.assert(
      fc.asyncProperty(start, bytes, size, async (head, tail, pieces) => {
        const content = Buffer.concat([Buffer.from(head), tail]);
        expect(await problemOf(readNames(content, { size: pieces }))).toMatch(/^read$|^report-/);
      }),
    );
  });
});
