import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { judgeAudit } from './judge-audit.ts';
import { auditReaders } from './readers.ts';
import { jsonLines, nothingWaived, policy, problemsOf, read, seen } from './test-support.ts';

const samples = new URL('../../samples/', import.meta.url);

function sample(path: string): string {
  return readFileSync(new URL(path, samples), 'utf8');
}

/** Reports of real tools, by format, number of items and number of problems. */
const good: readonly (readonly [string, string, number, number])[] = [
  ['npm-audit/findings.json', 'npm-audit', 3, 2],
  ['npm-audit/runtime.json', 'npm-audit', 3, 1],
  ['npm-audit/clean.json', 'npm-audit', 3, 0],
  ['handwritten/npm-audit/contradictory-metadata.json', 'npm-audit', 2, 1],
  ['pip-audit/findings.json', 'pip-audit', 2, 1],
  ['pip-audit/no-aliases.json', 'pip-audit', 2, 1],
  ['pip-audit/clean.json', 'pip-audit', 1, 0],
  ['handwritten/pip-audit/old-shape.json', 'pip-audit', 2, 2],
  ['handwritten/pip-audit/skipped.json', 'pip-audit', 1, 0],
  ['pnpm-audit/findings.json', 'pnpm-audit', 3, 2],
  ['pnpm-audit/clean.json', 'pnpm-audit', 3, 0],
  ['yarn-1/findings.jsonl', 'yarn-1', 3, 2],
  ['yarn-1/clean.jsonl', 'yarn-1', 3, 0],
  ['yarn-3/findings.json', 'yarn-2', 3, 2],
  ['yarn-3/clean.json', 'yarn-2', 3, 0],
  ['yarn-4/findings.jsonl', 'yarn-4', 2, 2],
  ['osv-scanner/findings.json', 'osv-scanner', 2, 2],
  ['gitleaks/findings.json', 'gitleaks', 2, 2],
  ['gitleaks/history.json', 'gitleaks', 2, 2],
  ['gitleaks/redacted.json', 'gitleaks', 2, 2],
  ['gitleaks/clean.json', 'gitleaks', 0, 0],
  ['detect-secrets/findings.json', 'detect-secrets', 2, 2],
  ['detect-secrets/clean.json', 'detect-secrets', 0, 0],
  ['handwritten/grype/findings.json', 'grype', 3, 3],
  ['handwritten/grype/ignored.json', 'grype', 0, 0],
  ['handwritten/trivy/findings.json', 'trivy', 5, 5],
  ['handwritten/trivy/suppressed.json', 'trivy', 0, 0],
];

