import { describe, expect, it } from '@jest/globals';
import { calculateBaseScore, calculateBaseScoreV4 } from 'cvss4';
import * as fc from 'fast-check';
import { baseScore } from './cvss.ts';

const third = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const fourth = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';

describe('the base score of a CVSS vector', () => {
  it.each([
    [third, { version: '3.1', score: 9.8 }],
    [third.replace('3.1', '3.0'), { version: '3.0', score: 9.8 }],
    [fourth, { version: '4.0', score: 9.3 }],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', { version: '2.0', score: 7.5 }],
    ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', { version: '2.0', score: 7.5 }],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', { version: '3.1', score: 0 }],
  ])('of %s', (vector, expected) => {
    expect(baseScore(vector)).toEqual(expected);
  });

  it('is not lowered by temporal or threat metrics (F10)', () => {
    expect(baseScore(`${third}/E:U/RL:O/RC:U`)?.score).toBe(9.8);
    expect(baseScore(`${fourth}/E:U`)?.score).toBe(9.3);
    expect(baseScore('AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U/RL:OF/RC:UC')?.score).toBe(7.5);
  });

  it('is not changed by environmental metrics', () => {
    expect(baseScore(`${third}/MAV:P/CR:L`)?.score).toBe(9.8);
    expect(baseScore(`${fourth}/MAV:P/CR:L`)?.score).toBe(9.3);
  });

  it('is unknown, not 0, for an incomplete vector (F10)', () => {
    expect(baseScore('CVSS:3.1/AV:N/AC:L')).toBeUndefined();
    expect(baseScore('CVSS:4.0/AV:N')).toBeUndefined();
    expect(baseScore('AV:N/AC:L')).toBeUndefined();
    expect(baseScore(third.replace('PR:N', 'PR:X'))).toBeUndefined();
  });

  it.each([
    '',
    'garbage',
    'CVSS:3.1/',
    'CVSS:5.0/AV:N',
    third.toLowerCase(),
    third.replace('AV:N', 'AV:Z'),
    `${third}/AV:P`,
    `${third}/XX:Y`,
    `${third}/E:Z`,
    `${third}/`,
    `${third}/AV`,
  ])('is unknown for %s', (vector) => {
    expect(baseScore(vector)).toBeUndefined();
  });

  it('agrees with another implementation on every vector of version 3', () => {
    const vector = fc
      .tuple(
        fc.constantFrom('CVSS:3.0', 'CVSS:3.1'),
        metric('AV', 'NALP'),
        metric('AC', 'LH'),
        metric('PR', 'NLH'),
        metric('UI', 'NR'),
        metric('S', 'UC'),
        metric('C', 'NLH'),
        metric('I', 'NLH'),
        metric('A', 'NLH'),
      )
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(vector, (text) => {
        expect(baseScore(text)?.score).toBe(calculateBaseScore(text));
      }),
      { numRuns: 1000 },
    );
  });

  // Halves: the calculator of FIRST adds 1e-6 before it rounds, as ours does; the other one meets floating point.
  it('agrees with another implementation on every vector of version 4, but for how halves are rounded', () => {
    const vector = fc
      .tuple(
        fc.constant('CVSS:4.0'),
        metric('AV', 'NALP'),
        metric('AC', 'LH'),
        metric('AT', 'NP'),
        metric('PR', 'NLH'),
        metric('UI', 'NPA'),
        metric('VC', 'HLN'),
        metric('VI', 'HLN'),
        metric('VA', 'HLN'),
        metric('SC', 'HLN'),
        metric('SI', 'HLN'),
        metric('SA', 'HLN'),
      )
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(vector, (text) => {
        const above = (baseScore(text)?.score ?? -1) - calculateBaseScoreV4(text);
        expect([0, 0.1]).toContain(Math.round(above * 10) / 10);
      }),
      { numRuns: 300 },
    );
  });
});

function metric(name: string, values: string): fc.Arbitrary<string> {
  return fc.constantFrom(...values.split('')).map((value) => `${name}:${value}`);
}
