import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { actionsIn, checkPins, readPins } from './index.ts';

const root = join(import.meta.dirname, '../../..');
const pins = readPins(readFileSync(join(root, 'packages/workflows/pins.json'), 'utf8'));
const files = ['workflows', '.github/workflows'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name)),
);
const text = (path: string) => readFileSync(join(root, path), 'utf8');

const sha = 'a'.repeat(40);
const one = readPins(
  JSON.stringify({
    pins: [
      {
        action: 'actions/checkout',
        version: 'v7.0.1',
        sha,
        date: '2026-07-17',
        source: 'https://github.com/actions/checkout/releases/tag/v7.0.1',
      },
    ],
  }),
);
const using = (uses: string) => `on: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`;

describe('the pins', () => {
  it.each(files)('are those of %s', (path) => {
    expect(checkPins(text(path), pins)).toEqual([]);
  });

  it('are all in use', () => {
    const used = new Set(files.flatMap((path) => actionsIn(text(path))));
    expect([...pins.keys()].filter((action) => !used.has(action))).toEqual([]);
  });

  it.each([
    ['the pinned one', `actions/checkout@${sha} # v7.0.1`, []],
    ['a folder of it', `actions/checkout/sub@${sha} # v7.0.1`, []],
    ['our own', '$/actions/deploy-ssm', []],
    ['a tag', 'actions/checkout@v7 # v7.0.1', ['actions/checkout is v7, not']],
    ['a false comment', `actions/checkout@${sha} # v7.0.2`, ['the comment says v7.0.2']],
    ['no comment', `actions/checkout@${sha}`, ['the comment says nothing']],
    ['another action', `octo/other@${sha} # v1.0.0`, ['octo/other has no pin']],
  ])('say of %s what is wrong', (_, uses, expected) => {
    const found = checkPins(using(uses), one);
    expect(found.map(({ line }) => line)).toEqual(expected.map(() => 5));
    for (const [index, words] of expected.entries()) expect(found[index]?.message).toContain(words);
  });

  it('need a whole SHA and a date', () => {
    expect(() => readPins('{"pins":[{"action":"a/b","version":"v1","sha":"abc"}]}')).toThrow('sha');
  });
});
