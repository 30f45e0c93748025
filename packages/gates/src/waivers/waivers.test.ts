import { describe, expect, it } from '@jest/globals';
import type { Finding, Waiver } from '@gatewright/verdict';
import fc from 'fast-check';
import { openWaivers } from './waivers.ts';
import type { WaiverRequest } from './waivers.ts';

const today = '2026-11-20';
const fingerprint = 'a'.repeat(64);

const finding = (given: Partial<Finding> = {}): Finding => ({
  kind: 'vulnerability',
  id: 'GHSA-462w-v97r-4m45',
  aliases: ['CVE-2019-10906'],
  fingerprint,
  level: 'high',
  message: 'sandbox escape',
  seenIn: ['audit.json'],
  baseline: 'not-compared',
  blocking: true,
  ...given,
});
const inPackage = (purl: string): Finding =>
  finding({ package: { name: 'x', purl, fixedIn: [], scope: 'runtime' } });

const waiver = (given: Partial<Waiver> = {}): Waiver => ({
  id: 'GHSA-462w-v97r-4m45',
  reason: 'not reachable',
  owner: 'platform-team',
  expires: '2026-12-01',
  ...given,
});

const open = (
  waivers: readonly Waiver[],
  more: Partial<WaiverRequest> = {},
): ReturnType<typeof openWaivers> =>
  openWaivers({ waivers, policy: { maximumTermDays: 90, warnDays: 14 }, today, ...more });

const waives = (by: Waiver, found: Finding = finding()): boolean =>
  open([by]).apply([found]).waived.length === 1;

describe('what a waiver names', () => {
  it.each([
    ['id', 'GHSA-462w-v97r-4m45', true],
    ['alias', 'CVE-2019-10906', true],
    ['fingerprint', fingerprint, true],
    ['another id', 'GHSA-462w-v97r-4m46', false],
    ['the start of an id', 'GHSA-462w', false],
  ])('matches by %s', (_, id, expected) => {
    expect(waives(waiver({ id }))).toBe(expected);
  });

  it('waives one advisory of a package and not the others (F14)', () => {
    const purl = 'pkg:npm/lodash@4.17.20';
    const other = { ...inPackage(purl), id: 'GHSA-35jh-r3h4-6jhm', aliases: [] };
    const scoped = waiver({ scope: { package: 'pkg:npm/lodash' } });
    expect(open([scoped]).apply([inPackage(purl), other])).toMatchObject({
      open: [{ id: 'GHSA-35jh-r3h4-6jhm' }],
      waived: [{ finding: { id: 'GHSA-462w-v97r-4m45' } }],
    });
  });

  it('never waives a shortfall of coverage', () => {
    expect(waives(waiver({ id: 'coverage' }), finding({ kind: 'coverage', id: 'coverage' }))).toBe(
      false,
    );
  });
});

describe('the scope of a waiver', () => {
  it.each([
    ['pkg:npm/lodash', 'pkg:npm/lodash@4.17.20', true],
    ['pkg:npm/lodash@4.17.20', 'pkg:npm/lodash@4.17.20', true],
    ['pkg:npm/lodash@4.17.19', 'pkg:npm/lodash@4.17.20', false],
    ['pkg:npm/lodash@4.17.20', 'pkg:npm/lodash', false],
    ['pkg:npm/lodash', 'pkg:pypi/lodash@4.17.20', false],
    ['pkg:npm/%40scope/name', 'pkg:npm/@scope/name@1.0.0', true],
    ['pkg:npm/@scope/name', 'pkg:npm/%40scope/name@1.0.0', true],
    ['pkg:npm/name', 'pkg:npm/%40scope/name@1.0.0', false],
    ['pkg:pypi/Foo.Bar_baz', 'pkg:pypi/foo-bar-baz@1.0', true],
    ['pkg:golang/stdlib', 'pkg:golang/stdlib@v1.22', true],
    ['pkg:deb/debian/openssl', 'pkg:deb/debian/openssl@3.0%2Bu1?arch=amd64', true],
    ['pkg:deb/debian/openssl@3.0%2Bu1', 'pkg:deb/debian/openssl@3.0+u1', true],
    ['pkg:deb/debian/openssl?arch=arm64', 'pkg:deb/debian/openssl@3.0?arch=amd64', false],
    ['not a package URL', 'not a package URL', false],
  ])('package %s, found %s: %s', (scope, purl, expected) => {
    expect(waives(waiver({ scope: { package: scope } }), inPackage(purl))).toBe(expected);
  });

  it.each([
    ['src/**', 'src/a/b.js', true],
    ['src/**', 'test/src/b.js', false],
    ['**/*.js', '.github/scripts/x.js', true],
    ['src/*.js', 'src/a/b.js', false],
    ['src/a.js', 'src/a.js', true],
    ['!src/**', 'test/a.js', false],
  ])('path %s, found %s: %s', (path, found, expected) => {
    expect(waives(waiver({ scope: { path } }), finding({ path: found }))).toBe(expected);
  });

  it('does not match what has no path or package', () => {
    expect(waives(waiver({ scope: { path: '**' } }))).toBe(false);
    expect(waives(waiver({ scope: { package: 'pkg:npm/lodash' } }))).toBe(false);
  });

  it('needs both parts when both are given', () => {
    const scope = { package: 'pkg:npm/x', path: 'web/**' };
    const found = { ...inPackage('pkg:npm/x@1.0.0'), path: 'api/package-lock.json' };
    expect(waives(waiver({ scope }), found)).toBe(false);
    expect(waives(waiver({ scope }), { ...found, path: 'web/package-lock.json' })).toBe(true);
  });
});

