import { startAws } from '@gatewright/emulators';
import type { AwsEmulator } from '@gatewright/emulators';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import type { LedgerDraft } from '@gatewright/delivery';

import {
  createArtifactStore,
  createLedger,
  createLock,
  createSsmApi,
  verifyDocument,
} from './index.ts';
import type { LockOptions } from './index.ts';
import { bucket, emulate, pinned, region } from './test-support/emulated.ts';
import type { Emulated } from './test-support/emulated.ts';

let world: Emulated<AwsEmulator>;

beforeAll(async () => {
  world = await emulate(startAws, 1);
});

beforeEach(() => {
  world.aws.reset();
});

afterAll(async () => {
  await world.stop();
});

const place = { app: 'orders', environment: 'production' };
const lockPath = '/gatewright/orders/production/lock';
const ledgerPath = '/gatewright/orders/production/ledger';

let tokens = 0;
function lock(owner: string, over: Partial<LockOptions> = {}): ReturnType<typeof createLock> {
  return createLock(world.api, {
    ...place,
    owner,
    leaseSeconds: 600,
    now: Date.now,
    token: () => `token-${(tokens += 1)}`,
    ...over,
  });
}

const minutes = (count: number) => () => Date.now() + count * 60_000;

describe('the lock', () => {
  it('is held by one owner at a time, under growing generations', async () => {
    const first = lock('run 1');
    expect(await first.acquire()).toEqual({ kind: 'acquired', generation: 1 });
    expect(await lock('run 2').acquire()).toMatchObject({ kind: 'held', by: 'run 1' });
    expect(await first.renew()).toBe(true);
    await first.release();
    expect(await lock('run 2').acquire()).toEqual({ kind: 'acquired', generation: 2 });
    expect(Object.keys(world.aws.parameters())).toEqual([
      `${lockPath}/000001`,
      `${lockPath}/000002`,
    ]);
  });

  it('is entered again by its owner, whose earlier attempt then has lost it', async () => {
    const first = lock('run 1');
    await first.acquire();
    expect(await lock('run 1').acquire()).toEqual({ kind: 'acquired', generation: 2 });
    expect(await first.renew()).toBe(false);
  });

  it('is taken over when the lease ran out, but not within the difference of two clocks', async () => {
    const first = lock('run 1');
    await first.acquire();
    const soon = lock('run 2', { now: minutes(10.5) });
    expect(await soon.acquire()).toMatchObject({ kind: 'held', by: 'run 1' });
    expect(await lock('run 2', { now: minutes(12) }).acquire()).toMatchObject({ generation: 2 });
    expect(await first.renew()).toBe(false);
  });

  it('is lost for a holder whose own lease ran out, even if nobody took it', async () => {
    let shift = 0;
    const first = lock('run 1', { now: () => Date.now() + shift });
    await first.acquire();
    shift = 11 * 60_000;
    expect(await first.renew()).toBe(false);
  });

  it('is never free because its record cannot be read', async () => {
    await world.api.putParameter({ Name: `${lockPath}/000001`, Value: '{}', Type: 'String' });
    expect(await lock('run 1').acquire()).toMatchObject({
      kind: 'held',
      by: expect.stringContaining('000001'),
    });
    world.aws.reset();
    await world.api.putParameter({ Name: `${lockPath}/newest`, Value: '{}', Type: 'String' });
    expect(await lock('run 1').acquire()).toMatchObject({ kind: 'held' });
  });

  it('knows its own record again when the reply got lost', async () => {
    world.aws.faults.add({ kind: 'lost-reply', operation: 'PutParameter' });
    expect(await lock('run 1').acquire()).toEqual({ kind: 'acquired', generation: 1 });
  });

  it('is released by a later process of the same owner, once, and never for another', async () => {
    await lock('run 1').acquire();
    await lock('run 2').release();
    expect(await lock('run 3').acquire()).toMatchObject({ kind: 'held' });
    await lock('run 1').release();
    const before = world.aws.journal().filter((call) => call.operation === 'PutParameter').length;
    await lock('run 1').release();
    const after = world.aws.journal().filter((call) => call.operation === 'PutParameter').length;
    expect(after).toBe(before);
    expect(await lock('run 3').acquire()).toMatchObject({ kind: 'acquired', generation: 2 });
  });

  it('goes to exactly one of many that ask at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => lock(`run ${index}`).acquire()),
    );
    expect(answers.filter((answer) => answer.kind === 'acquired')).toHaveLength(1);
  });
});

function draft(over: Partial<LedgerDraft> = {}): LedgerDraft {
  return {
    schema: 'gatewright.ledger/1',
    kind: 'verified',
    version: '1.0.0',
    digest: 'ab'.repeat(32),
    source: 's3://acme-releases/x',
    commit: 'c0ffee',
    runId: '1',
    at: '2026-11-20T12:00:00.000Z',
    verify: { checks: [] },
    rollbackMode: 'safe',
    reason: '',
    ...over,
  };
}

