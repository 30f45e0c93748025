import type { AwsEmulator, GitHubEmulator } from '@gatewright/emulators';
import * as z from 'zod';
import { environment } from './harness-policy.ts';
import { account, region, repository, roleName } from './harness-role.ts';

const tokenAnswer = z.object({ value: z.string() });

/** What the credentials of a job are made of. */
export interface Assumption {
  readonly github: GitHubEmulator;
  readonly aws: AwsEmulator;
  readonly commit: string;
  /** IAM actions that the wanted role lacks. */
  readonly lacks: readonly string[];
}

/** What every job needs in order to find the emulated AWS. */
export function awsVariables(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/**
 * The way of aws-actions/configure-aws-credentials: the OIDC token of a job in the environment, exchanged at STS for keys
 * of the deploy role.
 */
export async function assumeRole(of: Assumption): Promise<Record<string, string>> {
  const token = await identityToken(of);
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::${account}:role/${roleName(environment, of.lacks)}`,
    RoleSessionName: 'acceptance',
    WebIdentityToken: token,
  });
  const response = await fetch(of.aws.url, { method: 'POST', body: form });
  const answer = await response.text();
  const read = (name: string): string => {
    const value = new RegExp(`<${name}>([^<]+)</${name}>`, 'u').exec(answer)?.[1];
    if (value === undefined) throw new Error(`STS answered ${response.status}: ${answer}`);
    return value;
  };
  return {
    ...awsVariables(of.aws.url),
    AWS_ACCESS_KEY_ID: read('AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: read('SecretAccessKey'),
    AWS_SESSION_TOKEN: read('SessionToken'),
  };
}

async function identityToken({ github, commit }: Assumption): Promise<string> {
  const { runId } = await github.openRun({
    repository,
    workflow: '.github/workflows/deploy.yml',
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha: commit,
    actor: 'ada-orders',
    inputs: {},
  });
  const job = await github.openJob(runId, {
    name: 'deploy',
    environment: { name: environment },
    permissions: { 'id-token': 'write' },
  });
  await job.ready(new AbortController().signal);
  const url = new URL(job.env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  url.searchParams.set('audience', 'sts.amazonaws.com');
  const bearer = job.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  const response = await fetch(url, { headers: { authorization: `bearer ${bearer}` } });
  return tokenAnswer.parse(await response.json()).value;
}
