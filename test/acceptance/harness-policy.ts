import { Document } from 'yaml';
import { account, bucket, region, roleName } from './harness-role.ts';

/** A change to a YAML document. */
export type Edit = (document: Document) => void;

/** The environment that the deliveries of these tests go to. */
export const environment = 'staging';

/** policy.yml for one environment with short limits, rolling one host at a time. */
export function policyText(hosts: number, ...edits: readonly Edit[]): string {
  const document = new Document({
    version: 1,
    environments: {
      [environment]: {
        protection: { branches: ['main'] },
        gates: 'not-required',
        aws: {
          region,
          'role-to-assume': `arn:aws:iam::${account}:role/${roleName(environment)}`,
          'artifact-bucket': bucket,
          document: { name: 'Gatewright-Host', version: '1' },
        },
        targets: { tags: { App: 'orders', Environment: environment }, 'minimum-hosts': hosts },
        strategy: { kind: 'rolling', 'wave-size': 1 },
        limits: {
          'delivery-timeout-seconds': 30,
          'host-timeout-seconds': 20,
          'lock-minutes': 5,
          'keep-releases': 5,
        },
      },
    },
  });
  for (const edit of edits) edit(document);
  return document.toString();
}

/** Sets a key of the environment. */
export function set(path: readonly string[], value: unknown): Edit {
  return (document) => document.setIn(['environments', environment, ...path], value);
}

export const allAtOnce: Edit = set(['strategy'], { kind: 'all-at-once' });
