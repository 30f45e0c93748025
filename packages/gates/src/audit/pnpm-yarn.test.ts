import { describe, expect, it } from '@jest/globals';
import { jsonLines, problemsOf, read, remarksOf } from './test-support.ts';

const ghsa = 'GHSA-jf85-cpcp-j695';
const url = `https://github.com/advisories/${ghsa}`;
const none = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };

const yarn1Line = (resolution: object, over: object = {}): object => ({
  type: 'auditAdvisory',
  data: { resolution, advisory: advisory(over) },
});

const yarn1Summary = (counts: object): object => ({
  type: 'auditSummary',
  data: { vulnerabilities: { ...none, ...counts }, totalDependencies: 12 },
});

const yarn4Line = (over: object = {}): object => ({
  value: 'lodash',
  children: {
    ID: 1106913,
    Issue: 'Pollution',
    URL: url,
    Severity: 'high',
    'Vulnerable Versions': '<4.17.12',
    'Tree Versions': ['4.17.4', '3.0.0'],
    Dependents: ['app@workspace:.'],
    ...over,
  },
});

function advisory(over: object = {}): object {
  return {
    id: 1106913,
    module_name: 'lodash',
    title: 'Pollution',
    severity: 'high',
    github_advisory_id: ghsa,
    cves: ['CVE-2019-10744'],
    patched_versions: '>=4.17.12',
    findings: [{ version: '4.17.4', paths: ['lodash'], dev: false }],
    ...over,
  };
}

function advisoryMap(advisories: readonly object[], counts: object = {}): object {
  return {
    actions: [],
    advisories: Object.fromEntries(advisories.map((one, index) => [String(index), one])),
    muted: [],
    metadata: { vulnerabilities: { ...none, ...counts }, totalDependencies: 5 },
  };
}

/** What versions of Yarn 4 write that do not leave the report of a clean project empty. */
const cleanYarnLine =
  '{"type":"info","name":null,"displayName":"YN0000","indent":"","data":"No audit suggestions"}\n';

describe('pnpm audit', () => {
  it('gives an item for each installed version, with its scope', async () => {
    const findings = [
      { version: '4.17.4', paths: [], dev: false },
      { version: '3.0.0', paths: [], dev: true },
      { version: '2.0.0', paths: [] },
    ];
    const report = await read(advisoryMap([advisory({ findings })], { high: 1 }));
    expect(report.evidence).toMatchObject({ format: 'pnpm-audit', items: 5 });
    expect(problemsOf(report)).toMatchObject([
      {
        id: ghsa,
        aliases: ['CVE-2019-10744'],
        package: { version: '4.17.4', purl: 'pkg:npm/lodash@4.17.4', scope: 'runtime' },
      },
      { package: { version: '3.0.0', scope: 'development' } },
      { package: { version: '2.0.0', scope: 'unknown' } },
    ]);
  });

  it('knows that <0.0.0 means no fixed version, as null does', async () => {
    for (const patched_versions of ['<0.0.0', null, '']) {
      const report = await read(advisoryMap([advisory({ patched_versions })], { high: 1 }));
      expect(problemsOf(report)[0]?.package?.fixedIn).toEqual([]);
    }
  });

  it('reads the newer form without actions, and an advisory without findings', async () => {
    const {
      actions: _,
      muted: __,
      ...newer
    } = { ...advisoryMap([advisory({ findings: [] })], { high: 1 }), actions: 0, muted: 0 };
    const report = await read(newer);
    expect(report.error).toBeUndefined();
    expect(problemsOf(report)).toMatchObject([{ package: { name: 'lodash', scope: 'unknown' } }]);
  });

  it.each([
    [
      { error: { code: 'ERR_PNPM_AUDIT_BAD_RESPONSE', message: 'responded with 405' } },
      'tool-failed',
    ],
    [{ ...advisoryMap([]), error: { message: 'x' } }, 'tool-failed'],
    [advisoryMap([], { critical: 1 }), 'report-contradictory'],
    [{ advisories: {}, metadata: {} }, 'report-malformed'],
  ])('is refused: %j', async (document, reasonCode) => {
    expect((await read(document)).error?.reasonCode).toBe(reasonCode);
  });
});

