import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAws } from '@gatewright/emulators';
import type { AwsEmulator } from '@gatewright/emulators';

// The AWS CLI against the AWS emulator: a client that shares no code with ours. It is named by GATEWRIGHT_AWS_CLI, or
// installed from PyPI into a directory of its own with GATEWRIGHT_CONFORMANCE=1.
const pinned = 'awscli==1.46.2';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, words: string[], env: Record<string, string>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(file, words, { env, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

const path = process.env['PATH'] ?? '';
const ids = ['i-00000000000000001', 'i-00000000000000002'];
let directory = '';
let cli = '';
let aws: AwsEmulator;

async function findCli(): Promise<string> {
  const named = process.env['GATEWRIGHT_AWS_CLI'];
  if (named !== undefined && named !== '') return named;
  if (process.env['GATEWRIGHT_CONFORMANCE'] !== '1') {
    throw new Error('Set GATEWRIGHT_AWS_CLI to an aws command, or GATEWRIGHT_CONFORMANCE=1.');
  }
  const venv = join(directory, 'venv');
  const env = { PATH: path, HOME: directory };
  for (const [file, ...words] of [
    ['python3', '-m', 'venv', venv],
    [join(venv, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', pinned],
  ]) {
    const { code, stderr } = await run(file ?? '', words, env);
    if (code !== 0) throw new Error(`Cannot install ${pinned}: ${stderr}`);
  }
  return join(venv, 'bin/aws');
}

async function call(...words: string[]): Promise<Ran> {
  return run(cli, ['--endpoint-url', aws.url, ...words], {
    PATH: path,
    HOME: directory,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: join(directory, 'config'),
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  });
}

async function text(...words: string[]): Promise<string> {
  const { stdout, stderr, code } = await call(...words, '--output', 'text');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
}

async function send(script: string): Promise<string> {
  const parameters = JSON.stringify({ commands: [script] });
  const words = ['--document-name', 'AWS-RunShellScript', '--parameters', parameters];
  const query = ['--query', 'Command.CommandId'];
  const id = await text('ssm', 'send-command', '--instance-ids', ...ids, ...words, ...query);
  await aws.settled(id);
  return id;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-aws-cli-'));
  await writeFile(join(directory, 'config'), '[default]\ns3 =\n  signature_version = s3v4\n');
  cli = await findCli();
  aws = await startAws({
    region: 'eu-west-1',
    accountId: '123456789012',
    directory: join(directory, 'hosts'),
    invisibleReads: 0,
    hosts: ids.map((id, index) => ({ id, name: `web-${index}`, tags: { App: 'sample' } })),
  });
});
afterAll(async () => {
  await aws.stop();
  await rm(directory, { recursive: true, force: true });
});

it('is the real AWS CLI', async () => {
  const { stdout, stderr } = await call('--version');
  expect(stdout + stderr).toMatch(/^aws-cli\//u);
});

describe('aws ssm', () => {
  it('send-command, list-command-invocations --details and get-command-invocation see real output', async () => {
    const id = await send('echo "on $AWS_SSM_INSTANCE_ID"; echo why >&2; exit 3');
    const list = await call('ssm', 'list-command-invocations', '--command-id', id, '--details');
    const shown: unknown = JSON.parse(list.stdout);
    expect(shown).toMatchObject({
      CommandInvocations: ids.map((one) => ({
        InstanceId: one,
        Status: 'Failed',
        CommandPlugins: [
          {
            Name: 'aws:runShellScript',
            ResponseCode: 3,
            Output: `on ${one}\n\n----------ERROR-------\nwhy\nfailed to run commands: exit status 3`,
          },
        ],
      })),
    });
    const [first = ''] = ids;
    const where = ['--command-id', id, '--instance-id', first];
    const got = await call('ssm', 'get-command-invocation', ...where);
    expect(JSON.parse(got.stdout)).toMatchObject({
      Status: 'Failed',
      ResponseCode: 3,
      StandardOutputContent: `on ${first}\n`,
    });
  });

  it('wait command-executed tells success from failure', async () => {
    const [first = ''] = ids;
    const wait = async (id: string): Promise<number> =>
      (await call('ssm', 'wait', 'command-executed', '--command-id', id, '--instance-id', first))
        .code;
    expect(await wait(await send('true'))).toBe(0);
    expect(await wait(await send('false'))).toBe(255);
  });

  it('put-parameter --no-overwrite twice: the second is refused', async () => {
    const put = ['ssm', 'put-parameter', '--name', '/app/lock', '--value', 'x', '--type', 'String'];
    expect((await call(...put, '--no-overwrite')).code).toBe(0);
    const second = await call(...put, '--no-overwrite');
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain('(ParameterAlreadyExists)');
  });

  it('get-parameters-by-path pages by itself', async () => {
    for (let number = 0; number < 12; number += 1) {
      const name = `/pages/${number}`;
      await text('ssm', 'put-parameter', '--name', name, '--value', 'x', '--type', 'String');
    }
    const query = ['--query', 'length(Parameters)', '--output', 'json'];
    const { stdout } = await call('ssm', 'get-parameters-by-path', '--path', '/pages', ...query);
    expect(stdout.trim()).toBe('12');
  });

  it('send-command to an unknown instance is InvalidInstanceId', async () => {
    const words = ['--document-name', 'AWS-RunShellScript', '--parameters', 'commands=true'];
    const unknown = ['--instance-ids', 'i-0000000000000dead'];
    const { code, stderr } = await call('ssm', 'send-command', ...unknown, ...words);
    expect(code).not.toBe(0);
    expect(stderr).toContain('(InvalidInstanceId)');
  });

  it('describe-instance-information and documents', async () => {
    const filter = ['--filters', 'Key=tag:App,Values=sample'];
    const query = ['--query', 'InstanceInformationList[].PingStatus'];
    expect(await text('ssm', 'describe-instance-information', ...filter, ...query)).toBe(
      'Online\tOnline',
    );
    const file = join(directory, 'document.json');
    const step = { action: 'aws:runShellScript', name: 'only', inputs: { runCommand: ['true'] } };
    await writeFile(file, JSON.stringify({ schemaVersion: '2.2', mainSteps: [step] }));
    const create = ['--name', 'Mine', '--document-type', 'Command', '--content', `file://${file}`];
    await text('ssm', 'create-document', ...create);
    const { stdout } = await call('ssm', 'get-document', '--name', 'Mine');
    expect(JSON.parse(stdout)).toMatchObject({ Content: await readFile(file, 'utf8') });
  });
});

describe('aws sts and aws s3', () => {
  it('get-caller-identity', async () => {
    expect(await text('sts', 'get-caller-identity', '--query', 'Arn')).toBe(
      'arn:aws:iam::123456789012:user/test',
    );
  });

  it('cp there and back, create once, presign', async () => {
    const [up, down] = [join(directory, 'up'), join(directory, 'down')];
    await writeFile(up, 'bytes');
    await call('s3', 'cp', up, 's3://artifacts/a/one');
    await call('s3', 'cp', 's3://artifacts/a/one', down);
    expect(await readFile(down, 'utf8')).toBe('bytes');
    const once = ['--bucket', 'artifacts', '--key', 'a/one', '--if-none-match', '*'];
    const { stderr } = await call('s3api', 'put-object', ...once, '--body', up);
    expect(stderr).toContain('(PreconditionFailed)');
    const url = (await call('s3', 'presign', 's3://artifacts/a/one')).stdout.trim();
    expect(await (await fetch(url)).text()).toBe('bytes');
    expect((await fetch(url.replace('a/one', 'a/two'))).status).toBe(403);
  });
});
