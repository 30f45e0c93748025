import type { Instance } from '@gatewright/delivery';
import * as z from 'zod';

import { awsErrorName } from './errors.ts';
import { allPages, parseAnswer } from './pages.ts';
import type { SsmApi } from './ssm-api.ts';

const page = z.object({
  InstanceInformationList: z
    .array(
      z.object({
        InstanceId: z.string(),
        ComputerName: z.string().nullish(),
        Name: z.string().nullish(),
        IPAddress: z.string().nullish(),
        PingStatus: z.string().nullish(),
        PlatformType: z.string().nullish(),
        AgentVersion: z.string().nullish(),
      }),
    )
    .nullish(),
});

type Filters = { Key: string; Values: string[] }[];

async function describe(api: SsmApi, filters: Filters): Promise<Instance[]> {
  const pages = await allPages((token) =>
    api.describeInstanceInformation({ Filters: filters, MaxResults: 50, ...token }),
  );
  return pages
    .flatMap(
      (answer) =>
        parseAnswer(page, answer, 'DescribeInstanceInformation').InstanceInformationList ?? [],
    )
    .map((found) => ({
      id: found.InstanceId,
      name: found.ComputerName || found.Name || found.InstanceId,
      ipAddress: found.IPAddress ?? '',
      pingStatus: found.PingStatus ?? '',
      platform: found.PlatformType ?? '',
      agentVersion: found.AgentVersion ?? '',
    }));
}

/**
 * Every managed instance with all these tags. Each tag is asked for by itself and the answers are intersected: how the
 * service joins several tag filters is not documented.
 */
export async function discoverInstances(
  api: SsmApi,
  tags: Readonly<Record<string, string>>,
): Promise<Instance[]> {
  let found: Instance[] | undefined;
  for (const [key, value] of Object.entries(tags)) {
    const tagged = await describe(api, [{ Key: `tag:${key}`, Values: [value] }]);
    const ids = new Set(tagged.map((instance) => instance.id));
    found = found === undefined ? tagged : found.filter((instance) => ids.has(instance.id));
    if (found.length === 0) return [];
  }
  return found ?? [];
}

/** What is wrong with an instance that SendCommand refused; `reachable` when nothing can be seen. */
export interface Diagnosis {
  readonly id: string;
  readonly reachable: boolean;
  readonly detail: string;
}

/** InvalidInstanceId names no cause and fails the whole call: looks at each id. */
export async function diagnoseInstances(api: SsmApi, ids: readonly string[]): Promise<Diagnosis[]> {
  const found = new Map<string, Instance>();
  for (const id of ids) {
    // One by one: a single unknown id fails a listing of several.
    for (const instance of await describeOne(api, id)) found.set(instance.id, instance);
  }
  return ids.map((id) => {
    const instance = found.get(id);
    if (instance === undefined) {
      const detail =
        'not a managed instance of this account and region: terminated, never registered, or in another account';
      return { id, reachable: false, detail };
    }
    const online = instance.pingStatus === 'Online';
    const detail = online
      ? `online by its last ping (agent ${instance.agentVersion}), so it may have stopped just now`
      : `its SSM agent (${instance.agentVersion}) reports ${instance.pingStatus || 'nothing'}`;
    return { id, reachable: online, detail };
  });
}

async function describeOne(api: SsmApi, id: string): Promise<Instance[]> {
  try {
    return await describe(api, [{ Key: 'InstanceIds', Values: [id] }]);
  } catch (error) {
    if (awsErrorName(error) === 'InvalidInstanceId') return [];
    throw error;
  }
}
