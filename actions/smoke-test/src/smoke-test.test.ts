import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readInputs } from '@gatewright/contract';
import type { ActionOutcome } from '@gatewright/contract';
import { fakeClock, fakeContext } from '@gatewright/testing';
import type { FakeContext } from '@gatewright/testing';
import { httpProbe } from '@gatewright/verify';
import { contract } from './contract.ts';
import { run } from './run.ts';

let workspace = '';
const servers: Server[] = [];

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'gatewright-smoke-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  await rm(workspace, { recursive: true, force: true });
});

/** An application of this version; its business route answers with this status. */
async function serve(release: string, status = 200): Promise<string> {
  const server = createServer(({ url }, response) => {
    if (url === '/healthz') response.end(JSON.stringify({ release }));
    else response.writeHead(status).end('{}');
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const policy = (extra: string): string => `version: 1
environments:
  production:
    protection: none
    aws: { region: eu-west-1, role-to-assume: "arn:aws:iam::111122223333:role/x", artifact-bucket: abc }
    targets: { tags: { App: sample } }
    strategy: { kind: all-at-once }
    ${extra}
`;
const manifest = {
  schema: 'gatewright.release/1',
  app: 'sample',
  version: '1.1.0',
  commit: 'a'.repeat(40),
  digest: 'b'.repeat(64),
  bytes: 10,
  port: 8080,
  verify: {
    release: { kind: 'json-path', path: '/healthz', jsonPath: '$.release' },
    deadlineSeconds: 30,
    consecutiveSuccesses: 2,
    intervalSeconds: 1,
    requestTimeoutSeconds: 5,
    failuresToFail: 2,
    checks: [
      { name: 'home', method: 'GET', path: '/', expect: { status: 200, headers: {}, json: [] } },
      {
        name: 'health',
        method: 'GET',
        path: '/healthz',
        expect: { status: 200, headers: {}, json: [] },
      },
    ],
  },
  rollback: { mode: 'safe' },
};

interface Options {
  readonly targets?: string;
  readonly policy?: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

async function smokeTest(
  options: Options,
): Promise<{ outcome: ActionOutcome<typeof contract>; context: FakeContext }> {
  await writeFile(join(workspace, 'policy.yml'), policy(options.policy ?? ''));
  await writeFile(join(workspace, 'manifest.json'), JSON.stringify(manifest));
  const raw: Record<string, string> = {
    environment: 'production',
    'policy-path': 'policy.yml',
    'manifest-path': 'manifest.json',
    targets: options.targets ?? '',
    ...options.inputs,
  };
  const inputs = readInputs(contract, (name) => raw[name] ?? '');
  const context = fakeContext({ run: { workspace } });
  const outcome = await run(inputs, { context, probe: httpProbe(), clock: fakeClock() });
  return { outcome, context };
}

describe('smoke-test', () => {
  it('passes when the hosts and the public entry serve the release and answer well', async () => {
    const [a, b, entry] = await Promise.all([serve('1.1.0'), serve('1.1.0'), serve('1.1.0')]);
    const { outcome, context } = await smokeTest({
      targets: `i-1=${a}\ni-2=${b}`,
      policy: `url: ${entry}`,
    });
    expect(outcome).toMatchObject({
      verdict: 'pass',
      reasonCode: 'verified',
      explanation: 'All 3 targets serve 1.1.0 and passed 6 checks.',
      outputs: { checksTotal: 6, checksFailed: 0 },
      record: { environment: 'production', release: { app: 'sample', version: '1.1.0' } },
      checked: [`i-1 at ${a}`, `i-2 at ${b}`, `environment at ${entry}`],
    });
    expect(outcome.summary).toContain('| i-1 | 1.1.0 | ✅ pass');
    expect(context.lines).toContain('info: i-2: converged on 1.1.0');
    expect(JSON.parse(JSON.stringify(outcome.record))).toEqual(outcome.record);
  });

  it('fails on a bad host, and counts what did not pass', async () => {
    const [a, b] = await Promise.all([serve('1.1.0'), serve('1.1.0', 500)]);
    const { outcome, context } = await smokeTest({ targets: `i-1=${a},i-2=${b}` });
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      explanation: '1.1.0 is bad: home on i-2 (expected status 200, got status 500).',
      outputs: { checksTotal: 4, checksFailed: 1 },
      remedy: expect.stringContaining('release is bad'),
    });
    expect(context.lines).toContain('info: i-2: home fail: expected status 200, got status 500');
  });

  it('counts checks that were never begun as not passed', async () => {
    const { outcome } = await smokeTest({ targets: `i-1=${await serve('1.0.0')}` });
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'converge-timed-out',
      outputs: { checksTotal: 2, checksFailed: 2 },
    });
  });

  it('keeps to the deadline that it is given', async () => {
    const inputs = { 'deadline-seconds': '3' };
    const { outcome } = await smokeTest({ targets: `i-1=${await serve('1.0.0')}`, inputs });
    expect(outcome.record).toMatchObject({ report: { seconds: 3 } });
  });

  it('leaves the hosts alone where the policy says that they cannot be reached', async () => {
    const entry = await serve('1.1.0');
    const { outcome } = await smokeTest({
      targets: 'i-1=http://127.0.0.1:1',
      policy: `url: ${entry}\n    probe-hosts: false`,
    });
    expect(outcome).toMatchObject({ verdict: 'pass', checked: [`environment at ${entry}`] });
  });

  it.each([
    ['no target at all', {}],
    [
      'hosts that cannot be reached, and no entry',
      { targets: 'i-1=http://127.0.0.1:1', policy: 'probe-hosts: false' },
    ],
    ['a host where nothing listens', { targets: 'i-1=http://127.0.0.1:1' }],
  ])('never passes with %s', async (_, options) => {
    const { outcome } = await smokeTest(options);
    expect(outcome).toMatchObject({
      verdict: 'error',
      reasonCode: 'smoke-no-data',
      remedy: expect.stringContaining('reaches them'),
    });
  });

  it('refuses targets that are none, all at once, and shows no password', async () => {
    const targets = [
      'i-1=ftp://host/',
      'i-2=http://me:hunter2@host/',
      'http://me:hunter2@host/',
      'i-3=host:80',
      'i-4=http://h/?q=1',
      'i-5=http://h/',
      'i-5=http://h/',
    ].join('\n');
    const error: unknown = await smokeTest({ targets }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      reasonCode: 'input-invalid',
      checked: [
        'i-1: scheme ftp: is not http or https',
        'i-2: a URL with a user name or password',
        expect.stringContaining('an item: no name=url'),
        'i-3: scheme host: is not http or https',
        'i-4: a URL with a query or fragment',
        'i-5: given twice',
      ],
    });
    expect(String(error)).not.toContain('hunter2');
  });

  it.each([
    [{ environment: 'prod' }, 'environment-undeclared'],
    [{ 'policy-path': 'absent.yml' }, 'policy-missing'],
    [{ 'manifest-path': 'absent.json' }, 'config-missing'],
    [{ 'manifest-path': 'policy.yml' }, 'config-invalid'],
  ])('refuses %j', async (inputs, reasonCode) => {
    await expect(smokeTest({ inputs })).rejects.toMatchObject({ reasonCode });
  });
});
