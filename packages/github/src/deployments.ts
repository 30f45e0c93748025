import { ServiceError } from '@gatewright/verdict';
import * as z from 'zod';
import type { Client } from './client.ts';

/** A deployment that succeeded. */
export interface SuccessfulDeployment {
  readonly sha: string;
  readonly id: number;
  /** When it first succeeded, ISO 8601. */
  readonly at: string;
}

const deployments = z.array(z.object({ id: z.int(), sha: z.string() }));
const statuses = z.array(z.object({ state: z.string(), created_at: z.string() }));

const scope = 'deployments: read';
const root = 'GET /repos/{owner}/{repo}/deployments' as const;
const pageSize = 50;
/** Each deployment costs one more call, and a token has a thousand an hour. */
const mostDeployments = 200;

/** See {@link GitHub.lastSuccessfulDeployment}. */
export async function lastSuccessfulDeployment(
  client: Client,
  environment: string,
): Promise<SuccessfulDeployment | undefined> {
  for (let page = 1; page <= mostDeployments / pageSize; page += 1) {
    const parameters = { environment, per_page: pageSize, page };
    const found = await client.get({ route: root, parameters, scope }, deployments);
    for (const { id, sha } of found) {
      const at = await succeededAt(client, id);
      if (at !== undefined) return { sha, id, at };
    }
    if (found.length < pageSize) return undefined;
  }
  throw new ServiceError(
    'service-error',
    `None of the newest ${mostDeployments} deployments to ${environment} succeeded; the older ones were not read.`,
    { checked: [root], remedy: `Remove failed deployments of ${environment} that nobody needs.` },
  );
}

async function succeededAt(client: Client, id: number): Promise<string | undefined> {
  const found = await client.get(
    {
      route: `${root}/{deployment_id}/statuses`,
      parameters: { deployment_id: id, per_page: 100 },
      scope,
    },
    statuses,
  );
  const latest = found[0]?.state;
  // A later deployment makes an earlier success inactive; it was a success all the same.
  if (latest !== 'success' && latest !== 'inactive') return undefined;
  return found.findLast((status) => status.state === 'success')?.created_at;
}
