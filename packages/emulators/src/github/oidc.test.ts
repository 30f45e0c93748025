import { createPublicKey, verify } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { startGitHub } from './emulator.ts';
import type { GitHubEmulator, GitHubRepository } from './types.ts';

const sha = 'a'.repeat(40);
let github: GitHubEmulator;
afterEach(() => github.stop());

async function start(more: Partial<GitHubRepository> = {}) {
  github = await startGitHub({
    users: [{ login: 'octo-dev' }],
    repositories: [
      {
        fullName: 'acme/sample',
        id: 42,
        commits: [
          {
            sha,
            message: 'one',
            author: { login: 'octo-dev', name: 'Octo Dev' },
            date: '2026-11-01T10:00:00Z',
            parents: [],
            directory: '/trees/a',
          },
        ],
        refs: { 'refs/heads/main': sha },
        environments: [{ name: 'production', protection: { reviewers: { users: ['octo-dev'] } } }],
        ...more,
      },
    ],
  });
}

async function openJob(environment: string | undefined, event = 'push') {
  const run = await github.openRun({
    repository: 'acme/sample',
    workflow: '.github/workflows/deploy.yml',
    event,
    ref: 'refs/heads/main',
    sha,
    actor: 'octo-dev',
    inputs: {},
  });
  const session = await github.openJob(run.runId, {
    name: 'deploy',
    ...(environment === undefined ? {} : { environment: { name: environment } }),
    permissions: { 'id-token': 'write' },
    jobWorkflowRef: 'acme/gatewright/.github/workflows/deploy.yml@refs/tags/v1',
  });
  return { ...run, session };
}

function request(env: Record<string, string>, audience: string) {
  return fetch(`${env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${audience}`, {
    headers: { authorization: `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
  });
}

const tokenAnswer = z.object({ value: z.string() });
const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });
const jwks = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) });
const header = z.object({ alg: z.literal('RS256'), kid: z.string() });
const claims = z.looseObject({ sub: z.string(), exp: z.number(), nbf: z.number() });

function decode(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}

/** Verifies as a relying party does: discovery, key, signature. */
async function verified(token: string) {
  const [head = '', body = '', signature = ''] = token.split('.');
  const well = await fetch(`${github.url}/.well-known/openid-configuration`);
  const { issuer, jwks_uri: uri } = discovery.parse(await well.json());
  expect(issuer).toBe(github.url);
  const { kid } = header.parse(decode(head));
  const { keys } = jwks.parse(await (await fetch(uri)).json());
  const jwk = keys.find((key) => key.kid === kid);
  if (jwk === undefined) throw new Error('no key');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const good = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  expect(good).toBe(true);
  return claims.parse(decode(body));
}

describe('id tokens', () => {
  it('carry the environment in their subject, and come only after the approval', async () => {
    await start();
    const { session, runId } = await openJob('production');
    const early = await request(session.env, 'sts.amazonaws.com');
    expect(early.status).toBe(403);
    github.approve(runId, 'production', { by: 'octo-dev' });
    await session.ready(new AbortController().signal);
    const answer = await request(session.env, 'sts.amazonaws.com');
    const token = await verified(tokenAnswer.parse(await answer.json()).value);
    expect(token).toMatchObject({
      sub: 'repo:acme/sample:environment:production',
      aud: 'sts.amazonaws.com',
      iss: github.url,
      repository: 'acme/sample',
      repository_id: '42',
      ref: 'refs/heads/main',
      sha,
      environment: 'production',
      run_id: runId,
      run_attempt: '1',
      actor: 'octo-dev',
      workflow_ref: 'acme/sample/.github/workflows/deploy.yml@refs/heads/main',
      job_workflow_ref: 'acme/gatewright/.github/workflows/deploy.yml@refs/tags/v1',
      runner_environment: 'github-hosted',
    });
    await session.close('success');
    expect((await request(session.env, 'sts.amazonaws.com')).status).toBe(403);
  });

  it.each([
    ['names', undefined, 'push', 'repo:acme/sample:ref:refs/heads/main'],
    ['names', undefined, 'pull_request', 'repo:acme/sample:pull_request'],
    ['names', 'a:b', 'push', 'repo:acme/sample:environment:a%3Ab'],
  ] as const)('form the subject: %s %s %s', async (oidcSubject, environment, event, expected) => {
    await start({ oidcSubject });
    const { session } = await openJob(environment, event);
    await session.ready(new AbortController().signal);
    const answer = await request(session.env, 'x');
    const token = await verified(tokenAnswer.parse(await answer.json()).value);
    expect(token.sub).toBe(expected);
  });

  it('can carry the immutable ids', async () => {
    await start({ oidcSubject: 'immutable-ids' });
    const { session } = await openJob(undefined);
    await session.ready(new AbortController().signal);
    const answer = await request(session.env, 'x');
    const token = await verified(tokenAnswer.parse(await answer.json()).value);
    expect(token.sub).toMatch(/^repo:acme@\d+\/sample@42:ref:refs\/heads\/main$/u);
  });

  it('are refused to who lacks the request token, and not offered without the permission', async () => {
    await start();
    const { session, runId } = await openJob(undefined);
    await session.ready(new AbortController().signal);
    const stolen = { ...session.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'guess' };
    expect((await request(stolen, 'x')).status).toBe(401);
    const plain = await github.openJob(runId, { name: 'lint', permissions: {} });
    expect(Object.keys(plain.env)).not.toContain('ACTIONS_ID_TOKEN_REQUEST_URL');
  });
});
