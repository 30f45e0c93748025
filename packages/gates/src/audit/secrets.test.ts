import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { judgeAudit } from './judge-audit.ts';
import { nothingWaived, policy, problemsOf, read, remarksOf, seen } from './test-support.ts';

const canary = 'CANARY-hunter2-4f9a';

function leak(over: object = {}): object {
  return {
    RuleID: 'generic-api-key',
    Description: 'Generic API Key',
    StartLine: 3,
    EndLine: 3,
    StartColumn: 1,
    EndColumn: 9,
    Match: `key = "${canary}"`,
    Secret: canary,
    File: 'src/config.ts',
    SymlinkFile: '',
    Commit: '0123456789abcdef0123456789abcdef01234567',
    Entropy: 3.5,
    Author: `A ${canary}`,
    Email: 'a@example.org',
    Date: '2026-11-20T00:00:00Z',
    Message: `adds ${canary}`,
    Tags: [canary],
    Fingerprint: `src/config.ts:generic-api-key:3:${canary}`,
    ...over,
  };
}

/** All that leaves the gate after a report was read, as one text. */
async function told(content: unknown): Promise<string> {
  const report = await read(content);
  const items = seen(report.items);
  const judgement = judgeAudit({ items, policy, waive: nothingWaived });
  const { error } = report;
  const thrown = error === undefined ? '' : [error.message, error.reasonCode, String(error.stack)];
  return JSON.stringify([report.items, report.evidence, judgement, thrown]);
}

const trivyReport = (...secrets: readonly object[]): object => ({
  SchemaVersion: 2,
  ArtifactName: '.',
  ArtifactType: 'filesystem',
  Results: [{ Target: 'deploy.sh', Class: 'secret', Secrets: secrets }],
});

const trivySecret = (over: object = {}): object => ({
  RuleID: 'github-pat',
  Category: 'GitHub',
  Severity: 'CRITICAL',
  Title: 'GitHub Token',
  StartLine: 2,
  Code: { Lines: [{ Content: `OTHER=${canary}` }] },
  Match: `token = *****${canary}`,
  ...over,
});

const baseline = (
  results: object,
  plugins: readonly object[] = [{ name: 'AWSKeyDetector' }],
): object => ({
  version: '1.5.0',
  plugins_used: plugins,
  filters_used: [],
  results,
});

describe('Gitleaks', () => {
  it('gives out a rule, a place and a hash', async () => {
    const report = await read([leak()]);
    expect(report.evidence).toMatchObject({ format: 'gitleaks', items: 1 });
    expect(report.items).toEqual([
      {
        kind: 'secret',
        id: 'generic-api-key',
        aliases: [],
        severity: { vectors: [], scores: [] },
        message: 'Generic API Key (commit 0123456789ab)',
        path: 'src/config.ts',
        line: 3,
        mark: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it.each([
    ['a finding', [leak()]],
    ['a rule that quotes it', [leak({ Description: `found ${canary}`, RuleID: `rule-${canary}` })]],
    ['a file named after it', [leak({ File: `keys/${canary}.pem` })]],
    ['a finding that is malformed', [leak(), leak({ StartLine: canary })]],
    ['a finding without a file', [leak({ File: undefined })]],
    ['a finding without a rule', [leak(), leak({ RuleID: '' })]],
    ['a commit that is none', [leak({ Commit: canary })]],
    ['an entry that is no object', [leak(), canary]],
    ['a report of something else', [{ Secret: canary }]],
    ['a report cut off', JSON.stringify([leak()]).slice(0, -30)],
    ['a report that is not JSON', `[{"Secret": "${canary}" oops`],
  ])('never gives out the secret: %s', async (_, content) => {
    expect(await told(content)).not.toContain(canary);
  });

  it('never gives out any secret', async () => {
    const secret = fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme-ascii' });
    await fc.assert(
      fc.asyncProperty(secret, fc.boolean(), async (text, broken) => {
        fc.pre(text.trim().length >= 12);
        const report = [
          leak({ Secret: text, Match: text, Message: text, Author: text, Email: text }),
        ];
        const output = await told(broken ? [...report, { RuleID: text }] : report);
        expect(output).not.toContain(JSON.stringify(text).slice(1, -1));
      }),
      { numRuns: 50 },
    );
  });

  it('tells secrets apart by their hash, and finds them again on another line', async () => {
    const marks = problemsOf(
      await read([leak(), leak({ Secret: 'other' }), leak({ StartLine: 90 }), leak({ File: 'b' })]),
    ).map(({ mark }) => mark);
    expect(marks[2]).toBe(marks[0]);
    expect(new Set(marks).size).toBe(3);
  });

  it('reads an empty list as no leaks, if that is what it is declared to be', async () => {
    const report = await read([], 'gitleaks');
    expect(report.evidence).toMatchObject({ format: 'gitleaks', items: 0 });
    expect(report.items).toEqual([]);
  });

  it('leaves out a path outside of the repository', async () => {
    const [item] = problemsOf(await read([leak({ File: '../../etc/shadow' })]));
    expect(item?.path).toBeUndefined();
  });
});

describe('detect-secrets', () => {
  const hashed = 'daefe0b4345a654580dcad25c7c11ff4c944a8c0';
  const entry = (over: object = {}): object => ({
    type: 'AWS Access Key',
    filename: 'src/a.py',
    hashed_secret: hashed,
    is_verified: false,
    line_number: 7,
    ...over,
  });

  it('gives out a type, a place and another hash', async () => {
    const report = await read(baseline({ 'src/a.py': [entry()] }));
    expect(report.evidence).toMatchObject({ format: 'detect-secrets', items: 1 });
    expect(problemsOf(report)).toMatchObject([{ id: 'AWS Access Key', path: 'src/a.py', line: 7 }]);
    expect(JSON.stringify(report.items)).not.toContain(hashed);
  });

  it('counts what was marked as no secret, and reads a slim baseline', async () => {
    const report = await read(
      baseline({ 'a.py': [entry({ is_secret: false }), entry({ line_number: undefined })] }),
    );
    expect(problemsOf(report)).toHaveLength(1);
    expect(remarksOf(report, 'note')).toEqual([
      'detect-secrets: 1 marked as no secret in the baseline',
    ]);
  });

  it('did not examine anything without a detector', async () => {
    expect(remarksOf(await read(baseline({}, [])), 'not-analysed')).toHaveLength(1);
  });

  it('is refused when an entry has no hash', async () => {
    const { error } = await read(baseline({ 'a.py': [entry({ hashed_secret: null })] }));
    expect(error?.reasonCode).toBe('report-malformed');
    expect(error?.message).toContain('results.a.py[0].hashed_secret');
  });
});

describe('Trivy secrets', () => {
  it('never give out the lines around, which Trivy does not mask', async () => {
    expect(await told(trivyReport(trivySecret()))).not.toContain(canary);
    expect(await told(trivyReport(trivySecret({ StartLine: canary })))).not.toContain(canary);
  });

  it('stay apart though they are masked alike', async () => {
    const { items } = await read(trivyReport(trivySecret(), trivySecret({ StartLine: 9 })));
    const { findings, counts } = judgeAudit({ items: seen(items), policy, waive: nothingWaived });
    expect(findings).toHaveLength(2);
    expect(counts).toMatchObject({ critical: 2 });
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });
});
