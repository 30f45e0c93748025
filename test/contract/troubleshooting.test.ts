import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { reasonCodes } from '@gatewright/verdict';

const page = readFileSync(new URL('../../docs/07-TROUBLESHOOTING.md', import.meta.url), 'utf8');
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((text) => {
    const [heading = '', ...body] = text.split('\n');
    return { heading, body: body.join('\n').split(/^## /m)[0]?.trim() ?? '' };
  });

describe('docs/07-TROUBLESHOOTING.md', () => {
  it('has exactly one heading per reason code', () => {
    expect(sections.map((section) => section.heading).toSorted()).toEqual(
      Object.keys(reasonCodes).toSorted(),
    );
  });

  it.each(sections)('says something under $heading', ({ body }) => {
    expect(body.length).toBeGreaterThan(40);
  });

  it('links only to headings that exist', () => {
    const headings = new Set(sections.map((section) => section.heading));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !headings.has(link))).toEqual([]);
  });
});
