// A registry on this machine that knows three packages and two advisories; the audits of npm, pnpm, Yarn and pip-audit
// ask it. What it answers is what the public services answer for these packages, shortened.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const lodash = {
  id: 1106913,
  url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
  title: 'Command Injection in lodash',
  severity: 'high',
  vulnerable_versions: '<4.17.21',
  cwe: ['CWE-77', 'CWE-94'],
  cvss: { score: 7.2, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' },
};
const minimist = {
  id: 1097677,
  url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
  title: 'Prototype Pollution in minimist',
  severity: 'critical',
  vulnerable_versions: '<0.2.4',
  cwe: ['CWE-1321'],
  cvss: { score: 0, vectorString: null },
};
const bulk = { lodash: [lodash], minimist: [minimist] };

/** The old shape, which Yarn 1 to 3 and older pnpm ask for. */
const quick = (found) => ({
  actions: found.map(([module, , path, { id }]) => ({
    action: 'review',
    module,
    resolves: [{ id, path, dev: path.includes('>'), optional: false, bundled: false }],
  })),
  advisories: Object.fromEntries(
    found.map(([name, version, path, { id, cvss, cwe, ...advisory }]) => [
      id,
      {
        id,
        ...advisory,
        cwe,
        cvss,
        module_name: name,
        findings: [{ version, paths: [path] }],
        github_advisory_id: advisory.url.split('/').at(-1),
        cves: name === 'lodash' ? ['CVE-2021-23337'] : ['CVE-2021-44906'],
        patched_versions: name === 'lodash' ? '>=4.17.21' : '>=0.2.4',
        overview: advisory.title,
        recommendation: 'Upgrade',
        access: 'public',
        created: '2021-05-06T16:05:51.000Z',
        updated: '2023-01-01T00:00:00.000Z',
        found_by: null,
        reported_by: null,
        references: advisory.url,
        metadata: null,
        deleted: null,
      },
    ]),
  ),
  muted: [],
  metadata: {
    vulnerabilities: {
      info: 0,
      low: 0,
      moderate: 0,
      high: found.filter(([, , , { severity }]) => severity === 'high').length,
      critical: found.filter(([, , , { severity }]) => severity === 'critical').length,
    },
    dependencies: 3,
    devDependencies: 0,
    optionalDependencies: 0,
    totalDependencies: 3,
  },
});

const versions = {
  lodash: ['4.17.20', '4.17.21'],
  minimist: ['0.0.8', '0.2.4', '1.2.8'],
  mkdirp: ['0.5.1', '0.5.6', '1.0.4'],
};
const needs = { 'mkdirp@0.5.1': { minimist: '0.0.8' }, 'mkdirp@0.5.6': { minimist: '^1.2.6' } };

const packument = (name, address) => ({
  name,
  'dist-tags': { latest: versions[name].at(-1) },
  versions: Object.fromEntries(
    versions[name].map((version) => [
      version,
      {
        name,
        version,
        dependencies: needs[`${name}@${version}`] ?? {},
        dist: { tarball: `${address}/${name}/-/${name}-${version}.tgz`, shasum: '0'.repeat(40) },
      },
    ]),
  ),
});

const osv = {
  jinja2: [
    {
      id: 'GHSA-462w-v97r-4m45',
      aliases: ['CVE-2019-10906', 'PYSEC-2019-217'],
      summary: 'Jinja2 sandbox escape via string formatting',
      details: 'In Pallets Jinja before 2.10.1, str.format_map allows a sandbox escape.',
      modified: '2024-09-24T21:01:03Z',
      published: '2019-04-10T14:30:24Z',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N' }],
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'jinja2', purl: 'pkg:pypi/jinja2' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.10.1' }] }],
        },
      ],
      references: [],
      schema_version: '1.7.3',
    },
  ],
};
export const osvRecords = osv;

/**
 * @param state - `found`, `clean`, or `down`: what the service answers
 */
export async function withRegistry(state, use) {
  const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const address = `http://127.0.0.1:${server.address().port}`;
      const [status, body] = answer(request, Buffer.concat(pieces), state, address);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function answer({ method, url, headers }, raw, state, address) {
  const name = decodeURIComponent(url.slice(1).split('?')[0]);
  if (method === 'GET' && versions[name] !== undefined) return [200, packument(name, address)];
  if (state === 'down') return [405, { error: 'Method Not Allowed' }];
  const found = state === 'found';
  if (url.includes('/advisories/bulk')) {
    const asked = JSON.parse(
      (headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString(),
    );
    const known = Object.entries(bulk).filter(([key]) => key in asked);
    return [200, found ? Object.fromEntries(known) : {}];
  }
  if (url.includes('/audits')) {
    const all = [
      ['lodash', '4.17.20', 'lodash', lodash],
      ['minimist', '0.0.8', 'mkdirp>minimist', minimist],
    ];
    return [200, quick(found ? all : [])];
  }
  if (url.startsWith('/v1/query')) {
    const { package: asked } = JSON.parse(raw.toString());
    const vulns = found ? osv[asked.name] : undefined;
    return [200, vulns === undefined ? {} : { vulns }];
  }
  return [404, { error: `not found: ${method} ${name}` }];
}
