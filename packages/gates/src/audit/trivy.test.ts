import { describe, expect, it } from '@jest/globals';
import { judgeAudit } from './judge-audit.ts';
import { resolveSeverity } from './severity.ts';
import { nothingWaived, policy, problemsOf, read, remarksOf, seen } from './test-support.ts';

function report(results: readonly object[] | undefined, over: object = {}): object {
  return {
    SchemaVersion: 2,
    ArtifactName: 'services/api',
    ArtifactType: 'filesystem',
    ...(results === undefined ? {} : { Results: results }),
    ...over,
  };
}

function found(over: object = {}): object {
  return {
    VulnerabilityID: 'CVE-2021-44906',
    VendorIDs: ['GHSA-xvch-5gv4-984h', 'RHSA-2022:1'],
    PkgID: 'minimist@0.0.8',
    PkgName: 'minimist',
    PkgIdentifier: { PURL: 'pkg:npm/minimist@0.0.8?arch=x#y' },
    InstalledVersion: '0.0.8',
    FixedVersion: '1.2.6, 0.2.4',
    Severity: 'CRITICAL',
    Title: 'pollution',
    ...over,
  };
}

function result(over: object = {}): object {
  return { Target: 'package-lock.json', Class: 'lang-pkgs', Type: 'npm', ...over };
}

const severityOf = async (over: object): Promise<object | undefined> => {
  const Vulnerabilities = [found({ Severity: 'UNKNOWN', ...over })];
  const [item] = problemsOf(await read(report([result({ Vulnerabilities })])));
  return item && resolveSeverity(item);
};

const check = (Status: string | undefined): object => ({
  ID: `DS-${Status}`,
  Severity: 'HIGH',
  Message: 'runs as root',
  Status,
  CauseMetadata: { StartLine: 4 },
});

const licence = (over: object): object => ({
  Severity: 'LOW',
  Category: 'notice',
  PkgName: 'left-pad',
  FilePath: '',
  Name: 'MIT',
  ...over,
});

