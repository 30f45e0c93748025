import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import type {
  DescribeInstanceInformationCommandInput,
  InstanceInformation,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { host, hostId, hosts, openWorld } from './test-support.ts';
import type { World } from './test-support.ts';

let world: World;
beforeAll(async () => {
  const other = host(13, { tags: { App: 'other' }, online: false });
  world = await openWorld({ hosts: [...hosts(12), other] });
});
afterAll(() => world.close());

async function describeAll(
  input: DescribeInstanceInformationCommandInput,
): Promise<InstanceInformation[]> {
  const found: InstanceInformation[] = [];
  let NextToken: string | undefined;
  do {
    const page = await world.ssm.send(
      new DescribeInstanceInformationCommand({ ...input, NextToken }),
    );
    found.push(...(page.InstanceInformationList ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}

const byId = (id: string) => describeAll({ Filters: [{ Key: 'InstanceIds', Values: [id] }] });

describe('DescribeInstanceInformation', () => {
  it('shows ten a page unless asked otherwise', async () => {
    const page = await world.ssm.send(new DescribeInstanceInformationCommand({}));
    expect(page.InstanceInformationList).toHaveLength(10);
    expect(await describeAll({})).toHaveLength(13);
    await expect(describeAll({ MaxResults: 4 })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('filters by tag or by ping status, never by both', async () => {
    const sample = { Key: 'tag:App', Values: ['sample'] };
    const lost = { Key: 'PingStatus', Values: ['ConnectionLost'] };
    expect(await describeAll({ Filters: [sample] })).toHaveLength(12);
    const [only] = await describeAll({ Filters: [lost] });
    expect(only).toMatchObject({
      InstanceId: hostId(13),
      PingStatus: 'ConnectionLost',
      IPAddress: '127.0.0.1',
      ComputerName: 'web-13',
      PlatformType: 'Linux',
    });
    await expect(describeAll({ Filters: [sample, lost] })).rejects.toMatchObject({
      name: 'InvalidInstanceInformationFilterValue',
    });
  });

  it('refuses an unknown id, and forgets terminated instances', async () => {
    await expect(byId(hostId(99))).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    expect(await byId(hostId(1))).toHaveLength(1);
    await world.aws.setState(hostId(1), 'terminated');
    await expect(byId(hostId(1))).rejects.toMatchObject({ name: 'InvalidInstanceId' });
  });
});