describe('the ledger', () => {
  it('numbers its records and reads them in order, over several pages', async () => {
    const ledger = createLedger(world.api, place);
    for (let number = 1; number <= 12; number += 1) {
      await ledger.append(draft({ version: `1.0.${number}` }));
    }
    const records = await createLedger(world.api, place).read();
    expect(records.map((record) => record.sequence)).toEqual(records.map((_, index) => index + 1));
    expect(records.at(-1)?.version).toBe('1.0.12');
  });

  it('never replaces a record, whoever writes at the same time', async () => {
    const [one, two] = [createLedger(world.api, place), createLedger(world.api, place)];
    await Promise.all([one.read(), two.read()]);
    const written = await Promise.all([
      one.append(draft({ version: '1.1.0' })),
      two.append(draft({ version: '1.2.0' })),
    ]);
    expect(new Set(written.map((record) => record.sequence))).toEqual(new Set([1, 2]));
    expect(await one.read()).toHaveLength(2);
  });

  it('writes a record once when the reply got lost', async () => {
    world.aws.faults.add({ kind: 'lost-reply', operation: 'PutParameter' });
    await createLedger(world.api, place).append(draft());
    expect(await createLedger(world.api, place).read()).toHaveLength(1);
  });

  it('keeps every text, also double braces, and grows to an advanced parameter', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('{{ssm:x}}', '{{{{', '\\{{'),
    );
    const ledger = createLedger(world.api, place);
    await fc.assert(
      fc.asyncProperty(text, async (reason) => {
        const { sequence } = await ledger.append(draft({ reason }));
        const value = world.aws.parameters()[`${ledgerPath}/${String(sequence).padStart(6, '0')}`];
        expect(value).not.toContain('{{');
        expect(JSON.parse(value ?? '')).toMatchObject({ reason });
      }),
      { numRuns: 30 },
    );
    await ledger.append(draft({ reason: 'x'.repeat(6000) }));
  });

  it('tells before the rollout when a record would not fit', () => {
    const ledger = createLedger(world.api, place);
    expect(() => ledger.check(draft())).not.toThrow();
    expect(() => ledger.check(draft({ verify: 'x'.repeat(9000) }))).toThrow(
      expect.objectContaining({ reasonCode: 'config-invalid' }),
    );
  });

  it('stops at a record that cannot be read', async () => {
    const broken = {
      Name: `${ledgerPath}/000001`,
      Value: '{"kind":"verified"}',
      Type: 'String',
    } as const;
    await world.api.putParameter(broken);
    await expect(createLedger(world.api, place).read()).rejects.toMatchObject({
      reasonCode: 'service-error',
      message: expect.stringContaining('000001'),
    });
  });
});

describe('the artifact store', () => {
  const bytes = Buffer.from('an archive');
  const digest = 'b0e7a5bd3c0ba5ff4fa0a8ddfd2ae7a2e0c0f3a4a6b3b0d3c8c7f5b1f7d1c2a3';
  const store = createArtifactStore({ region, bucket });

  it('stores an artifact once, under its digest', async () => {
    const own = await sha256(bytes);
    const address = await store.put({ app: 'orders', digest: own, bytes });
    expect(address).toBe(`s3://${bucket}/orders/${own}/release.tar.gz`);
    expect(await store.put({ app: 'orders', digest: own, bytes })).toBe(address);
    expect(world.aws.objects(bucket)).toEqual([`orders/${own}/release.tar.gz`]);
  });

  it('lets S3 refuse bytes that do not have the digest', async () => {
    const failed = store.put({ app: 'orders', digest, bytes });
    await expect(failed).rejects.toMatchObject({ reasonCode: 'service-error' });
    expect(world.aws.objects(bucket)).toEqual([]);
  });

  it('does not take other bytes under the same name for the artifact', async () => {
    const own = await sha256(bytes);
    const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = new S3Client({ region });
    const key = `orders/${own}/release.tar.gz`;
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'something else' }));
    client.destroy();
    await expect(store.put({ app: 'orders', digest: own, bytes })).rejects.toMatchObject({
      reasonCode: 'artifact-conflict',
    });
  });

  it('says that the bucket is missing', async () => {
    const other = createArtifactStore({ region, bucket: 'no-such-bucket' });
    const failed = other.put({ app: 'orders', digest: await sha256(bytes), bytes });
    await expect(failed).rejects.toMatchObject({ reasonCode: 'artifact-missing' });
  });
});

describe('the document', () => {
  it('is taken when it is the pinned one', async () => {
    await expect(verifyDocument(world.api, pinned)).resolves.toBeUndefined();
  });

  it.each([
    [{ name: 'Gatewright-Other' }, 'document-missing'],
    [{ version: '7' }, 'document-missing'],
    [{ sha256: 'ab'.repeat(32) }, 'document-hash-mismatch'],
  ])('is refused with %p', async (over, reasonCode) => {
    await expect(verifyDocument(world.api, { ...pinned, ...over })).rejects.toMatchObject({
      reasonCode,
    });
  });
});

describe('trouble with AWS', () => {
  const api = createSsmApi({ region, maxAttempts: 1, requestTimeoutMilliseconds: 2000 });

  it.each([
    ['ThrottlingException', 'throttled'],
    ['ExpiredTokenException', 'access-denied'],
    ['AccessDeniedException', 'access-denied'],
    ['InternalServerError', 'service-error'],
  ])('%s is %s, and names the call', async (error, reasonCode) => {
    world.aws.faults.add({ operation: 'GetParametersByPath', error });
    await expect(createLedger(api, place).read()).rejects.toMatchObject({
      reasonCode,
      checked: expect.arrayContaining(['API call: GetParametersByPath']),
    });
  });
});

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Buffer.from(hash).toString('hex');
}