describe('Yarn 1', () => {
  it('counts an advisory once, however many paths lead to it', async () => {
    const report = await read(
      jsonLines(
        { type: 'info', data: 'Visit …' },
        yarn1Line({ path: 'a>lodash', dev: false }),
        yarn1Line({ path: 'b>lodash', dev: false }),
        yarn1Summary({ high: 2 }),
      ),
    );
    expect(report.evidence).toMatchObject({ format: 'yarn-1', items: 12 });
    expect(problemsOf(report)).toHaveLength(1);
  });

  it('takes the scope from beside the advisory where it is not within', async () => {
    const findings = [{ version: '1.0.0', paths: [] }];
    const report = await read(
      jsonLines(
        yarn1Line({ dev: true }, { findings }),
        yarn1Line({ dev: false }, { findings }),
        yarn1Summary({ high: 2 }),
      ),
    );
    expect(problemsOf(report).map((one) => one.package?.scope)).toEqual(['development', 'runtime']);
  });

  it.each([
    [
      'no summary, when the registry failed',
      jsonLines({ type: 'info', data: 'Visit …' }),
      'tool-failed',
    ],
    ['no summary, when it was cut off', jsonLines(yarn1Line({})), 'tool-failed'],
    [
      'an error',
      jsonLines(yarn1Line({}), { type: 'error', data: '405' }, yarn1Summary({})),
      'tool-failed',
    ],
    [
      'a summary that counts what is not listed',
      jsonLines(yarn1Summary({ high: 1 })),
      'report-contradictory',
    ],
    ['two reports in one', jsonLines(yarn1Summary({}), yarn1Summary({})), 'report-malformed'],
    ['an unknown type', jsonLines(yarn1Summary({}), { type: 'surprise' }), 'report-malformed'],
    ['a line that is not JSON', `${jsonLines(yarn1Line({}))}oops\n`, 'report-malformed'],
    ['a line cut off', jsonLines(yarn1Summary({})).trimEnd(), 'report-malformed'],
  ])('is refused: %s', async (_, text, reasonCode) => {
    expect((await read(text)).error?.reasonCode).toBe(reasonCode);
  });

  it('keeps warnings as notes, and names the line of what is refused', async () => {
    const report = await read(jsonLines({ type: 'warning', data: 'old' }, yarn1Summary({})));
    expect(remarksOf(report, 'note')).toEqual(['Yarn warns: old']);
    const { error } = await read(jsonLines(yarn1Summary({}), { type: 'auditAdvisory', data: {} }));
    expect(error?.message).toBe('report.json:2: data.advisory: expected an object');
  });
});

describe('Yarn 2 and 3', () => {
  it('reads one object in one line, and the line that may follow it', async () => {
    for (const more of ['', cleanYarnLine]) {
      const report = await read(jsonLines(advisoryMap([advisory()], { high: 1 })) + more);
      expect(report.evidence).toMatchObject({ format: 'yarn-2', items: 5 });
      expect(problemsOf(report)).toMatchObject([{ id: ghsa, package: { version: '4.17.4' } }]);
    }
  });

  it('recognises a line that is longer than what is looked at', async () => {
    const long = advisory({ overview: 'x'.repeat(200_000) });
    const report = await read(jsonLines(advisoryMap([long], { high: 1 })));
    expect(report.evidence?.format).toBe('yarn-2');
  });

  it.each([
    jsonLines(advisoryMap([]), advisoryMap([])),
    jsonLines({ actions: [], advisories: 7 }),
    jsonLines(advisoryMap([])).trimEnd(),
  ])('is refused: %s', async (text) => {
    expect((await read(text)).error?.reasonCode).toBe('report-malformed');
  });
});

describe('Yarn 4', () => {
  const deprecated = yarn4Line({
    ID: 'lodash (deprecation)',
    Issue: 'use another',
    URL: undefined,
  });

  it('gives an item for each version in the tree', async () => {
    const report = await read(jsonLines(yarn4Line()));
    expect(report.evidence).toMatchObject({ format: 'yarn-4', items: 1 });
    expect(problemsOf(report)).toMatchObject([
      {
        id: ghsa,
        severity: { label: 'high' },
        package: { version: '4.17.4', fixedIn: ['4.17.12'] },
      },
      { package: { version: '3.0.0' } },
    ]);
  });

  it('does not take a deprecation for a vulnerability, and shows it', async () => {
    const report = await read(jsonLines(deprecated));
    expect(problemsOf(report)).toEqual([]);
    expect(remarksOf(report, 'note')).toEqual(['lodash is deprecated: use another']);
    expect(report.evidence?.items).toBe(0);
  });

  it('is clean when it says so', async () => {
    const report = await read(cleanYarnLine);
    expect(report.evidence).toMatchObject({ format: 'yarn-4', items: 0 });
  });

  it.each([
    // A clean project and a crash leave the same: nothing.
    ['nothing', '', 'report-empty'],
    [
      'lines that are no advisories, which made every project look clean (F7)',
      jsonLines({ type: 'warning', name: 1, displayName: 'YN0001', data: 'hm' }),
      'tool-failed',
    ],
    ['a form it does not know', jsonLines(yarn4Line(), { advisory: {} }), 'report-malformed'],
    ['an error', jsonLines({ type: 'error', displayName: 'YN0035', data: '405' }), 'tool-failed'],
    [
      'a line of another type',
      jsonLines(yarn4Line(), { type: 'x', displayName: '' }),
      'report-malformed',
    ],
    ['no severity', jsonLines(yarn4Line({ Severity: undefined })), 'report-malformed'],
    ['advisories and word of none', jsonLines(yarn4Line()) + cleanYarnLine, 'report-contradictory'],
    ['a line cut off', jsonLines(yarn4Line(), yarn4Line()).slice(0, -9), 'report-malformed'],
    ['text on the wrong stream', '➤ YN0035: Method Not Allowed\n', 'report-unrecognised'],
  ])('is refused: %s', async (_, text, reasonCode) => {
    expect((await read(text)).error?.reasonCode).toBe(reasonCode);
  });
});
