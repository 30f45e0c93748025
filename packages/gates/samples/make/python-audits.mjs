// pip-audit against a local advisory service, and detect-secrets.
import { withRegistry } from './advisory-server.mjs';
import { pinned } from './python-packages.mjs';

const pipAudit = {
  name: 'pip-audit',
  folder: 'py',
  pip: pinned('pip-audit'),
  command:
    'pip-audit -r requirements.txt --no-deps --disable-pip -s osv -f json [--desc on] [--aliases off]',
  async make({ write, run, py, keep }) {
    write('requirements.txt', 'jinja2==2.10\nmarkupsafe==2.1.5\n');
    write('clean.txt', 'markupsafe==2.1.5\n');
    write('unpinned.txt', 'jinja2\n');
    const audit = (address, file, ...flags) =>
      run([
        py('pip-audit'),
        '-r',
        file,
        '--no-deps',
        '--disable-pip',
        '-s',
        'osv',
        '--osv-url',
        `${address}/v1/query`,
        '--progress-spinner=off',
        '--cache-dir=cache',
        '-f',
        'json',
        ...flags,
      ]);
    await withRegistry('found', async (address) => {
      keep('findings.json', (await audit(address, 'requirements.txt', '--desc', 'on')).stdout);
      keep(
        'no-aliases.json',
        (await audit(address, 'requirements.txt', '--aliases=off', '--desc=off')).stdout,
      );
      keep(
        'ignored.json',
        (await audit(address, 'requirements.txt', '--ignore-vuln', 'CVE-2019-10906')).stdout,
      );
      keep('clean.json', (await audit(address, 'clean.txt')).stdout);
      const unpinned = await audit(address, 'unpinned.txt');
      keep('unpinned.json', unpinned.stdout);
      keep(
        'cyclonedx.json',
        (await audit(address, 'requirements.txt', '-f', 'cyclonedx-json')).stdout,
      );
    });
    await withRegistry('down', async (address) => {
      const down = await audit(address, 'requirements.txt');
      keep('unavailable.json', down.stdout);
      keep(
        'unavailable.stderr.txt',
        down.stderr
          .trimEnd()
          .split('\n')
          .at(-1)
          .replaceAll(/127\.0\.0\.1:\d+/g, 'service.example'),
      );
    });
  },
};

const detectSecrets = {
  name: 'detect-secrets',
  folder: 'py',
  pip: pinned('detect-secrets'),
  command: 'detect-secrets scan --all-files',
  async make({ write, run, py, keep }) {
    // Put together here, so that no scanner takes this file for a leak.
    write(
      'src/settings.py',
      `AWS_KEY = "${['AKIA', 'QYLPMN5HHHFPZAM2'].join('')}"\npassword = "${['correct-horse', 'battery'].join('-')}"\n`,
    );
    write('src/clean.py', 'NAME = "nothing"\n');
    const scan = (...files) => run([py('detect-secrets'), 'scan', '--all-files', ...files]);
    keep('findings.json', (await scan('src')).stdout);
    keep('clean.json', (await scan('src/clean.py')).stdout);
    write(
      'src/settings.py',
      `password = "${['correct-horse', 'battery'].join('-')}"  # pragma: allowlist secret\n`,
    );
    keep('allowlisted.json', (await scan('src')).stdout);
  },
};

export const pythonAudits = [pipAudit, detectSecrets];
