import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { CancelCommandCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, clientsOf, hostId, hosts, openWorld } from './test-support.ts';
import type { World } from './test-support.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const subject = 'repo:octo/sample:environment:production';

let issuer = '';
let provider: Server;
let world: World;

beforeAll(async () => {
  provider = createServer((_, response) => {
    const key = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' };
    response.end(JSON.stringify({ keys: [key] }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const address = provider.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  issuer = `http://127.0.0.1:${address.port}`;
  const ssm = `arn:aws:ssm:eu-west-1:${accountId}`;
  world = await openWorld({
    hosts: hosts(2),
    oidc: { issuer },
    roles: [
      {
        name: 'deploy',
        trust: { subjects: [subject] },
        policy: [
          {
            actions: ['ssm:SendCommand'],
            resources: [
              'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript',
              `arn:aws:ec2:eu-west-1:${accountId}:instance/${hostId(1)}`,
            ],
          },
          { actions: ['ssm:*'], resources: [`${ssm}:*`] },
          { effect: 'Deny', actions: ['ssm:CancelCommand'], resources: ['*'] },
          { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::artifacts/sample/*'] },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => provider.close(resolve));
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object = {}, { privateKey } = pair): string {
  const all = {
    iss: issuer,
    aud: 'sts.amazonaws.com',
    sub: subject,
    exp: Math.floor(Date.now() / 1000) + 300,
    ...claims,
  };
  const text = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(all)}`;
  const signature = createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url');
  return `${text}.${signature}`;
}

async function assume(
  WebIdentityToken: string,
  more: Record<string, string> = {},
): Promise<{ status: number; text: string; of: (element: string) => string }> {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::${accountId}:role/deploy`,
    RoleSessionName: 'GitHubActions',
    WebIdentityToken,
    ...more,
  });
  const response = await fetch(world.aws.url, { method: 'POST', body });
  const text = await response.text();
  const of = (element: string): string =>
    new RegExp(`<${element}>([^<]*)<`, 'u').exec(text)?.[1] ?? '';
  return { status: response.status, text, of };
}

async function sessionClients(): Promise<ReturnType<typeof clientsOf>> {
  const { of } = await assume(token());
  return clientsOf(world.aws.url, {
    accessKeyId: of('AccessKeyId'),
    secretAccessKey: of('SecretAccessKey'),
    sessionToken: of('SessionToken'),
  });
}

const send = (...ids: string[]) =>
  new SendCommandCommand({
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: ids,
    Parameters: { commands: ['true'] },
  });

describe('AssumeRoleWithWebIdentity', () => {
  it('gives credentials for a token of the trusted subject', async () => {
    const { status, of } = await assume(token());
    expect(status).toBe(200);
    expect(of('Arn')).toBe(`arn:aws:sts::${accountId}:assumed-role/deploy/GitHubActions`);
    expect(of('SubjectFromWebIdentityToken')).toBe(subject);
    expect(Date.parse(of('Expiration'))).toBeGreaterThan(Date.now());
  });

  it.each<[string, () => string, Record<string, string>, number, string]>([
    ['another environment', () => token({ sub: `${subject}-2` }), {}, 403, 'AccessDenied'],
    [
      'an unknown role',
      () => token(),
      { RoleArn: `arn:aws:iam::${accountId}:role/admin` },
      403,
      'AccessDenied',
    ],
    ['another audience', () => token({ aud: 'elsewhere' }), {}, 400, 'InvalidIdentityToken'],
    ['another issuer', () => token({ iss: 'http://127.0.0.1:1' }), {}, 400, 'InvalidIdentityToken'],
    ['a foreign signature', () => token({}, stranger), {}, 400, 'InvalidIdentityToken'],
    ['an old token', () => token({ exp: 1 }), {}, 400, 'ExpiredTokenException'],
    ['no token', () => 'nonsense', {}, 400, 'InvalidIdentityToken'],
    ['too long a session', () => token(), { DurationSeconds: '7200' }, 400, 'ValidationError'],
    ['a bad session name', () => token(), { RoleSessionName: 'a b' }, 400, 'ValidationError'],
  ])('refuses %s', async (_, make, more, status, code) => {
    const answer = await assume(make(), more);
    expect({ status: answer.status, code: answer.of('Code') }).toEqual({ status, code });
  });

  it('keeps tokens out of the journal', () => {
    const calls = world.aws.journal().filter(({ service }) => service === 'sts');
    expect(calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(calls)).not.toContain('WebIdentityToken');
  });
});

describe('what a role may do', () => {
  it('needs the document and every instance for SendCommand', async () => {
    const { ssm } = await sessionClients();
    const { Command } = await ssm.send(send(hostId(1)));
    await world.aws.settled(Command?.CommandId ?? '');
    await expect(ssm.send(send(hostId(1), hostId(2)))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${accountId}:assumed-role/deploy/GitHubActions is not authorized to perform: ssm:SendCommand on resource: arn:aws:ec2:eu-west-1:${accountId}:instance/${hostId(2)} because no identity-based policy allows the ssm:SendCommand action`,
    });
    expect(world.aws.journal().at(-1)).toMatchObject({
      operation: 'SendCommand',
      errorCode: 'AccessDeniedException',
      caller: `arn:aws:sts::${accountId}:assumed-role/deploy/GitHubActions`,
    });
  });

  it('is nothing that a statement denies', async () => {
    const { ssm } = await sessionClients();
    const cancel = new CancelCommandCommand({ CommandId: 'f'.repeat(36) });
    await expect(ssm.send(cancel)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('with an explicit deny'),
    });
  });

  it('counts for S3 as well', async () => {
    const { s3 } = await sessionClients();
    const put = (Key: string) =>
      s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key, Body: 'x' }));
    await put('sample/one');
    await expect(put('other/one')).rejects.toMatchObject({ name: 'AccessDenied' });
    const get = new GetObjectCommand({ Bucket: 'artifacts', Key: 'sample/one' });
    await expect(s3.send(get)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('credentials that AWS does not take', () => {
  it.each([
    [
      'an unknown key',
      { accessKeyId: 'nobody', secretAccessKey: 'x' },
      'UnrecognizedClientException',
      'InvalidAccessKeyId',
    ],
    [
      'a wrong secret',
      { accessKeyId: 'test', secretAccessKey: 'wrong' },
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
    ],
  ])('%s', async (_, credentials, ssmError, s3Error) => {
    const { ssm, s3 } = clientsOf(world.aws.url, credentials);
    await expect(ssm.send(send(hostId(1)))).rejects.toMatchObject({ name: ssmError });
    const put = new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' });
    await expect(s3.send(put)).rejects.toMatchObject({ name: s3Error });
  });

  it('a request without a signature', async () => {
    const response = await fetch(world.aws.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.ListCommands' },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
