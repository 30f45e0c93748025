import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TestOutcome } from '@gatewright/verdict';
import type { ApplyWaivers } from '../../judgement.ts';
import { judgeTests } from '../judge-tests.ts';
import { createTestTally } from '../tally.ts';
import { casesOf, policy, read, source, tallyOf } from '../test-support.ts';

interface Case {
  readonly name: string;
  readonly classname: string | undefined;
  readonly outcome: TestOutcome;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly suites: readonly Suite[];
  readonly hasHeader: boolean;
}

const results: Readonly<Record<TestOutcome, string>> = {
  passed: '<system-out><![CDATA[<failure/> is only text]]></system-out>',
  failed: '<failure message="expected">text &lt;failure&gt;</failure>',
  errored: '<error/>',
  skipped: '<skipped message="later"/>',
  flaky: '<flakyFailure message="first"><stackTrace>x</stackTrace></flakyFailure>',
};

const emptySuite: Suite = { name: '', cases: [], suites: [], hasHeader: false };
const anyName = fc.string({ unit: 'binary-ascii', maxLength: 12 });
const anyCase: fc.Arbitrary<Case> = fc.record({
  name: anyName,
  classname: fc.option(anyName, { nil: undefined }),
  outcome: fc.constantFrom('passed', 'failed', 'errored', 'skipped', 'flaky'),
});
const anySuite = (depth: number): fc.Arbitrary<Suite> =>
  fc.record({
    name: anyName,
    cases: fc.array(anyCase, { maxLength: 4 }),
    suites: fc.array(depth === 0 ? fc.constant(emptySuite) : anySuite(depth - 1), {
      maxLength: depth === 0 ? 0 : 3,
    }),
    hasHeader: fc.boolean(),
  });
const anyReport = fc.array(anySuite(3), { maxLength: 4 });

const escape = (text: string): string =>
  text.replaceAll(
    /[&<"\p{Cc}]/gu,
    (character) => `&#${Math.max(32, character.codePointAt(0) ?? 32)};`,
  );

function allCases({ cases, suites }: Suite): Case[] {
  return [...cases, ...suites.flatMap(allCases)];
}

function count(cases: readonly Case[], outcome: TestOutcome): number {
  return cases.filter((testCase) => testCase.outcome === outcome).length;
}

function renderCase({ name, classname, outcome }: Case): string {
  const inClass = classname === undefined ? '' : ` classname="${escape(classname)}"`;
  return `<testcase name="${escape(name)}"${inClass}>${results[outcome]}</testcase>`;
}

function renderSuite(suite: Suite): string {
  const cases = allCases(suite);
  const header = `tests="${cases.length}" failures="${count(cases, 'failed')}" errors="${count(cases, 'errored')}" skipped="${count(cases, 'skipped')}"`;
  const content = [...suite.suites.map(renderSuite), ...suite.cases.map(renderCase)].join('\n');
  return `<testsuite name="${escape(suite.name)}" ${suite.hasHeader ? header : ''}>${content}</testsuite>`;
}

function render(suites: readonly Suite[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?><!-- c --><testsuites>${suites.map(renderSuite).join('\n')}</testsuites>\n`;
}

const waive: ApplyWaivers = (findings) => ({ open: findings, waived: [] });

/** What does not depend on the order in which the reports were given. */
async function judge(reports: readonly (readonly Suite[])[]): Promise<unknown> {
  const tally = await tallyOf(...reports.map(render));
  const judged = judgeTests({ tally, policy: { ...policy, maximumFlaky: 1 }, waive });
  return { ...judged, findings: judged.findings.map((finding) => ({ ...finding, seenIn: [] })) };
}

describe('any report', () => {
  it('has as many cases of each outcome as stand in it, however nested', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (suites) => {
        const cases = suites.flatMap(allCases);
        const { counts } = await tallyOf(render(suites));
        expect(counts).toEqual({
          tests: cases.length,
          passed: count(cases, 'passed'),
          failed: count(cases, 'failed'),
          errored: count(cases, 'errored'),
          skipped: count(cases, 'skipped'),
          flaky: count(cases, 'flaky'),
        });
      }),
    );
  });

  it('comes to the same judgement in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, fc.integer({ min: 1, max: 50 }), async (suites, piece) => {
        const gatherer = createTestTally();
        const text = render(suites);
        await read(source(text, 'report-0.xml', piece), gatherer.sink('report-0.xml'));
        expect(gatherer.tally()).toEqual(await tallyOf(text));
      }),
      { numRuns: 50 },
    );
  });

  it('fails when a case anywhere in it fails (F1, F2)', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (suites) => {
        const failing = suites
          .flatMap(allCases)
          .filter(({ outcome }) => outcome === 'failed' || outcome === 'errored').length;
        const { breaches } = judgeTests({ tally: await tallyOf(render(suites)), policy, waive });
        const failed = breaches.some(({ reasonCode }) => reasonCode === 'tests-failed');
        expect(failed).toBe(failing > 0);
      }),
    );
  });

  it('is judged alike in any order of suites and files', async () => {
    const shuffled = fc.tuple(anyReport, anyReport).chain(([one, two]) =>
      fc.record({
        before: fc.constant([one, two]),
        after: fc
          .tuple(shuffle(one), shuffle(two), fc.boolean())
          .map(([a, b, isSwapped]) => (isSwapped ? [b, a] : [a, b])),
      }),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ before, after }) => {
        expect(await judge(after)).toEqual(await judge(before));
      }),
    );
  });

  it('is refused at any place where it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyReport.map(render),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (text, share) => {
          const end = text.trimEnd().length - 1;
          await expect(casesOf(text.slice(0, Math.floor(share * (end + 1))))).rejects.toMatchObject(
            {
              reasonCode: expect.stringMatching(/^report-(?:malformed|empty|unrecognised)$/),
            },
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is refused at every place where a small one is cut off', async () => {
    const testCase: Case = { name: 'a & b', classname: 'C', outcome: 'failed' };
    const inner = { name: 'in', cases: [testCase], suites: [], hasHeader: true };
    const text = render([{ name: 's', cases: [testCase], suites: [inner], hasHeader: true }]);
    const end = text.indexOf('</testsuites>') + '</testsuites>'.length;
    for (let length = 0; length < end; length += 1) {
      await expect(casesOf(text.slice(0, length))).rejects.toHaveProperty('reasonCode');
    }
    await expect(casesOf(text.slice(0, end))).resolves.toHaveLength(2);
  });
});

function shuffle(suites: readonly Suite[]): fc.Arbitrary<Suite[]> {
  return fc.shuffledSubarray([...suites], { minLength: suites.length });
}
