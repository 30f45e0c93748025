import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createArtifactStore } from '../run/artifact-store.ts';
import { downloadArtifact, patternExpression, rootOf, uploadArtifact } from './artifacts.ts';
import { checkout } from './checkout.ts';
import { configureAwsCredentials } from './configure-aws-credentials.ts';
import { setupNode } from './setup-node.ts';
import { setupPython } from './setup-python.ts';
import { matchesVersion } from './tool-version.ts';
import { findNode24 } from '../find-node24.ts';
import type { ArtifactStore, StandIn, StandInContext } from './stand-in.ts';

let root: string;
let artifacts: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatewright-stand-in-'));
  artifacts = createArtifactStore(join(root, 'artifacts'));
  await Promise.all(['work', 'tree'].map((name) => mkdir(join(root, name))));
});

afterEach(() => rm(root, { recursive: true, force: true }));

interface Trace {
  readonly outputs: Record<string, string>;
  readonly variables: Record<string, string>;
  readonly masks: string[];
  readonly warnings: string[];
  readonly paths: string[];
}

/** Runs a stand-in and tells what it set. */
async function use(
  standIn: StandIn,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Trace> {
  const trace: Trace = { outputs: {}, variables: {}, masks: [], warnings: [], paths: [] };
  const context: StandInContext = {
    inputs: { ...Object.fromEntries(standIn.inputs.map((name) => [name, ''])), ...inputs },
    env,
    workspace: join(root, 'work'),
    temp: join(root, 'temp'),
    node24: findNode24(),
    github: { repository: 'octo/shop', sha: 'f00', ref: 'refs/heads/main' },
    artifacts,
    tree: (ref) =>
      ['f00', 'main'].includes(ref) ? { sha: 'f00', directory: join(root, 'tree') } : undefined,
    signal: new AbortController().signal,
    log: () => undefined,
    warning: (message) => trace.warnings.push(message),
    setOutput: (name, value) => (trace.outputs[name] = value),
    exportVariable: (name, value) => (trace.variables[name] = value),
    addMask: (value) => trace.masks.push(value),
    addPath: (directory) => trace.paths.push(directory),
  };
  await standIn.run(context);
  return trace;
}

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path);
  }
}

async function files(directory: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, directory), { recursive: true, withFileTypes: true });
  const prefix = join(root, directory);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(prefix.length + 1))
    .toSorted();
}

