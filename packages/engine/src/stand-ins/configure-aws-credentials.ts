import * as z from 'zod';
import type { StandIn, StandInContext } from './stand-in.ts';

/** Stands in for aws-actions/configure-aws-credentials with OIDC, against an STS on this machine only. */
export const configureAwsCredentials: StandIn = {
  inputs: [
    'audience',
    'aws-region',
    'mask-aws-account-id',
    'role-duration-seconds',
    'role-session-name',
    'role-skip-session-tagging',
    'role-to-assume',
  ],
  async run(context) {
    const { inputs } = context;
    const region = required(inputs, 'aws-region');
    const role = required(inputs, 'role-to-assume');
    const sts = stsEndpoint(context.env);
    const token = await identityToken(context, inputs.audience || 'sts.amazonaws.com');
    context.addMask(token);
    const credentials = await assumeRole(context, sts, { role, token });
    context.addMask(credentials.secretAccessKey);
    context.addMask(credentials.sessionToken);
    context.addMask(credentials.accessKeyId);
    context.exportVariable('AWS_REGION', region);
    context.exportVariable('AWS_DEFAULT_REGION', region);
    context.exportVariable('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    context.exportVariable('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
    context.exportVariable('AWS_SESSION_TOKEN', credentials.sessionToken);
    const account = /^arn:[\w-]+:iam::(\d+):/.exec(role)?.[1];
    if (account !== undefined) context.setOutput('aws-account-id', account);
    context.log(`Authenticated as ${role}`);
  },
};

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

function required(inputs: Readonly<Record<string, string>>, name: string): string {
  const value = inputs[name] ?? '';
  if (value === '') throw new Error(`Input required and not supplied: ${name}`);
  return value;
}

/** The emulated STS. A rehearsal must never reach the real one, whatever the environment says. */
function stsEndpoint(env: Readonly<Record<string, string>>): URL {
  const text = env.AWS_ENDPOINT_URL_STS ?? env.AWS_ENDPOINT_URL ?? '';
  if (text === '') throw new Error('AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL is needed');
  const url = new URL(text);
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) {
    throw new Error(`${url.origin} is not on this machine; the stand-in only talks to loopback`);
  }
  return url;
}

const tokenAnswer = z.object({ value: z.string().min(1) });

async function identityToken({ env, signal }: StandInContext, audience: string): Promise<string> {
  const address = env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '';
  const bearer = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '';
  if (address === '' || bearer === '') {
    throw new Error(
      'Could not get an OIDC token: the job needs "permissions: id-token: write" (ACTIONS_ID_TOKEN_REQUEST_URL is not set)',
    );
  }
  const url = new URL(address);
  url.searchParams.set('audience', audience);
  const response = await fetch(url, { headers: { authorization: `bearer ${bearer}` }, signal });
  if (!response.ok) throw new Error(`Could not get an OIDC token: HTTP ${response.status}`);
  return tokenAnswer.parse(await response.json()).value;
}

async function assumeRole(
  { inputs, signal }: StandInContext,
  sts: URL,
  { role, token }: { readonly role: string; readonly token: string },
): Promise<Credentials> {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: inputs['role-session-name'] || 'GitHubActions',
    WebIdentityToken: token,
    DurationSeconds: inputs['role-duration-seconds'] || '3600',
  });
  const response = await fetch(sts, { method: 'POST', body, signal });
  const xml = await response.text();
  if (!response.ok) {
    const code = element(xml, 'Code') ?? `HTTP ${response.status}`;
    throw new Error(
      `Could not assume role with OIDC: ${element(xml, 'Message') ?? 'no message'} (${code})`,
    );
  }
  return {
    accessKeyId: credential(xml, 'AccessKeyId'),
    secretAccessKey: credential(xml, 'SecretAccessKey'),
    sessionToken: credential(xml, 'SessionToken'),
  };
}

function credential(xml: string, name: string): string {
  const value = element(xml, name);
  if (value === undefined) throw new Error(`STS answered without ${name}`);
  return value;
}

/** The text of the first element of a name; STS answers are flat enough for that. */
function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
