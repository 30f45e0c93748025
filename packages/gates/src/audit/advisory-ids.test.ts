import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { advisoryId, aliasClosure, aliasesOf, ghsaOfUrl, preferredId } from './advisory-ids.ts';

describe('names of advisories', () => {
  it('are written as their database does', () => {
    expect(advisoryId('ghsa-JF85-cpcp-j695')).toBe('GHSA-jf85-cpcp-j695');
    expect(advisoryId('cve-2026-1')).toBe('CVE-2026-1');
    expect(advisoryId('PYSEC-2026-1\u001B[31m')).toBe('PYSEC-2026-1');
    expect(ghsaOfUrl('https://github.com/advisories/GHSA-JF85-cpcp-j695')).toBe(
      'GHSA-jf85-cpcp-j695',
    );
    expect(ghsaOfUrl('https://npmjs.com/advisories/12')).toBeUndefined();
  });

  it('leave out announcements that stand for many vulnerabilities', () => {
    expect(aliasesOf('CVE-2026-1', ['DSA-1-1', 'RHSA-2026:1', 'GHSA-aaaa-bbbb-cccc'])).toEqual([
      'GHSA-aaaa-bbbb-cccc',
    ]);
  });

  it('leave out CVEs when there are several, for each is a vulnerability of its own', () => {
    expect(aliasesOf('RHSA-2026:1', ['CVE-2026-1', 'CVE-2026-2'])).toEqual([]);
    expect(aliasesOf('CVE-2026-1', ['CVE-2026-2'])).toEqual([]);
    expect(aliasesOf('GHSA-aaaa-bbbb-cccc', ['CVE-2026-1'])).toEqual(['CVE-2026-1']);
  });

  it('are shown by malware id, CVE, GHSA, and then the others', () => {
    expect(preferredId(['GHSA-a', 'CVE-2', 'PYSEC-1', 'CVE-1'])).toBe('CVE-1');
    expect(preferredId(['CVE-1', 'MAL-2026-1'])).toBe('MAL-2026-1');
    expect(preferredId(['PYSEC-1', 'GHSA-a'])).toBe('GHSA-a');
  });
});

describe('the closure of aliases', () => {
  it('joins advisories over a chain of names', () => {
    const of = aliasClosure([
      ['PYSEC-1', 'GHSA-a'],
      ['CVE-1', 'GHSA-b'],
      ['GHSA-a', 'CVE-1'],
      ['CVE-2'],
    ]);
    expect(of(['PYSEC-1'])).toBe(of(['GHSA-b']));
    expect(of(['CVE-2'])).not.toBe(of(['CVE-1']));
  });

  it('never joins over an announcement', () => {
    const of = aliasClosure([
      ['DSA-1-1', 'CVE-1'],
      ['DSA-1-1', 'CVE-2'],
    ]);
    expect(of(['DSA-1-1', 'CVE-1'])).not.toBe(of(['DSA-1-1', 'CVE-2']));
  });

  it('is the same in whatever order the advisories come', () => {
    const name = fc.integer({ min: 1, max: 12 }).map((number) => `CVE-${number}`);
    const advisories = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        advisories.chain((all) => fc.tuple(fc.constant(all), shuffled(all))),
        ([one, other]) => {
          const [first, second] = [aliasClosure(one), aliasClosure(other)];
          for (const names of one) expect(first(names)).toBe(second(names.toReversed()));
        },
      ),
    );
  });
});

function shuffled<T>(all: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...all], { minLength: all.length });
}