describe('sample reports', () => {
  it.each([...good])('%s is read as %s', async (path, format, items, problems) => {
    const report = await read(sample(path), format);
    expect(report.error).toBeUndefined();
    expect(report.evidence).toMatchObject({ format, items });
    expect(problemsOf(report)).toHaveLength(problems);
  });

  it.each([
    ['npm-audit/unavailable.json', 'tool-failed'],
    ['npm-audit/broken-lockfile.json', 'tool-failed'],
    ['pnpm-audit/unavailable.json', 'tool-failed'],
    ['yarn-1/unavailable.jsonl', 'tool-failed'],
    ['yarn-3/unavailable.json', 'report-unrecognised'],
    ['yarn-4/unavailable.jsonl', 'report-empty'],
    ['yarn-4/clean.jsonl', 'report-empty'],
    ['pip-audit/unavailable.json', 'report-empty'],
    ['pip-audit/cyclonedx.json', 'report-unrecognised'],
    ['osv-scanner/broken-lockfile.json', 'report-empty'],
    ['osv-scanner/findings.sarif', 'report-unrecognised'],
    ['gitleaks/findings.sarif', 'report-unrecognised'],
    ['gitleaks/findings.junit.xml', 'report-unrecognised'],
    ['eslint/findings.json', 'report-unrecognised'],
    ['ruff/findings.json', 'report-unrecognised'],
  ])('%s is refused with %s', async (path, reasonCode) => {
    expect((await read(sample(path))).error?.reasonCode).toBe(reasonCode);
  });

  it.each([
    'osv-scanner/no-database.json',
    'osv-scanner/clean.json',
    'handwritten/trivy/nothing-scanned.json',
    'handwritten/pip-audit/skipped.json',
  ])('%s ends in an error, for not everything was examined', async (path) => {
    const items = seen((await read(sample(path))).items);
    const { breaches } = judgeAudit({ items, policy, waive: nothingWaived });
    expect(breaches).toMatchObject([{ verdict: 'error', reasonCode: 'not-analysed' }]);
  });

  it('of several tools have each vulnerability once', async () => {
    const paths = ['npm-audit/findings.json', 'pnpm-audit/findings.json', 'yarn-1/findings.jsonl'];
    const { findings } = await judged([...paths, 'yarn-3/findings.json', 'yarn-4/findings.jsonl']);
    expect(findings).toMatchObject([
      { id: 'CVE-2021-44906', level: 'critical', seenIn: { length: 5 } },
      { id: 'CVE-2021-23337', level: 'high', seenIn: { length: 5 } },
    ]);
  });

  it('of pip-audit get their severity from other tools', async () => {
    const { findings } = await judged(['pip-audit/findings.json', 'osv-scanner/findings.json']);
    expect(findings.find(({ id }) => id === 'CVE-2019-10906')).toMatchObject({
      level: 'high',
      levelSource: 'cvss:3.1',
      seenIn: ['osv-scanner/findings.json', 'pip-audit/findings.json'],
    });
  });

  it.each([...good])('%s cut off anywhere is an error', async (path, format) => {
    const text = sample(path).trimEnd();
    const isLines = format.startsWith('yarn-');
    // A line format that is cut at the end of a line is whole, unless its last line says what came before.
    const inside = fc
      .integer({ min: 0, max: text.length - 1 })
      .filter((end) => !isLines || (text[end - 1] !== '\n' && end > 0));
    await fc.assert(
      fc.asyncProperty(inside, async (end) => {
        expect((await read(text.slice(0, end))).evidence).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });
});

async function judged(paths: readonly string[]): Promise<ReturnType<typeof judgeAudit>> {
  const items = await Promise.all(
    paths.map(async (path) => seen((await read(sample(path))).items, path)),
  );
  return judgeAudit({ items: items.flat(), policy, waive: nothingWaived });
}

describe('the readers', () => {
  it('have a format and a title each', () => {
    expect(new Set(auditReaders.map(({ format }) => format)).size).toBe(auditReaders.length);
    expect(new Set(auditReaders.map(({ title }) => title)).size).toBe(auditReaders.length);
  });

  it('recognise nothing in whatever else is JSON, and never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (value, asLines) => {
        const { evidence } = await read(asLines ? jsonLines(value, value) : JSON.stringify(value));
        expect(evidence === undefined || evidence.format === 'gitleaks').toBe(true);
      }),
    );
  });

  it.each(['Results', 'results', 'matches', 'advisories', 'vulnerabilities', 'dependencies'])(
    'refuse what has the right keys and the wrong values, never crash: %s',
    async (key) => {
      const keys = ['SchemaVersion', 'ArtifactName', 'descriptor', 'metadata', 'fixes'];
      const rest = [...keys, 'plugins_used', 'experimental_config', 'auditReportVersion'];
      const value = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()), fc.constant(2));
      const document = fc.dictionary(fc.constantFrom(key, ...rest), value, { minKeys: 4 });
      await fc.assert(
        fc.asyncProperty(document, async (report) => {
          const { evidence, error } = await read(report);
          expect(evidence !== undefined || error !== undefined).toBe(true);
        }),
        { numRuns: 30 },
      );
    },
  );
});
