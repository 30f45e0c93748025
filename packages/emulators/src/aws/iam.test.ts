import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAllowed, matchesWildcard } from './iam.ts';

describe('wildcards', () => {
  it('match any text with *, one character with ?, and nothing else is special', () => {
    expect(matchesWildcard('arn:*:instance/i-?', 'arn:aws:ec2:instance/i-1')).toBe(true);
    expect(matchesWildcard('a.b', 'axb')).toBe(false);
    fc.assert(
      fc.property(fc.string(), fc.string(), (prefix, rest) => {
        const literal = prefix.replaceAll(/[*?]/gu, '');
        expect(matchesWildcard(`${literal}*`, literal + rest)).toBe(true);
      }),
    );
  });
});

describe('isAllowed', () => {
  it('lets an explicit deny beat every allow, and denies what nobody allows', () => {
    const allow = { actions: ['ssm:*'], resources: ['*'] };
    const deny = { effect: 'Deny' as const, actions: ['SSM:put*'], resources: ['*'] };
    expect(isAllowed([allow], 'ssm:PutParameter', 'r')).toBe('allowed');
    expect(isAllowed([allow, deny], 'ssm:PutParameter', 'r')).toBe('denied');
    expect(isAllowed([allow], 's3:PutObject', 'r')).toBe('not-allowed');
  });
});
