// Tools written in Go: gotestsum, gitleaks, and osv-scanner with a database of one advisory.
import { zipOf } from './zip.mjs';
import { osvRecords } from './advisory-server.mjs';

function writeGoProject(write) {
  write('go.mod', 'module example.com/sample\n\ngo 1.22\n');
  write('basket/basket.go', 'package basket\n\nfunc Total(a, b int) int { return a + b }\n');
  write(
    'basket/basket_test.go',
    `package basket

import "testing"

func TestPasses(t *testing.T) { t.Log("::error::not a command") }
func TestFails(t *testing.T)  { t.Errorf("got %d <&> want %d", Total(1, 2), 4) }
func TestSkips(t *testing.T)  { t.Skip("not here") }
func TestTable(t *testing.T) {
	t.Run("one/two", func(t *testing.T) {})
	t.Run("bad part", func(t *testing.T) { t.Fatal("part") })
}
func TestPanics(t *testing.T) { panic("boom") }
`,
  );
  write(
    'calm/calm_test.go',
    'package calm\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\nfunc TestTwo(t *testing.T) {}\n',
  );
  write(
    'broken/broken_test.go',
    'package broken\n\nimport "testing"\n\nfunc TestNever(t *testing.T) { undefined() }\n',
  );
  write('none/none.go', 'package none\n');
  write(
    'flaky/flaky_test.go',
    `package flaky

import (
	"os"
	"testing"
)

func TestWorksTheSecondTime(t *testing.T) {
	if _, err := os.Stat("tried"); err != nil {
		_ = os.WriteFile("tried", nil, 0o600)
		t.Fatal("not yet")
	}
}
`,
  );
  write(
    'mainexit/main_test.go',
    `package mainexit

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { m.Run(); os.Exit(3) }
func TestOne(t *testing.T)  {}
`,
  );
}

const gotestsum = {
  name: 'gotestsum',
  folder: 'go',
  go: { gotestsum: 'gotest.tools/gotestsum@v1.13.0' },
  command: 'gotestsum --junitfile … [--rerun-fails] ./…',
  async make({ write, run, go, keepFile }) {
    writeGoProject(write);
    const env = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
    const junit = async (name, packages, ...flags) => {
      await run([go('gotestsum'), '--junitfile=out.xml', ...flags, '--', '-count=1', ...packages], {
        env,
      });
      keepFile(`${name}.xml`, 'out.xml');
    };
    await junit('findings', ['./basket']);
    await junit('clean', ['./calm', './none']);
    await junit('build-error', ['./broken', './calm']);
    await junit('empty', ['./none']);
    await junit('exit-code', ['./mainexit']);
    await run(
      [
        go('gotestsum'),
        '--junitfile=out.xml',
        '--rerun-fails=2',
        '--packages=./flaky',
        '--',
        '-count=1',
      ],
      { env },
    );
    keepFile('rerun.xml', 'out.xml');
  },
};

/** Put together here, so that no scanner takes this file for a leak. */
const keys = {
  aws: ['AKIA', 'QYLPMN5HHHFPZAM2'].join(''),
  github: ['ghp_', 'x7Kq2mZ9vLwT4nRb8sYc1dFg6hJk3pQe5uWa'].join(''),
};