describe('Trivy', () => {
  it('reads vulnerabilities, with their place below the directory that was scanned', async () => {
    const read1 = await read(report([result({ Vulnerabilities: [found()] })]));
    expect(read1.evidence).toMatchObject({ format: 'trivy', items: 1 });
    expect(read1.items).toEqual([
      {
        kind: 'vulnerability',
        id: 'CVE-2021-44906',
        // An announcement of a distributor stands for many vulnerabilities.
        aliases: ['GHSA-xvch-5gv4-984h'],
        package: {
          name: 'minimist',
          version: '0.0.8',
          purl: 'pkg:npm/minimist@0.0.8',
          fixedIn: ['1.2.6', '0.2.4'],
          scope: 'unknown',
        },
        severity: { label: 'CRITICAL', vectors: [], scores: [] },
        message: 'pollution',
        path: 'services/api/package-lock.json',
      },
    ]);
  });

  it('reads results without vulnerabilities, and counts the packages they list', async () => {
    const Packages = [{ ID: 'a@1' }, { ID: 'b@1' }];
    const clean = await read(report([result({ Packages }), result({ Vulnerabilities: null })]));
    expect(clean.items).toEqual([]);
    expect(clean.evidence?.items).toBe(2);
  });

  it.each([undefined, []])('is no evidence without results (%j)', async (results) => {
    expect(remarksOf(await read(report(results)), 'not-analysed')).toHaveLength(1);
  });

  it('knows packages for development from its list', async () => {
    const Packages = [{ ID: 'a@1', Dev: true }, { ID: 'b@1' }];
    const Vulnerabilities = ['a@1', 'b@1', 'c@1'].map((PkgID) => found({ PkgID }));
    const items = problemsOf(await read(report([result({ Packages, Vulnerabilities })])));
    expect(items.map((item) => item.package?.scope)).toEqual(['development', 'runtime', 'unknown']);
  });

  it('asks the vendors where its own label is unknown', async () => {
    const CVSS = {
      nvd: { V2Vector: 'AV:N/AC:M/Au:N/C:N/I:P/A:N', V3Score: 9.8, V2Score: 4.3 },
      redhat: { V3Vector: 'CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L' },
    };
    expect(await severityOf({ VendorSeverity: { nvd: 4, ghsa: 2 }, CVSS })).toMatchObject({
      severity: 'moderate',
      source: 'ghsa',
    });
    expect(await severityOf({ CVSS })).toMatchObject({ severity: 'critical', source: 'cvss:3' });
    expect(await severityOf({ VendorSeverity: { ghsa: 0 } })).toMatchObject({
      severity: 'unknown',
    });
  });

  it('reads misconfigurations that failed, and tells of exceptions', async () => {
    const Misconfigurations = ['FAIL', 'PASS', 'EXCEPTION'].map(check);
    const read1 = await read(
      report([result({ Target: 'Dockerfile', Class: 'config', Misconfigurations })]),
    );
    expect(problemsOf(read1)).toMatchObject([
      { kind: 'misconfiguration', id: 'DS-FAIL', path: 'services/api/Dockerfile', line: 4 },
    ]);
    expect(remarksOf(read1, 'note')).toEqual(['Trivy: 1 findings ignored by its rules or VEX']);
  });

  it('reads licences; one of an unknown category fails like an unknown severity (F12)', async () => {
    const Licenses = [
      licence({}),
      licence({ Name: 'Weird-1.0', Category: 'unknown', Severity: 'UNKNOWN' }),
      licence({
        Name: 'GPL-3.0',
        Category: 'restricted',
        Severity: 'HIGH',
        PkgName: '',
        FilePath: 'vendor/COPYING',
      }),
    ];
    const { items } = await read(
      report([result({ Target: 'Node.js', Class: 'license', Type: '', Licenses })]),
    );
    expect(items).toMatchObject([
      { kind: 'licence', id: 'MIT', package: { name: 'left-pad' } },
      { kind: 'licence', id: 'Weird-1.0' },
      { kind: 'licence', id: 'GPL-3.0', path: 'services/api/vendor/COPYING' },
    ]);
    expect(items[0]).not.toHaveProperty('path');
    const { breaches } = judgeAudit({ items: seen(items), policy, waive: nothingWaived });
    expect(breaches.map(({ reasonCode }) => reasonCode)).toEqual([
      'audit-failed',
      'severity-unknown',
    ]);
  });

  it.each([
    ['a heading', result({ Target: 'Node.js' }), {}, undefined],
    ['the system', result({ Target: 'app (alpine 3.20)', Class: 'os-pkgs' }), {}, undefined],
    [
      'an image',
      result({ Target: 'app/package-lock.json' }),
      { ArtifactType: 'container_image' },
      undefined,
    ],
    ['the repository', result(), { ArtifactName: '.' }, 'package-lock.json'],
    ['one file', result({ Target: 'a.lock' }), { ArtifactName: 'x/a.lock' }, 'x/a.lock'],
    [
      'a remote repository',
      result(),
      { ArtifactType: 'repository', ArtifactName: 'https://x.org/r' },
      'package-lock.json',
    ],
    ['outside', result({ Target: '../../../x' }), {}, undefined],
  ])('gives the place of %s', async (_, target, over, path) => {
    const [item] = problemsOf(
      await read(report([{ ...target, Vulnerabilities: [found()] }], over)),
    );
    expect(item?.path).toBe(path);
  });

  it('tells what its rules and VEX took out', async () => {
    const ExperimentalModifiedFindings = [
      { Type: 'vulnerability', Status: 'ignored', Finding: {} },
    ];
    const read1 = await read(report([result({ ExperimentalModifiedFindings })]));
    expect(remarksOf(read1, 'note')).toEqual(['Trivy: 1 findings ignored by its rules or VEX']);
  });

  it('is refused in another schema, and with another form', async () => {
    const other = await read(report([], { SchemaVersion: 3 }));
    expect(other.error?.reasonCode).toBe('report-malformed');
    const { error } = await read(report([result({ Vulnerabilities: [{ PkgName: 'x' }] })]));
    expect(error?.message).toContain('Results[0].Vulnerabilities[0].VulnerabilityID');
    const sarif = await read({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Trivy' } } }] });
    expect(sarif.error?.reasonCode).toBe('report-unrecognised');
  });
});
