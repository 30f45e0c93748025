import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AwsOptions } from './index.ts';
import { host, hostId, openWorld } from './test-support.ts';
import type { World } from './test-support.ts';

const worlds: World[] = [];
async function world(options: Partial<AwsOptions> = {}): Promise<World> {
  const opened = await openWorld(options);
  worlds.push(opened);
  return opened;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((one) => one.close()));
});

const Bucket = 'artifacts';
const put = ({ s3 }: World, Key: string, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: 'bytes', ...more }));
const get = async ({ s3 }: World, Key: string, Range?: string) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, Range }));
  return answer.Body?.transformToString();
};

describe('S3 for the real client', () => {
  it('keeps bytes, type and metadata', async () => {
    const one = await world();
    await put(one, 'a/b c+d.txt', { ContentType: 'text/plain', Metadata: { digest: 'abc' } });
    expect(await get(one, 'a/b c+d.txt')).toBe('bytes');
    expect(await get(one, 'a/b c+d.txt', 'bytes=1-2')).toBe('yt');
    const head = await one.s3.send(new HeadObjectCommand({ Bucket, Key: 'a/b c+d.txt' }));
    expect(head).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
      Metadata: { digest: 'abc' },
    });
    expect(one.aws.objects(Bucket)).toEqual(['a/b c+d.txt']);
  });

  it('takes a stream', async () => {
    const one = await world();
    const directory = await mkdtemp(join(tmpdir(), 'gatewright-s3-test-'));
    const file = join(directory, 'large');
    await writeFile(file, 'x'.repeat(300_000));
    await put(one, 'large', { Body: createReadStream(file), ContentLength: 300_000 });
    await rm(directory, { recursive: true });
    expect((await get(one, 'large'))?.length).toBe(300_000);
  });

  it('creates once with If-None-Match, and keeps the first bytes', async () => {
    const one = await world();
    await put(one, 'once', { IfNoneMatch: '*' });
    await expect(put(one, 'once', { IfNoneMatch: '*', Body: 'other' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await get(one, 'once')).toBe('bytes');
  });

  it('refuses bytes that do not fit their checksum', async () => {
    const one = await world();
    const wrong = put(one, 'bad', { ChecksumSHA256: Buffer.alloc(32).toString('base64') });
    await expect(wrong).rejects.toMatchObject({ name: 'BadDigest' });
    expect(one.aws.objects(Bucket)).toEqual([]);
  });

  it('tells a missing key from a missing bucket', async () => {
    const one = await world({ buckets: [Bucket] });
    await expect(get(one, 'missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const elsewhere = new PutObjectCommand({ Bucket: 'elsewhere', Key: 'k', Body: 'x' });
    await expect(one.s3.send(elsewhere)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('the aws command of a host', () => {
  it('fetches an object with the instance role, also in a cleaned environment', async () => {
    const one = await world();
    await put(one, 'app/release.tar.gz');
    const copy = `aws s3 cp s3://${Bucket}/app/release.tar.gz`;
    const { stdout, status } = await one.shell([
      `${copy} here --only-show-errors && cat here && echo`,
      `env -i PATH="$PATH" ${copy} . --no-progress`,
    ]);
    expect(stdout).toBe(`bytes\ndownload: s3://${Bucket}/app/release.tar.gz to release.tar.gz\n`);
    expect(status).toBe('Success');
    const callers = one.aws.journal().map(({ caller }) => caller);
    expect(callers).toContain(`arn:aws:sts::123456789012:assumed-role/instance-role/${hostId(1)}`);
  });

  it('ends with 1 and says why when the object is missing or forbidden', async () => {
    const one = await world({
      buckets: [Bucket],
      hosts: [host(1), host(2, { policy: [] })],
    });
    await put(one, 'there');
    const missing = await one.shell([`aws s3 cp s3://${Bucket}/missing x`]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toContain('(404) when calling the HeadObject operation');
    const id = await one.run({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [hostId(2)],
      Parameters: { commands: [`aws s3 cp s3://${Bucket}/there x`] },
    });
    expect((await one.result(id, 2)).stderr).toContain('(403)');
  });
});