const gitleaks = {
  name: 'gitleaks',
  folder: 'go',
  go: { gitleaks: 'github.com/zricethezav/gitleaks/v8@v8.30.0' },
  command: 'gitleaks dir|git --report-format json|sarif|junit',
  async make({ write, run, go, keepFile }) {
    write('src/settings.txt', `aws_access_key_id = ${keys.aws}\ntoken = "${keys.github}"\n`);
    write('clean/readme.txt', 'nothing\n');
    write('allowed/settings.txt', `token = "${keys.github}" # gitleaks:allow\n`);
    const scan = async (name, format, ...args) => {
      await run([
        go('gitleaks'),
        ...args,
        '--no-banner',
        '--report-format',
        format,
        '--report-path',
        'out',
      ]);
      keepFile(name, 'out');
    };
    await scan('findings.json', 'json', 'dir', 'src');
    await scan('findings.sarif', 'sarif', 'dir', 'src');
    await scan('findings.junit.xml', 'junit', 'dir', 'src');
    await scan('redacted.json', 'json', 'dir', 'src', '--redact');
    await scan('clean.json', 'json', 'dir', 'clean');
    await scan('clean.sarif', 'sarif', 'dir', 'clean');
    await scan('allowed.json', 'json', 'dir', 'allowed');
    const author = {
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
      GIT_AUTHOR_DATE: '2026-11-01T12:00:00Z',
      GIT_COMMITTER_DATE: '2026-11-01T12:00:00Z',
    };
    await run(['git', 'init', '-q', '.']);
    await run(['git', 'add', 'src']);
    await run(['git', 'commit', '-q', '-m', 'settings'], { env: author });
    await scan('history.json', 'json', 'git', '.');
  },
};

const osvScanner = {
  name: 'osv-scanner',
  folder: 'go',
  go: { 'osv-scanner': 'github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.2.4' },
  command: 'osv-scanner scan source --offline-vulnerabilities --format json|sarif -L <lockfile>',
  async make({ tree, write, run, go, keep }) {
    const records = [...osvRecords.jinja2, unscored, twin];
    const files = records.map((record) => [`${record.id}.json`, JSON.stringify(record)]);
    write('db/osv-scanner/PyPI/all.zip', zipOf(files));
    write('requirements.txt', 'jinja2==2.10\nunscored==1.0\nmarkupsafe==2.1.5\n');
    write('clean/requirements.txt', 'markupsafe==2.1.5\n');
    write('ignored/requirements.txt', 'jinja2==2.10\n');
    write(
      'ignored/osv-scanner.toml',
      '[[IgnoredVulns]]\nid = "CVE-2019-10906"\nreason = "not reachable"\n',
    );
    write('broken/package-lock.json', '{');
    const env = { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: `${tree}/db` };
    const scan = (format, file) =>
      run([go('osv-scanner'), 'scan', 'source', '--offline', '--format', format, '-L', file], {
        env,
      });
    keep('findings.json', (await scan('json', 'requirements.txt')).stdout);
    keep('findings.sarif', (await scan('sarif', 'requirements.txt')).stdout);
    keep('clean.json', (await scan('json', 'clean/requirements.txt')).stdout);
    keep('ignored.json', (await scan('json', 'ignored/requirements.txt')).stdout);
    keep('broken-lockfile.json', (await scan('json', 'broken/package-lock.json')).stdout);
    const noDatabase = { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: `${tree}/nothing` };
    const without = await run(
      [
        go('osv-scanner'),
        'scan',
        'source',
        '--offline',
        '--format',
        'json',
        '-L',
        'requirements.txt',
      ],
      { env: noDatabase },
    );
    keep('no-database.json', without.stdout);
  },
};

const affected = (name) => [
  {
    package: { ecosystem: 'PyPI', name, purl: `pkg:pypi/${name}` },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
  },
];
/** An advisory whose only vector is malformed (F9). */
const unscored = {
  id: 'GHSA-aaaa-bbbb-cccc',
  aliases: ['CVE-2026-0001'],
  summary: 'A vector that is none',
  modified: '2026-01-01T00:00:00Z',
  published: '2026-01-01T00:00:00Z',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L' }],
  affected: affected('unscored'),
  schema_version: '1.7.3',
};
const twin = {
  id: 'PYSEC-2019-217',
  aliases: ['CVE-2019-10906', 'GHSA-462w-v97r-4m45'],
  details: 'The same as GHSA-462w-v97r-4m45.',
  modified: '2026-01-01T00:00:00Z',
  published: '2019-04-07T00:29:00Z',
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'jinja2', purl: 'pkg:pypi/jinja2' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.10.1' }] }],
    },
  ],
  schema_version: '1.7.3',
};

export const goTools = [gotestsum, gitleaks, osvScanner];
