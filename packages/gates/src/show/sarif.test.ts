import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mostSarifResults, toSarif } from './sarif.ts';
import { account, lintAccount, someFinding } from './test-support.ts';

const vulnerability = someFinding({
  kind: 'vulnerability',
  id: 'GHSA-1',
  level: 'high',
  message: 'Prototype pollution',
  package: { name: 'lodash', version: '4.17.20', fixedIn: ['4.17.21'], scope: 'runtime' },
});

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
});
