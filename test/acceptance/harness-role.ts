import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PolicyStatement, RoleOptions } from '@gatewright/emulators';
import * as z from 'zod';

export const account = '111122223333';
export const region = 'eu-west-1';
export const bucket = 'acme-releases';
export const repository = 'acme/orders';

const words = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));
const documentedPolicy = z.object({
  Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: words, Resource: words })),
});

/**
 * The policy of the deploy role, as the README of deploy-ssm tells DevOps to write it: what the bundles call beyond it is
 * refused, and the test of it fails. Conditions are left out; the emulator knows none.
 */
export function documentedStatements(environment: string): PolicyStatement[] {
  const readme = fileURLToPath(new URL('../../actions/deploy-ssm/README.md', import.meta.url));
  const [, json = ''] = /^```json\n([^]*?)^```$/mu.exec(readFileSync(readme, 'utf8')) ?? [];
  const policy = documentedPolicy.parse(
    JSON.parse(json.replaceAll('orders/production/', `orders/${environment}/`)),
  );
  return policy.Statement.map(({ Action, Resource }) => ({ actions: Action, resources: Resource }));
}

/** The deploy role of an environment, or one that lacks some of its actions. */
export function deployRole(environment: string, without: readonly string[] = []): RoleOptions {
  const statements = [
    ...documentedStatements(environment),
    // So that a document which is not there is told from one that nobody may see.
    {
      actions: ['ssm:DescribeDocument'],
      resources: [`arn:aws:ssm:${region}:${account}:document/Gatewright-Other`],
    },
  ];
  const left = statements.map(({ actions, resources }) => ({
    actions: actions.filter((action) => !without.includes(action)),
    resources,
  }));
  return {
    name: roleName(environment, without),
    trust: { subjects: [`repo:${repository}:environment:${environment}`] },
    policy: left.filter(({ actions }) => actions.length > 0),
  };
}

/** For example `gatewright-deploy-staging`, or `gatewright-deploy-staging-without-SendCommand`. */
export function roleName(environment: string, without: readonly string[] = []): string {
  const lacks = without.map((action) => action.replace(/^\w+:/u, '')).join('-');
  return `gatewright-deploy-${environment}${lacks === '' ? '' : `-without-${lacks}`}`;
}
