import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startGitHub } from '@gatewright/emulators';
import type { GitHubEmulator } from '@gatewright/emulators';
import { createReleases } from '@gatewright/github';
import type { Releases } from '@gatewright/github';
import type { Commands } from '../commands.ts';
import type { ContractDocument } from '../plan/contracts.ts';
import type { Tool } from '../tool.ts';

const run = promisify(execFile);

/** A repository with one tiny action, its shared bare one, and a GitHub for its releases. */
export interface Sample {
  readonly root: string;
  readonly bare: string;
  readonly github: GitHubEmulator;
  readonly releases: Releases;
  readonly tool: Tool;
  readonly said: string[];
  /** What the emulated runner gives the command line. */
  readonly env: Readonly<Record<string, string>>;
  git(...words: string[]): Promise<string>;
  /** git in the shared repository, as somebody with all rights there. */
  shared(...words: string[]): Promise<string>;
  /** Writes, commits and pushes. */
  commit(message: string, files: Readonly<Record<string, string>>): Promise<string>;
}

export const greetInputs = {
  name: { required: true, accepted: 'a text' },
  tone: {
    required: false,
    default: 'warm',
    accepted: 'one of warm, cool',
    oneOf: ['warm', 'cool'],
  },
} satisfies ContractDocument['actions'][string]['inputs'];

export const contracts: ContractDocument = {
  schemaVersion: 1,
  actions: {
    greet: {
      inputs: greetInputs,
      outputs: ['greeting'],
      reasonCodes: ['greeted'],
      secrets: {},
      permissions: { contents: 'read' },
      aws: [],
    },
  },
  workflows: {
    hello: {
      inputs: { name: { type: 'string', required: true } },
      outputs: ['greeting'],
      reasonCodes: [],
      secrets: {},
      permissions: { contents: 'read' },
      aws: [],
    },
  },
};

export const text = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const sha = 'c'.repeat(40);
const workflow = `name: hello
on: { workflow_call: { inputs: { name: { type: string, required: true } } } }
permissions: {}
jobs:
  hello:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
      - uses: $/actions/greet
`;

/** The first commit. */
export const files = {
  '.gitignore': 'dist/\n',
  'actions/greet/action.yml': 'name: greet\nruns: { using: node24, main: dist/index.js }\n',
  'actions/greet/src/main.txt': 'hello\n',
  '.github/workflows/hello.yml': workflow,
  'workflows/hello/workflow.yml': workflow,
  'docs/reference/contracts.json': text(contracts),
  'packages/workflows/pins.json': text({
    pins: [
      {
        action: 'actions/checkout',
        version: 'v7.0.1',
        sha,
        date: '2026-07-17',
        source: 'https://github.com/actions/checkout/releases/tag/v7.0.1',
      },
    ],
  }),
  'package-lock.json': text({
    name: 'sample',
    lockfileVersion: 3,
    packages: {
      '': { name: 'sample' },
      'node_modules/kind-words': {
        version: '1.2.3',
        license: 'MIT',
        integrity:
          'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
      },
      'node_modules/builder': { version: '9.0.0', license: 'GPL-3.0-only', dev: true },
    },
  }),
};

/** The build of the sample: one file made of one source, and the notices. */
export const build: Commands['build'] = async (directory) => {
  const source = await readFile(join(directory, 'actions/greet/src/main.txt'), 'utf8');
  const dist = join(directory, 'actions/greet/dist');
  await mkdir(dist, { recursive: true });
  await writeFile(join(dist, 'index.js'), `console.log(${JSON.stringify(source)});\n`);
  await writeFile(join(dist, 'licenses.txt'), 'kind-words@1.2.3 (MIT)\n\nDo as you like.\n');
};

const seedCommit = {
  sha: 'a'.repeat(40),
  message: 'seed',
  author: { login: 'octo-ops', name: 'Octo Ops' },
  date: '2026-11-01T10:00:00Z',
  parents: [],
  directory: '/trees/none',
};

const accept: Commands['accept'] = (directory) =>
  existsSync(join(directory, 'actions/greet/dist/index.js'))
    ? Promise.resolve()
    : Promise.reject(new Error('no bundle to accept'));

/** Makes samples; the slow parts are made once. */
export interface Studio {
  /** A new sample; what was on the emulated GitHub is gone. */
  sample(): Promise<Sample>;
  close(): Promise<void>;
}

const repository = 'acme/tools';

/** @param prepare - done once in the repository that all samples are copies of */
export async function openStudio(
  prepare: (sample: Sample) => Promise<unknown> = () => Promise.resolve(),
  immutableReleases = true,
): Promise<Studio> {
  const scratch = await mkdtemp(join(tmpdir(), 'gatewright-sample-'));
  const github = await startGitHub({
    users: [{ login: 'octo-ops' }],
    repositories: [
      {
        fullName: repository,
        immutableReleases,
        commits: [seedCommit],
        refs: { 'refs/heads/main': seedCommit.sha },
      },
    ],
  });
  const template = join(scratch, 'template');
  await mkdir(template);
  await begin(template);
  await prepare(sampleIn(template, github));
  let count = 0;
  return {
    async sample() {
      github.reset();
      count += 1;
      const directory = join(scratch, `sample-${count}`);
      await cp(template, directory, { recursive: true });
      const made = sampleIn(directory, github);
      await made.git('remote', 'set-url', 'origin', made.bare);
      return made;
    },
    async close() {
      await github.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

const identity = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.invalid',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.invalid',
};

function environmentOf(directory: string) {
  const PATH = process.env['PATH'] ?? '';
  return { PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1', ...identity };
}

async function begin(directory: string): Promise<void> {
  const bare = join(directory, 'shared.git');
  const env = environmentOf(directory);
  await run('git', ['init', '--quiet', '--bare', '-b', 'main', bare], { env });
  await run('git', ['clone', '--quiet', bare, join(directory, 'checkout')], { env });
  await run('git', ['checkout', '--quiet', '-B', 'main'], {
    cwd: join(directory, 'checkout'),
    env,
  });
}

function sampleIn(directory: string, github: GitHubEmulator): Sample {
  const root = join(directory, 'checkout');
  const bare = join(directory, 'shared.git');
  const env = environmentOf(directory);
  const gitAt =
    (cwd: string) =>
    async (...words: string[]): Promise<string> =>
      (await run('git', words, { cwd, env })).stdout.trim();
  const git = gitAt(root);
  const commit: Sample['commit'] = async (message, changes) => {
    for (const [path, content] of Object.entries(changes)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '-m', message);
    await git('push', '--quiet', 'origin', 'main');
    return git('rev-parse', 'HEAD');
  };
  const token = github.token({ repository, permissions: { contents: 'write' } });
  const said: string[] = [];
  return {
    root,
    github,
    bare,
    releases: createReleases({ token, apiUrl: github.url, repository }),
    said,
    env: { ...env, GITHUB_TOKEN: token, GITHUB_API_URL: github.url },
    tool: {
      place: { root, env },
      commands: { build, accept },
      repository,
      serverUrl: 'https://github.com',
      builder: `https://github.com/${repository}/.github/workflows/repo-release.yml@refs/heads/main`,
      now: () => Date.parse('2026-11-21T12:00:00Z'),
      say: (line) => void said.push(line),
    },
    git,
    shared: gitAt(bare),
    commit,
  };
}
