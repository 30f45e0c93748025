import { describe, expect, it } from '@jest/globals';
import { problemsOf, read, remarksOf } from './test-support.ts';

const flask = {
  name: 'Flask_Thing',
  version: '0.5',
  vulns: [
    {
      id: 'PYSEC-2019-179',
      fix_versions: ['1.0'],
      aliases: ['CVE-2019-1010083', 'GHSA-5wv5-4vpf-pj6m'],
      description: 'Denial of service.\nMore \u001B[31mred.',
    },
    { id: 'PYSEC-2018-66', fix_versions: [] },
  ],
};

describe('pip-audit', () => {
  it.each([
    ['the old list', [flask, { name: 'click', version: '8.0', vulns: [] }]],
    [
      'the object',
      { dependencies: [flask, { name: 'click', version: '8.0', vulns: [] }], fixes: [] },
    ],
  ])('reads %s', async (_, document) => {
    const report = await read(document);
    expect(report.evidence).toMatchObject({ format: 'pip-audit', items: 2 });
    expect(problemsOf(report)).toEqual([
      {
        kind: 'vulnerability',
        id: 'PYSEC-2019-179',
        aliases: ['CVE-2019-1010083', 'GHSA-5wv5-4vpf-pj6m'],
        package: {
          name: 'Flask_Thing',
          version: '0.5',
          purl: 'pkg:pypi/flask-thing@0.5',
          fixedIn: ['1.0'],
          scope: 'unknown',
        },
        // F6: no version of the report holds one.
        severity: { vectors: [], scores: [] },
        message: 'Denial of service. More red.',
      },
      expect.objectContaining({ id: 'PYSEC-2018-66', aliases: [], message: 'PYSEC-2018-66' }),
    ]);
  });

  it('does not take a skipped package for a clean one', async () => {
    const skipped = { name: 'internal', skip_reason: 'not found on PyPI' };
    const report = await read({ dependencies: [skipped], fixes: [] });
    expect(report.evidence?.items).toBe(0);
    expect(remarksOf(report, 'not-analysed')).toEqual([
      'pip-audit skipped internal: not found on PyPI',
    ]);
  });

  it('says when there was nothing to examine', async () => {
    const report = await read({ dependencies: [], fixes: [] });
    expect(report.evidence?.items).toBe(0);
    expect(remarksOf(report, 'note')).toHaveLength(1);
  });

  it.each([
    [{ dependencies: [{ name: 'a', version: '1' }], fixes: [] }, 'dependencies[0].vulns'],
    [{ dependencies: [{ name: 'a', vulns: [] }], fixes: [] }, 'dependencies[0].version'],
    [[flask, 'flask'], '[1]'],
    [{ dependencies: [{ ...flask, vulns: [{}] }], fixes: [] }, 'dependencies[0].vulns[0].id'],
  ])('is refused with the place of what is wrong: %j', async (document, place) => {
    const { error } = await read(document);
    expect(error?.reasonCode).toBe('report-malformed');
    expect(error?.message).toContain(`report.json: ${place}: `);
  });

  it('does not take a CycloneDX document for its own', async () => {
    const { error } = await read({ bomFormat: 'CycloneDX', dependencies: [], components: [] });
    expect(error?.reasonCode).toBe('report-unrecognised');
  });
});
