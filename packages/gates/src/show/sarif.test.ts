import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@gatewright/verdict';
import fc from 'fast-check';
import { lintReaders } from '../lint/readers.ts';
import type { LintItem } from '../lint/lint-item.ts';
import { readReport } from '../report/read-report.ts';
import { mostSarifResults, toSarif } from './sarif.ts';
import { account, lintAccount, someFinding } from './test-support.ts';

const roots = { root: '/root/tree', base: '/root/tree' };

/** What the lint gate makes of a document. */
async function readBack(document: unknown): Promise<LintItem[]> {
  const items: LintItem[] = [];
  async function* open(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(document));
  }
  const source = { path: 'gate.sarif', open };
  const sink = (item: LintItem): void => {
    items.push(item);
  };
  const read = await readReport({ source, readers: lintReaders, foreign: [], sink, roots });
  expect(read).toMatchObject({ format: 'sarif', items: items.length });
  return items;
}

const vulnerability = someFinding({
  kind: 'vulnerability',
  id: 'GHSA-1',
  level: 'high',
  message: 'Prototype pollution',
  package: { name: 'lodash', version: '4.17.20', fixedIn: ['4.17.21'], scope: 'runtime' },
});

function facts({ path, line, column, level, message }: Finding | LintItem): unknown[] {
  return [path, line, column, level, message];
}

describe('toSarif', () => {
  it('is SARIF 2.1.0 with the place, the rule and a fingerprint that survives moves', () => {
    const log = toSarif(lintAccount([someFinding({ path: 'src/a #1:b.ts', baseline: 'new' })]));
    expect(log).toMatchObject({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Gatewright lint gate', rules: [{ id: 'no-console' }] } },
          automationDetails: { id: 'gatewright/lint/' },
          results: [
            {
              ruleId: 'no-console',
              ruleIndex: 0,
              level: 'error',
              message: { text: 'Unexpected console statement.' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'src/a%20%231%3Ab.ts', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 3, startColumn: 5 },
                  },
                },
              ],
              partialFingerprints: { primaryLocationLineHash: `${'ab'.repeat(32)}:1` },
              baselineState: 'new',
            },
          ],
        },
      ],
    });
  });

  it('gives GitHub the severity of a vulnerability', () => {
    const [run] = toSarif(lintAccount([vulnerability])).runs;
    expect(run.tool.driver.rules[0]?.properties).toEqual({
      tags: ['security', 'vulnerability'],
      'security-severity': '8.0',
    });
    expect(run.results[0]?.message.text).toBe(
      'lodash@4.17.20: Prototype pollution Fixed in 4.17.21.',
    );
  });

  it('puts what has no place at the given file, or leaves it out and says so', () => {
    const { path, line, column, ...placeless } = vulnerability;
    expect([path, line, column]).toHaveLength(3);
    const story = lintAccount([placeless, someFinding()]);
    const [without] = toSarif(story).runs;
    expect(without.results.map(({ ruleId }) => ruleId)).toEqual(['no-console']);
    expect(without.invocations[0].toolExecutionNotifications[0]?.message.text).toMatch(
      /^1 finding left out/,
    );
    const [given] = toSarif(story, 'package-lock.json').runs;
    expect(given.invocations[0].toolExecutionNotifications).toEqual([]);
    expect(given.results.map(({ locations }) => locations[0]?.physicalLocation)).toContainEqual({
      artifactLocation: { uri: 'package-lock.json', uriBaseId: '%SRCROOT%' },
    });
  });

  it('keeps the 5,000 gravest, and stays within the size that GitHub takes', () => {
    const mild = Array.from({ length: 25_000 }, (_, index) =>
      someFinding({ id: `rule-${index}`, level: 'note', blocking: false, message: `m${index}` }),
    );
    const log = toSarif(lintAccount([...mild, someFinding()]));
    const [run] = log.runs;
    expect(run.results).toHaveLength(mostSarifResults);
    expect(run.results[0]?.ruleId).toBe('no-console');
    expect(run.tool.driver.rules).toHaveLength(mostSarifResults);
    expect(run.invocations[0].toolExecutionNotifications[0]?.message.text).toMatch(/^20,001 /);
    expect(gzipSync(JSON.stringify(log)).length).toBeLessThan(10_000_000);
  });

  it('never holds the words of a secret', () => {
    const secret = someFinding({ kind: 'secret', id: 'aws-key', message: 'AKIAIOSFODNN7EXAMPLE' });
    expect(JSON.stringify(toSarif(lintAccount([secret])))).not.toContain('AKIA');
  });

  it('keeps the rules of the format, whatever the names are', () => {
    fc.assert(
      fc.property(account, (story) => {
        const [run] = toSarif(story, 'package-lock.json').runs;
        const ids = run.tool.driver.rules.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(run.results).toHaveLength(story.result.findings.length);
        expect(run.results.map(({ ruleIndex }) => ids[ruleIndex])).toEqual(
          run.results.map(({ ruleId }) => ruleId),
        );
        const uris = run.results.flatMap(({ locations }) =>
          locations.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri),
        );
        expect(uris).toHaveLength(run.results.length);
        const hrefs = uris.map((uri) => new URL(uri, 'file:///root/tree/').href);
        expect(hrefs.filter((href) => !/^file:\/\/\/root\/tree\/[^?#]/.test(href))).toEqual([]);
      }),
    );
  });

  it('is read back by the lint gate with the same places, levels and rules', async () => {
    const findings = ['src/a #1:b.ts', 'q?.ts', 'x%20y/ü|`<b>.ts'].map((path, index) =>
      someFinding({
        path,
        line: index + 1,
        id: `rule-${index}`,
        level: index > 0 ? 'note' : 'error',
      }),
    );
    const items = await readBack(toSarif(lintAccount(findings)));
    expect(items.map(facts)).toEqual(findings.map(facts));
    expect(items.map(({ ruleId }) => ruleId)).toEqual(findings.map(({ id }) => id));
    expect(items.every(({ kind }) => kind === 'lint')).toBe(true);
  });

  it('is read back without an objection, whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(account, async (story) => {
        const sound = { ...story, result: { ...story.result, verdict: 'fail' as const } };
        const items = await readBack(toSarif(sound, 'package-lock.json'));
        expect(items).toHaveLength(story.result.findings.length);
        expect(items.filter(({ path }) => path === undefined)).toEqual([]);
      }),
    );
  });
});
