// Reports that are broken, hostile or of somebody else: each ends in `error` or `fail` with a reason code and a place.
import { describe, expect, it } from '@jest/globals';
import type { Waiver } from '@gatewright/verdict';
import { auditGate, coverageGate, lintGate, sample, testGate } from './test-support/gates.ts';
import type { Gate, Reports } from './test-support/gates.ts';

/** One good report of each shape of each gate. */
const good: readonly (readonly [gate: string, path: string, Gate])[] = [
  ['lint', 'eslint/clean.sarif', lintGate],
  ['lint', 'eslint/clean.xml', lintGate],
  ['lint', 'mypy/clean.txt', lintGate],
  ['test', 'jest-junit/clean.xml', testGate],
  ['test', 'maven/surefire.CalmTest.xml', testGate],
  ['coverage', 'coverage-py/line.xml', coverageGate],
  ['coverage', 'coverage-py/line.json', coverageGate],
  ['coverage', 'c8/lcov.info', coverageGate],
  ['audit', 'npm-audit/clean.json', auditGate],
  ['audit', 'yarn-1/clean.jsonl', auditGate],
];

const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');
const latin1 = (text: string): Uint8Array =>
  Buffer.concat([Buffer.from(text), Buffer.from([0xe4])]);
const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>`;

describe.each(good)('the %s gate: %s', (_, path, gate) => {
  const whole = sample(path);
  const isXml = whole.startsWith('<');

  it('is read', async () => {
    expect((await gate({ [path]: whole })).verdict).toBe('pass');
  });

  const broken: Readonly<Record<string, string | Uint8Array>> = {
    empty: '',
    'white space only': ' \n\n',
    'cut off': whole.slice(0, Math.floor(whole.trimEnd().length * 0.8)),
    'twice in one file': isXml ? whole + whole : `${whole}}`,
    'UTF-16': utf16(whole),
    'Latin 1': latin1(whole),
    'an error page': '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>',
    'an error object': '{"error":{"code":"EAUDITNOLOCK","summary":"no lock file"}}',
    'a number': '42',
    'a list of nothing known': '[{"a":1}]',
    'a stack trace': 'Traceback (most recent call last):\n  File "x.py", line 1\nKilled\n',
    'a zip archive': 'PK\u0003\u0004\u0000\u0000',
    'another gate': sample(isXml ? 'gcovr/lcov.info' : 'maven/jacoco.xml').replaceAll('SF:', 'XX:'),
    'deep XML': '<testsuites>'.repeat(100_000),
    'deep JSON': '['.repeat(100_000),
    'an entity bomb': `${bomb}<testsuites>&lol2;</testsuites>`,
    'nul characters': '\0'.repeat(100),
  };

  it.each(Object.entries(broken))('%s is an error', async (_name, content) => {
    // JaCoCo is a format of the coverage gate.
    if (gate === coverageGate && _name === 'another gate') return;
    const { verdict, reasonCode, explanations } = await gate({ [path]: content });
    expect(verdict).toBe('error');
    expect(reasonCode).toMatch(/^report-|^tool-failed$/);
    expect(explanations[0]).toMatch(new RegExp(`^${path}: |^${path}:\\d+`));
  });

  it.each(Object.entries(broken))('%s beside a good one is an error', async (_name, content) => {
    if (gate === coverageGate && _name === 'another gate') return;
    expect((await gate({ 'good.report': whole, [path]: content })).verdict).toBe('error');
  });
});

const hostile = {
  'a workflow command': '::error::stolen\n::set-output name=verdict::pass',
  'terminal escapes': '\u001b[2J\u001b]0;title\u0007passed',
  'text that runs backwards': '\u202egnp.exe',
  'a very long name': 'x'.repeat(100_000),
  Markdown: '|a|<img src=x onerror=alert(1)>|',
};
const safe = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{0,1000}$/u;

const xmlText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    // Not characters of XML; a report with them is not well-formed for others, but sax takes them.
    .replaceAll('\n', '&#10;');

describe('hostile texts', () => {
  it.each(Object.entries(hostile))('%s in the name of a test', async (_, text) => {
    const name = xmlText(text);
    const report = `<testsuite name="${name}"><testcase name="${name}" classname="${name}" file="../../${name}"><failure message="${name}">${name}</failure></testcase></testsuite>`;
    const { judgement, verdict } = await testGate({ 'junit.xml': report });
    expect(verdict).toBe('fail');
    const [found] = judgement?.findings ?? [];
    expect([found?.id, found?.message, found?.path ?? '']).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(safe)),
    );
    expect(found?.path ?? '').not.toMatch(/^\.\.|^\//);
  });

  it.each(Object.entries(hostile))('%s in a lint report', async (_, text) => {
    const report = [
      {
        filePath: `/work-tree/../../${text}`,
        messages: [{ ruleId: text, severity: 2, message: text, line: 1, column: 1 }],
        suppressedMessages: [],
        errorCount: 1,
        fatalErrorCount: 0,
        warningCount: 0,
        fixableErrorCount: 0,
        fixableWarningCount: 0,
      },
    ];
    const { judgement, verdict } = await lintGate({ 'eslint.json': JSON.stringify(report) });
    expect(verdict).toBe('fail');
    expect(judgement?.findings).toMatchObject([
      { id: expect.stringMatching(safe), message: expect.stringMatching(safe) },
    ]);
    expect(judgement?.findings[0]?.path).toBeUndefined();
  });

  it.each(Object.entries(hostile))('%s in an audit report', async (_, text) => {
    const report = JSON.parse(sample('npm-audit/findings.json'));
    report.vulnerabilities.lodash.via[0].title = text;
    report.vulnerabilities.lodash.range = text;
    const { judgement, verdict } = await auditGate({ 'npm.json': JSON.stringify(report) });
    expect(verdict).toBe('fail');
    for (const found of judgement?.findings ?? []) expect(found.message).toMatch(safe);
  });

  it('secrets never leave the reader', async () => {
    for (const tool of ['findings', 'history', 'redacted']) {
      const content = sample(`gitleaks/${tool}.json`);
      const ended = await auditGate({ 'gitleaks.json': content });
      const secrets = JSON.parse(content).map(({ Secret }: { Secret: string }) => Secret);
      for (const secret of secrets.filter((text: string) => text !== 'REDACTED')) {
        expect(JSON.stringify(ended)).not.toContain(secret);
      }
      expect(ended).toMatchObject({ verdict: 'fail', reasonCode: 'secret-found' });
    }
  });
});

const waiver = (expires: string, reason = 'not reachable'): Waiver => ({
  id: 'GHSA-35jh-r3h4-6jhm',
  reason,
  owner: 'platform-team',
  expires,
});

describe('waivers', () => {
  const report: Reports = { 'npm.json': sample('npm-audit/runtime.json') };

  it.each([
    ['an expired one does not hold', [waiver('2026-11-19')], 'fail'],
    ['one that expires today holds', [waiver('2026-11-20')], 'pass'],
    ['one of years does not hold', [waiver('2031-01-01')], 'fail'],
    ['an expired one shadows nothing', [waiver('2026-11-19'), waiver('2026-12-01')], 'pass'],
    ['two for one id', [waiver('2026-12-01'), waiver('2026-12-02', 'again')], 'pass'],
  ])('%s', async (_, waivers, verdict) => {
    expect((await auditGate(report, { waivers })).verdict).toBe(verdict);
  });

  it('do not waive what was not analysed, nor coverage, nor an error', async () => {
    const everything = [
      'not-analysed',
      'fatal',
      'parse',
      'uncovered-changed-lines',
      'invalid-syntax',
    ];
    const waivers = everything.map((id) => ({ ...waiver('2026-12-01'), id }));
    const broken = { 'eslint.json': sample('eslint/broken.json') };
    expect((await lintGate(broken, { waivers })).explanations.join('\n')).toContain('not analysed');
    const coverage = { 'lcov.info': 'SF:a.py\nDA:1,0\nend_of_record\n' };
    const tests = { 'junit.xml': sample('jest-junit/clean.xml') };
    const changedLines = new Map([['a.py', [1]]]);
    const coveragePolicy = { minimum: 0, changedMinimum: 50 };
    expect(
      await testGate(tests, { coverage, waivers, changedLines, coveragePolicy }),
    ).toMatchObject({ verdict: 'fail', reasonCode: 'coverage-below-minimum' });
  });
});