describe('how long a waiver holds', () => {
  it.each([
    ['2026-11-19', false, { expired: 1 }],
    ['2026-11-20', true, { expiring: 1 }],
    ['2026-12-04', true, { expiring: 1 }],
    ['2026-12-05', true, {}],
    ['2027-02-18', true, {}],
    ['2027-02-19', false, { tooLong: 1 }],
  ])('expires %s: holds %s', (expires, holds, counts) => {
    const opened = open([waiver({ expires })]);
    const { open: left, waived } = opened.apply([finding()]);
    expect([left.length, waived.length]).toEqual(holds ? [0, 1] : [1, 0]);
    const { expired, expiring, tooLong, unused } = opened.report(waived);
    expect({
      expired: expired.length,
      expiring: expiring.length,
      tooLong: tooLong.length,
      unused: unused.length,
    }).toEqual({ expired: 0, expiring: 0, tooLong: 0, unused: 0, ...counts });
  });

  it('an expired waiver does not shadow a later one for the same id', () => {
    const opened = open([waiver({ expires: '2026-11-01' }), waiver({ reason: 'renewed' })]);
    const { waived } = opened.apply([finding()]);
    expect(waived).toMatchObject([{ waiver: { reason: 'renewed' } }]);
    expect(opened.report(waived)).toMatchObject({
      expired: [{ expires: '2026-11-01' }],
      unused: [],
    });
  });

  it('of two for one id the first of the file is used, and the other told as unused', () => {
    const first = waiver({ id: 'CVE-2019-10906', reason: 'first' });
    const opened = open([first, waiver({ reason: 'second' })]);
    const { waived } = opened.apply([finding()]);
    expect(waived).toMatchObject([{ waiver: { reason: 'first' } }]);
    expect(opened.report(waived).unused).toMatchObject([{ reason: 'second' }]);
  });
});

describe('any waivers and findings', () => {
  const ids = ['A', 'B', 'C'];
  const anyFinding = fc
    .record({
      id: fc.constantFrom(...ids),
      aliases: fc.subarray(ids),
      path: fc.option(fc.constantFrom('src/a.js', 'b.js'), { nil: undefined }),
    })
    .map(({ path, ...rest }) => finding({ ...rest, ...(path !== undefined && { path }) }));
  const anyWaiver = fc
    .record({
      id: fc.constantFrom(...ids),
      path: fc.option(fc.constantFrom('src/**', '**'), { nil: undefined }),
      days: fc.integer({ min: -100, max: 200 }),
    })
    .map(({ id, path, days }) =>
      waiver({
        id,
        ...(path !== undefined && { scope: { path } }),
        expires: new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10),
      }),
    );

  it('every finding is either open or waived, in its order', () => {
    fc.assert(
      fc.property(fc.array(anyWaiver), fc.array(anyFinding), (waivers, findings) => {
        const { open: left, waived } = open(waivers).apply(findings);
        const taken = new Set(waived.map(({ finding: found }) => found));
        expect(left).toEqual(findings.filter((found) => !taken.has(found)));
        expect(left.length + waived.length).toBe(findings.length);
      }),
    );
  });

  it('the order of the findings does not matter', () => {
    fc.assert(
      fc.property(fc.array(anyWaiver), fc.array(anyFinding), (waivers, findings) => {
        const { apply } = open(waivers);
        const there = apply(findings).waived;
        const back = apply(findings.toReversed()).waived;
        expect(back.toReversed()).toEqual(there);
      }),
    );
  });

  it('a waiver that does not hold changes nothing', () => {
    const dead = fc.constantFrom('2026-11-19', '2020-01-01', '2027-02-19', '2099-01-01');
    fc.assert(
      fc.property(fc.array(anyWaiver), dead, fc.array(anyFinding), (waivers, expires, found) => {
        const more = [waiver({ id: 'A', expires }), ...waivers];
        expect(open(more).apply(found)).toEqual(open(waivers).apply(found));
      }),
    );
  });

  it('every waiver is used or told: expired, too long or unused', () => {
    fc.assert(
      fc.property(fc.array(anyWaiver), fc.array(anyFinding), (waivers, findings) => {
        const opened = open(waivers);
        const { waived } = opened.apply(findings);
        const { expired, tooLong, unused } = opened.report(waived);
        const told = [...expired, ...tooLong, ...unused, ...new Set(waived.map((w) => w.waiver))];
        expect(new Set(told)).toEqual(new Set(waivers));
        expect(told).toHaveLength(waivers.length);
      }),
    );
  });
});
