import { describe, expect, it } from '@jest/globals';
import { matchesRefPattern, refMayDeploy } from './ref-pattern.ts';

describe('patterns of refs', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/2', false],
    ['**/fix', 'a/b/fix', true],
    ['**/fix', 'fix', true],
    ['v?.[0-9]', 'v1.2', true],
    ['v[!0-9]', 'v1', false],
    ['a.b', 'axb', false],
    [String.raw`a\*`, 'a*', true],
    [String.raw`a\*`, 'ab', false],
  ])('%s against %s: %s', (pattern, name, expected) => {
    expect(matchesRefPattern(pattern, name)).toBe(expected);
  });

  it('matches branches, tags and pull requests each in their own way', () => {
    const policy = ['main', 'refs/pull/*/merge', { name: 'v*', type: 'tag' as const }];
    const may = (ref: string) => refMayDeploy(ref, policy, []);
    expect(['refs/heads/main', 'refs/tags/v1', 'refs/pull/7/merge'].map(may)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['refs/heads/v1', 'refs/tags/main', 'refs/pull/7/head'].map(may)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('lets every branch deploy to "protected branches only" as long as none is protected', () => {
    expect(refMayDeploy('refs/heads/x', 'protected', [])).toBe(true);
    expect(refMayDeploy('refs/heads/x', 'protected', ['main'])).toBe(false);
    expect(refMayDeploy('refs/heads/main', 'protected', ['main'])).toBe(true);
    expect(refMayDeploy('refs/tags/v1', 'protected', [])).toBe(false);
  });
});
