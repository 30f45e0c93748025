import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorld } from './test-support.ts';
import type { World } from './test-support.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.aws.reset());
afterAll(() => world.close());

async function put(
  Name: string,
  Value: string,
  more: Partial<PutParameterCommandInput> = {},
): Promise<number | undefined> {
  const answer = await world.ssm.send(
    new PutParameterCommand({ Name, Value, Type: 'String', ...more }),
  );
  return answer.Version;
}

async function get(Name: string): Promise<string | undefined> {
  return (await world.ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
}

const label = async (ParameterVersion: number, ...Labels: string[]) =>
  world.ssm.send(new LabelParameterVersionCommand({ Name: '/l', ParameterVersion, Labels }));

describe('PutParameter', () => {
  it('creates only once without Overwrite, whoever is first', async () => {
    const all = await Promise.allSettled(['a', 'b', 'c'].map((value) => put('/app/lock', value)));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(Object.keys(world.aws.parameters())).toEqual(['/app/lock']);
  });

  it('answers a growing version, which makes a lost update visible', async () => {
    expect(await put('/app/pointer', 'one')).toBe(1);
    expect(await put('/app/pointer', 'two', { Overwrite: true })).toBe(2);
    expect(await get('/app/pointer')).toBe('two');
    expect(await get('/app/pointer:1')).toBe('one');
  });

  it.each<[string, string, string, string]>([
    ['a reserved name', '/aws/x', 'v', 'ValidationException'],
    ['a name with a space', '/a b', 'v', 'ValidationException'],
    ['a path without its slash', 'a/b', 'v', 'ValidationException'],
    ['sixteen levels', '/a'.repeat(16), 'v', 'HierarchyLevelLimitExceededException'],
    ['more than 4 KB', '/a', 'x'.repeat(4097), 'ValidationException'],
    ['double braces in the value', '/a', 'x {{ssm:b}}', 'ValidationException'],
  ])('refuses %s', async (_, name, value, error) => {
    await expect(put(name, value)).rejects.toMatchObject({ name: error });
  });

  it('takes 8 KB in the advanced tier', async () => {
    expect(await put('/a', 'x'.repeat(8192), { Tier: 'Advanced' })).toBe(1);
    expect(await get('/a')).toHaveLength(8192);
  });
});

describe('versions and labels', () => {
  it('keep a hundred; the oldest goes, unless it is labelled', async () => {
    await put('/v', '1');
    for (let version = 2; version <= 101; version += 1) {
      await put('/v', String(version), { Overwrite: true });
    }
    const history = await world.ssm.send(new GetParameterHistoryCommand({ Name: '/v' }));
    expect(history.Parameters).toHaveLength(50);
    expect(history.Parameters?.[0]?.Version).toBe(2);
    expect(history.NextToken).toBeDefined();
    await world.ssm.send(
      new LabelParameterVersionCommand({ Name: '/v', ParameterVersion: 2, Labels: ['good'] }),
    );
    await expect(put('/v', 'more', { Overwrite: true })).rejects.toMatchObject({
      name: 'ParameterMaxVersionLimitExceeded',
    });
  });

  it('move a label from one version to another', async () => {
    await put('/l', 'one');
    await put('/l', 'two', { Overwrite: true });
    await label(1, 'good');
    expect(await get('/l:good')).toBe('one');
    await label(2, 'good');
    expect(await get('/l:good')).toBe('two');
    expect(await label(2, '1st')).toMatchObject({ InvalidLabels: ['1st'] });
    const many = Array.from({ length: 10 }, (_, index) => `label-${index}`);
    await expect(label(2, ...many)).rejects.toMatchObject({
      name: 'ParameterVersionLabelLimitExceeded',
    });
  });
});

describe('reading', () => {
  it('lists a path in pages of ten, one level or all', async () => {
    const names = Array.from(
      { length: 12 },
      (_, index) => `/app/ledger/${String(index).padStart(6, '0')}`,
    );
    for (const name of names) await put(name, 'x');
    await put('/app/ledger/deeper/one', 'x');
    await put('/app/other', 'x');
    const found: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await world.ssm.send(
        new GetParametersByPathCommand({ Path: '/app/ledger', NextToken }),
      );
      expect(page.Parameters?.length).toBeLessThanOrEqual(10);
      found.push(...(page.Parameters ?? []).map(({ Name }) => Name));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(found).toEqual(names);
    const deep = await world.ssm.send(
      new GetParametersByPathCommand({ Path: '/app/ledger/deeper', Recursive: true }),
    );
    expect(deep.Parameters).toHaveLength(1);
  });

  it('tells missing names apart', async () => {
    await put('/there', 'x');
    const answer = await world.ssm.send(
      new GetParametersCommand({ Names: ['/there', '/missing'] }),
    );
    expect(answer.InvalidParameters).toEqual(['/missing']);
    await expect(get('/missing')).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(get('/there:9')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  });

  it('shows a SecureString in clear only with decryption', async () => {
    await put('/secret', 'clear', { Type: 'SecureString' });
    expect(await get('/secret')).not.toContain('clear');
    const shown = await world.ssm.send(
      new GetParameterCommand({ Name: '/secret', WithDecryption: true }),
    );
    expect(shown.Parameter?.Value).toBe('clear');
  });

  it('no longer knows what was deleted', async () => {
    await put('/gone', 'x');
    await world.ssm.send(new DeleteParameterCommand({ Name: '/gone' }));
    await expect(get('/gone')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });
});
