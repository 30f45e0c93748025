// What npm, pnpm and Yarn 1, 3 and 4 write of the same three packages: vulnerable, clean, and with the service down (F8).
import { withRegistry } from './advisory-server.mjs';

const states = { findings: 'found', clean: 'clean', unavailable: 'down' };
const manifest = (name) =>
  JSON.stringify({
    name,
    version: '1.0.0',
    dependencies: { lodash: '4.17.20' },
    devDependencies: { mkdirp: '0.5.1' },
  });

const npmLock = JSON.stringify({
  name: 'sample',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': {
      name: 'sample',
      version: '1.0.0',
      dependencies: { lodash: '4.17.20' },
      devDependencies: { mkdirp: '0.5.1' },
    },
    'node_modules/lodash': { version: '4.17.20' },
    'node_modules/mkdirp': { version: '0.5.1', dev: true, dependencies: { minimist: '0.0.8' } },
    'node_modules/minimist': { version: '0.0.8', dev: true },
  },
});

const withoutPort = (text) => text.replaceAll(/127\.0\.0\.1:\d+/g, 'registry.example');

const npm = {
  name: 'npm-audit',
  npm: ['npm@11.6.2'],
  command: 'npm audit --json [--omit=dev]',
  async make({ write, run, module, keep }) {
    write('package.json', manifest('sample'));
    write('package-lock.json', npmLock);
    for (const [name, state] of Object.entries(states)) {
      await withRegistry(state, async (address) => {
        const audit = (...flags) =>
          run([
            process.execPath,
            module('npm/bin/npm-cli.js'),
            'audit',
            '--json',
            `--registry=${address}`,
            '--fetch-retries=0',
            ...flags,
          ]);
        keep(`${name}.json`, withoutPort((await audit()).stdout));
        if (name === 'findings')
          keep('runtime.json', withoutPort((await audit('--omit=dev')).stdout));
      });
    }
    write('package-lock.json', '{');
    keep(
      'broken-lockfile.json',
      withoutPort(
        (await run([process.execPath, module('npm/bin/npm-cli.js'), 'audit', '--json'])).stdout,
      ),
    );
  },
};

const pnpm = {
  name: 'pnpm-audit',
  npm: ['pnpm@10.20.0'],
  command: 'pnpm audit --json [--prod]',
  async make({ write, run, bin, keep }) {
    write('package.json', manifest('sample'));
    write(
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'
settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false
importers:
  .:
    dependencies:
      lodash:
        specifier: 4.17.20
        version: 4.17.20
    devDependencies:
      mkdirp:
        specifier: 0.5.1
        version: 0.5.1
packages:
  lodash@4.17.20:
    resolution: {integrity: sha512-a}
  minimist@0.0.8:
    resolution: {integrity: sha512-b}
  mkdirp@0.5.1:
    resolution: {integrity: sha512-c}
snapshots:
  lodash@4.17.20: {}
  minimist@0.0.8: {}
  mkdirp@0.5.1:
    dependencies:
      minimist: 0.0.8
`,
    );
    for (const [name, state] of Object.entries(states)) {
      await withRegistry(state, async (address) => {
        const audit = await run([bin('pnpm'), 'audit', '--json', `--registry=${address}`]);
        keep(`${name}.json`, withoutPort(audit.stdout));
      });
    }
  },
};

const yarnLock = `# yarn lockfile v1


lodash@4.17.20:
  version "4.17.20"
  resolved "https://registry.example/lodash/-/lodash-4.17.20.tgz#b44a9b6297bcb698f1c51a3545a2b3b368d59c52"

minimist@0.0.8:
  version "0.0.8"
  resolved "https://registry.example/minimist/-/minimist-0.0.8.tgz#857fcabfc3397d2625b8228262e86aa7a011b05d"

mkdirp@0.5.1:
  version "0.5.1"
  resolved "https://registry.example/mkdirp/-/mkdirp-0.5.1.tgz#30057438eac6cf7f8c4767f38648d6697d75c903"
  dependencies:
    minimist "0.0.8"
`;

/** Yarn 1 knows only one address, whatever the settings say. */
const toLoopback = (port) => `const http = require('node:http');
const agent = new http.Agent();
require('node:https').request = (options, then) => {
  const here = { protocol: 'http:', host: '127.0.0.1', hostname: '127.0.0.1', port: ${port}, agent };
  const request = http.request({ ...options, ...here }, then);
  return request.on('socket', (socket) => Object.assign(socket, { authorized: true }));
};
`;

const yarn1 = {
  name: 'yarn-1',
  npm: ['yarn@1.22.22'],
  command: 'yarn audit --json',
  async make({ write, run, module, keep }) {
    write('package.json', manifest('sample'));
    write('yarn.lock', yarnLock);
    for (const [name, state] of Object.entries(states)) {
      await withRegistry(state, async (address) => {
        write('to-loopback.cjs', toLoopback(new URL(address).port));
        const yarn = module('yarn/bin/yarn.js');
        const audit = await run([
          process.execPath,
          '-r',
          './to-loopback.cjs',
          yarn,
          'audit',
          '--json',
        ]);
        keep(`${name}.jsonl`, withoutPort(audit.stdout));
      });
    }
  },
};

const berryLock = (metadata) => `__metadata:
  version: ${metadata}
  cacheKey: 10

"lodash@npm:4.17.20":
  version: 4.17.20
  resolution: "lodash@npm:4.17.20"
  languageName: node
  linkType: hard

"minimist@npm:0.0.8":
  version: 0.0.8
  resolution: "minimist@npm:0.0.8"
  languageName: node
  linkType: hard

"mkdirp@npm:0.5.1":
  version: 0.5.1
  resolution: "mkdirp@npm:0.5.1"
  dependencies:
    minimist: "npm:0.0.8"
  languageName: node
  linkType: hard

"sample@workspace:.":
  version: 0.0.0-use.local
  resolution: "sample@workspace:."
  dependencies:
    lodash: "npm:4.17.20"
    mkdirp: "npm:0.5.1"
  languageName: unknown
  linkType: soft
`;

const berry = (toolName, pin, metadata, extension) => ({
  name: toolName,
  npm: [pin],
  command: 'yarn npm audit --all --recursive --json',
  async make({ write, run, module, keep }) {
    write('package.json', manifest('sample'));
    write('yarn.lock', berryLock(metadata));
    for (const [name, state] of Object.entries(states)) {
      await withRegistry(state, async (address) => {
        write(
          '.yarnrc.yml',
          `npmRegistryServer: "${address}"\nnpmAuditRegistry: "${address}"\nunsafeHttpWhitelist: ["127.0.0.1"]\nenableTelemetry: false\nhttpRetry: 0\n`,
        );
        const yarn = module('@yarnpkg/cli-dist/bin/yarn.js');
        const audit = await run([
          process.execPath,
          yarn,
          'npm',
          'audit',
          '--all',
          '--recursive',
          '--json',
        ]);
        keep(`${name}.${extension}`, withoutPort(audit.stdout));
      });
    }
  },
});

export const nodeAudits = [
  npm,
  pnpm,
  yarn1,
  berry('yarn-3', '@yarnpkg/cli-dist@3.8.7', 6, 'json'),
  berry('yarn-4', '@yarnpkg/cli-dist@4.10.3', 8, 'jsonl'),
];
