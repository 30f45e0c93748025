import * as z from 'zod';
import { AwsError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Arns } from './arns.ts';
import { operation, optional } from './operation.ts';
import type { Operations } from './operation.ts';
import { page } from './paging.ts';

const filter = z.object({ key: z.string(), values: z.array(z.string()) });
const request = z.object({
  InstanceInformationFilterList: optional(
    z.array(z.object({ key: z.string(), valueSet: z.array(z.string()) })),
  ),
  Filters: optional(z.array(z.object({ Key: z.string(), Values: z.array(z.string()) }))),
  MaxResults: optional(z.number()),
  NextToken: optional(z.string()),
});
type Filter = z.infer<typeof filter>;

export function pingStatus(host: Host): 'Online' | 'ConnectionLost' {
  return host.state === 'online' || host.state === 'silent' ? 'Online' : 'ConnectionLost';
}

/** Whether a host has the tag of a filter or target key such as `tag:App`; undefined when the key is not about tags. */
export function hasTag(host: Host, key: string, values: readonly string[]): boolean | undefined {
  if (key === 'tag-key') return values.some((value) => Object.hasOwn(host.tags, value));
  if (!key.startsWith('tag:')) return undefined;
  const value = host.tags[key.slice(4)];
  return value !== undefined && values.includes(value);
}

function facts(host: Host): Readonly<Record<string, string>> {
  return {
    InstanceIds: host.id,
    PingStatus: pingStatus(host),
    PlatformTypes: 'Linux',
    PlatformType: 'Linux',
    ResourceType: 'EC2Instance',
    AgentVersion: '3.3.0.0',
  };
}

function matches(host: Host, { key, values }: Filter): boolean {
  const tagged = hasTag(host, key, values);
  if (tagged !== undefined) return tagged;
  const value = facts(host)[key];
  if (value === undefined) {
    throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
  }
  return values.includes(value);
}

function check(filters: readonly Filter[], hosts: readonly Host[]): void {
  const tags = filters.filter(({ key }) => key.startsWith('tag'));
  if (tags.length > 0 && tags.length < filters.length) {
    throw new AwsError(
      'InvalidInstanceInformationFilterValue',
      'Tag filters cannot be combined with other filters.',
    );
  }
  for (const { key, values } of filters) {
    if (values.length > 100) {
      throw new AwsError('InvalidInstanceInformationFilterValue', 'At most 100 values a filter.');
    }
    const unknown = values.filter((value) => !hosts.some(({ id }) => id === value));
    if (key === 'InstanceIds' && unknown.length > 0) {
      throw new AwsError('InvalidInstanceId', `Instances [${unknown.join(', ')}] are not managed.`);
    }
  }
}

function describe(host: Host, registered: number): object {
  return {
    InstanceId: host.id,
    PingStatus: pingStatus(host),
    LastPingDateTime: host.lastPing / 1000,
    AgentVersion: '3.3.0.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Amazon Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
    RegistrationDate: registered / 1000,
    IPAddress: '127.0.0.1',
    ComputerName: host.name,
    SourceId: host.id,
    SourceType: 'AWS::EC2::Instance',
  };
}

export function createInstances(hosts: readonly Host[], arns: Arns): Operations {
  const registered = Date.now();
  return {
    DescribeInstanceInformation: operation(request, {
      resources: () => [arns.any],
      run: ({ InstanceInformationFilterList = [], Filters = [], MaxResults = 10, NextToken }) => {
        const filters = [
          ...InstanceInformationFilterList.map(({ key, valueSet }) => ({ key, values: valueSet })),
          ...Filters.map(({ Key, Values }) => ({ key: Key, values: Values })),
        ];
        // Terminated instances are no longer managed.
        const managed = hosts.filter(({ state }) => state !== 'terminated');
        check(filters, managed);
        const found = managed.filter((host) => filters.every((one) => matches(host, one)));
        const { items, ...rest } = page(found, MaxResults, NextToken, 'instances');
        return {
          InstanceInformationList: items.map((host) => describe(host, registered)),
          ...rest,
        };
      },
    }),
  };
}