describe('checkout', () => {
  beforeEach(() => write('tree/a.txt', 'tree/src/b.ts', 'tree/.github/x/p.yml', 'tree/.git/HEAD'));

  it('copies the tree without .git and clears what was there', async () => {
    await write('work/old.txt');
    const { outputs } = await use(checkout, { 'persist-credentials': 'false' });
    expect(await files('work')).toEqual(['.github/x/p.yml', 'a.txt', 'src/b.ts']);
    expect(outputs).toEqual({ commit: 'f00', ref: 'refs/heads/main' });
  });

  it.each([
    ['true', ['a.txt', 'src/b.ts']],
    ['false', ['src/b.ts']],
  ])('keeps to a sparse checkout (cone %s) below a path', async (cone, expected) => {
    const sparse = { 'sparse-checkout': '\nsrc\n', 'sparse-checkout-cone-mode': cone };
    await use(checkout, { ref: 'main', path: 'sub', ...sparse });
    expect(await files('work/sub')).toEqual(expected);
    expect(await readdir(join(root, 'work/sub'))).not.toContain('.github');
  });

  it.each([
    [{ repository: 'octo/other' }, /not the caller's own/],
    [{ ref: 'gone' }, /'gone' could not be found/],
    [{ path: '../out' }, /is not under/],
    [{ submodules: 'recursive' }, /'submodules' is not supported/],
    [{ 'sparse-checkout': 'src/*' }, /pattern 'src\/\*' is not supported/],
  ])('refuses %j', async (inputs, message) => {
    await expect(use(checkout, inputs)).rejects.toThrow(message);
  });
});

describe('artifacts', () => {
  it.each([
    ['out', ['a.json', 'sub/b.json']],
    ['out/a.json', ['a.json']],
    ['out/*.json', ['a.json']],
    ['out/**/*.json', ['a.json', 'sub/b.json']],
    ['out/s?b', ['sub/b.json']],
    ['out/sub\nother/c.txt', ['other/c.txt', 'out/sub/b.json']],
  ])('keeps %j', async (path, expected) => {
    await write('work/out/a.json', 'work/out/sub/b.json', 'work/out/.hidden', 'work/other/c.txt');
    await use(uploadArtifact, { name: 'results', path });
    expect(artifacts.list()).toMatchObject([{ name: 'results', files: expected }]);
    await use(downloadArtifact, { name: 'results', path: 'down' });
    expect(await files('work/down')).toEqual(expected);
  });

  it('keeps hidden files only when asked', async () => {
    await write('work/out/.hidden', 'work/out/a');
    await use(uploadArtifact, { path: 'out', 'include-hidden-files': 'true' });
    expect(artifacts.list()).toMatchObject([{ name: 'artifact', files: ['.hidden', 'a'] }]);
  });

  it('refuses a second artifact of the same name unless it may overwrite', async () => {
    await write('work/a', 'work/b');
    await use(uploadArtifact, { name: 'x', path: 'a' });
    await expect(use(uploadArtifact, { name: 'x', path: 'b' })).rejects.toThrow('409');
    await use(uploadArtifact, { name: 'x', path: 'b', overwrite: 'true' });
    expect(artifacts.list()).toMatchObject([{ files: ['b'] }]);
    expect(await readFile(join(root, 'artifacts/x/b'), 'utf8')).toBe('work/b');
  });

  it('downloads all artifacts into folders of their own without a name', async () => {
    await write('work/a', 'work/b');
    await use(uploadArtifact, { name: 'x', path: 'a' });
    await use(uploadArtifact, { name: 'y', path: 'b' });
    await use(downloadArtifact, { path: 'all' });
    expect(await files('work/all')).toEqual(['x/a', 'y/b']);
    await use(downloadArtifact, { path: 'some', pattern: 'x*' });
    expect(await files('work/some')).toEqual(['x/a']);
    await use(downloadArtifact, { path: 'one', pattern: '*', 'merge-multiple': 'true' });
    expect(await files('work/one')).toEqual(['a', 'b']);
  });

  it.each([
    ['', 1],
    ['warn', 1],
    ['ignore', 0],
  ])('with nothing to keep and %j', async (behaviour, warnings) => {
    const trace = await use(uploadArtifact, { path: 'none', 'if-no-files-found': behaviour });
    expect([trace.warnings.length, artifacts.list()]).toEqual([warnings, []]);
  });

  it.each([
    [uploadArtifact, { path: 'none', 'if-no-files-found': 'error' }, /No files were found/],
    [uploadArtifact, { path: '' }, /not supplied: path/],
    [uploadArtifact, { path: '!a' }, /exclusion/],
    [downloadArtifact, { name: 'none' }, /Artifact not found for name: none/],
  ])('fails where the action fails (%#)', async (standIn, inputs, message) => {
    await expect(use(standIn, inputs)).rejects.toThrow(message);
  });

  it.each([
    ['/a/*.json', '/a/b.json', true],
    ['/a/*.json', '/a/b/c.json', false],
    ['/a/**/c.json', '/a/c.json', true],
    ['/a/**', '/a/b/c', true],
    ['/a/(b)+.*', '/a/(b)+.x', true],
    ['/a/b?', '/a/bc/d', true],
  ])('the pattern %s and %s', (pattern, path, expected) => {
    expect(patternExpression(pattern).test(path)).toBe(expected);
  });

  it('counts from the deepest folder that several paths share', () => {
    expect(rootOf(['/a/b/c', '/a/b/d/e'])).toBe('/a/b');
    expect(rootOf(['/a/b'])).toBe('/a/b');
    expect(rootOf(['/a', '/b'])).toBe('/');
  });
});

/** One server that is GitHub's token endpoint and STS. */
async function withServer<T>(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => answer(request, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    return await work({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?run=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-1',
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('configure-aws-credentials', () => {
  const inputs = {
    'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
    'aws-region': 'eu-west-1',
  };

  it('trades the OIDC token for credentials, exports and masks them', async () => {
    const seen: string[] = [];
    const trace = await withServer(
      (request, body, response) => {
        seen.push(
          `${request.method} ${request.url} ${request.headers.authorization ?? ''} ${body}`,
        );
        if (request.method === 'GET') response.end('{"value":"jwt-1"}');
        else {
          response.end(
            '<R><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s&amp;cret</SecretAccessKey><SessionToken>tok</SessionToken></Credentials></R>',
          );
        }
      },
      (env) => use(configureAwsCredentials, { ...inputs, 'role-session-name': 'gw-1' }, env),
    );
    expect(seen[0]).toBe('GET /token?run=1&audience=sts.amazonaws.com bearer bearer-1 ');
    expect(Object.fromEntries(new URLSearchParams(seen[1]?.split(' ').at(-1)))).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: inputs['role-to-assume'],
      RoleSessionName: 'gw-1',
      WebIdentityToken: 'jwt-1',
    });
    expect(trace.variables).toEqual({
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'ASIA1',
      AWS_SECRET_ACCESS_KEY: 's&cret',
      AWS_SESSION_TOKEN: 'tok',
    });
    expect(trace.masks).toEqual(expect.arrayContaining(['jwt-1', 's&cret', 'tok', 'ASIA1']));
  });

  it('fails with the words of AWS', async () => {
    const failing = withServer(
      (request, _body, response) => {
        if (request.method === 'GET') response.end('{"value":"jwt-1"}');
        else {
          response.statusCode = 403;
          response.end(
            '<E><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></E>',
          );
        }
      },
      (env) => use(configureAwsCredentials, inputs, env),
    );
    await expect(failing).rejects.toThrow(
      'Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity (AccessDenied)',
    );
  });

  it.each([
    [{}, /AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL is needed/],
    [{ AWS_ENDPOINT_URL: 'https://sts.amazonaws.com' }, /is not on this machine/],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, /needs "permissions: id-token: write"/],
  ])('refuses the environment %j', async (env, message) => {
    await expect(use(configureAwsCredentials, inputs, env)).rejects.toThrow(message);
  });
});

describe('set-up of tools', () => {
  it('puts Node 24 first and says which it is', async () => {
    const { paths, outputs } = await use(setupNode, { 'node-version': '24' });
    expect(paths).toEqual([dirname(findNode24())]);
    expect(outputs['node-version']).toMatch(/^v24\./);
  });

  it('gives the Python of this machine the name python', async () => {
    const { paths, outputs } = await use(
      setupPython,
      { 'python-version': '3' },
      { PATH: process.env['PATH'] ?? '' },
    );
    expect(outputs['python-version']).toMatch(/^3\./);
    expect(await readdir(paths[0] ?? '')).toEqual(['python']);
  });

  it('refuses a version that is not here', async () => {
    await expect(use(setupNode, { 'node-version': '20' })).rejects.toThrow(/'20' is not here/);
    await expect(
      use(setupPython, { 'python-version': '2.7' }, { PATH: process.env['PATH'] ?? '' }),
    ).rejects.toThrow(/'2.7' is not here/);
  });

  it.each([
    ['24', '24.21.0', true],
    ['v24.x', '24.21.0', true],
    ['24.21.0', '24.21.0', true],
    ['24.2', '24.21.0', false],
    ['lts/*', '24.21.0', false],
    ['', '24.21.0', false],
  ])('asked for %j, has %s', (wanted, version, expected) => {
    expect(matchesVersion(wanted, version)).toBe(expected);
  });
});
