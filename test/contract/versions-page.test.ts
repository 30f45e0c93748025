import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const page = readFileSync(new URL('../../docs/05-VERSIONS.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, body = '']) => body,
  );
const manifest: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

describe('docs/05-VERSIONS.md', () => {
  it('shows a caller by commit before it speaks of tags', () => {
    const [first = ''] = blocks('yaml');
    expect(Object.values<{ uses: string }>(parse(first))[0]?.uses).toMatch(/@[0-9a-f]{40}$/);
    expect(page.indexOf(first)).toBeLessThan(page.indexOf('`@v1`'));
  });

  it('shows settings of Dependabot and Renovate that wait a week', () => {
    const [dependabot] = blocks('yaml').filter((text) => text.includes('updates:'));
    expect(parse(dependabot ?? '')).toMatchObject({
      version: 2,
      updates: [{ 'package-ecosystem': 'github-actions', cooldown: { 'default-days': 7 } }],
    });
    expect(blocks('json').map((text) => JSON.parse(text))).toMatchObject([
      { packageRules: [{ minimumReleaseAge: '7 days' }] },
    ]);
  });

  it('names only scripts that there are', () => {
    const named = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });
});
