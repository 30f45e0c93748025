import { createPrivateKey, createPublicKey, generateKeyPair, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { nodeId } from './render-accounts.ts';
import { account } from './world.ts';
import type { JobRecord, RepositoryRecord, World } from './world.ts';

/** Signs the id tokens of jobs. */
export interface Issuer {
  discovery(issuer: string): unknown;
  jwks(): unknown;
  sign(claims: Readonly<Record<string, unknown>>): string;
}

export async function createIssuer(): Promise<Issuer> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const privateKey = createPrivateKey(pair.privateKey);
  const kid = randomUUID();
  const jwk = { ...createPublicKey(pair.publicKey).export({ format: 'jwk' }), kid };
  return {
    discovery: (issuer) => ({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: supportedClaims,
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
    jwks: () => ({ keys: [{ ...jwk, alg: 'RS256', use: 'sig' }] }),
    sign(claims) {
      const signed = `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${encode(claims)}`;
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const supportedClaims = (
  'sub aud exp iat iss jti nbf ref sha repository repository_id repository_owner repository_owner_id ' +
  'repository_visibility run_id run_number run_attempt actor actor_id workflow workflow_ref workflow_sha ' +
  'head_ref base_ref event_name ref_type ref_protected environment environment_node_id job_workflow_ref ' +
  'job_workflow_sha runner_environment'
).split(' ');

/** The claims that GitHub puts into the id token of a job. */
export function jobClaims(world: World, job: JobRecord, audience: string | null) {
  const { run } = job;
  const { repository, request } = run;
  const workflowRef = `${repository.fullName}/${request.workflow}@${request.ref}`;
  const environment = job.gate?.environment;
  const issuedAt = Math.floor(world.clock.now() / 1000);
  return {
    jti: randomUUID(),
    sub: subject(repository, job),
    aud: audience ?? `${world.url}/${repository.owner.login}`,
    ref: request.ref,
    sha: request.sha,
    repository: repository.fullName,
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    repository_id: String(repository.id),
    repository_visibility: repository.private ? 'private' : 'public',
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    actor: request.actor,
    actor_id: String(account(world, request.actor).id),
    workflow: request.workflow,
    workflow_ref: workflowRef,
    workflow_sha: request.sha,
    job_workflow_ref: job.request.jobWorkflowRef ?? workflowRef,
    job_workflow_sha: job.request.jobWorkflowSha ?? request.sha,
    head_ref: '',
    base_ref: '',
    event_name: request.event,
    ref_type: request.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: String(
      repository.protectedBranches.includes(request.ref.replace('refs/heads/', '')),
    ),
    runner_environment: 'github-hosted',
    ...(environment === undefined
      ? {}
      : { environment: environment.name, environment_node_id: nodeId('EN', environment.id) }),
    iss: world.url,
    nbf: issuedAt - 600,
    iat: issuedAt,
    exp: issuedAt + 300,
  };
}

function subject(repository: RepositoryRecord, job: JobRecord): string {
  const { owner, name } = repository;
  const prefix =
    repository.oidcSubject === 'names'
      ? `repo:${owner.login}/${name}`
      : `repo:${owner.login}@${owner.id}/${name}@${repository.id}`;
  const { request } = job.run;
  // The environment takes the place of the ref: a trust policy on it says nothing about branches.
  if (job.gate !== undefined)
    return `${prefix}:environment:${escapeColons(job.gate.environment.name)}`;
  if (request.event.startsWith('pull_request')) return `${prefix}:pull_request`;
  return `${prefix}:ref:${escapeColons(request.ref)}`;
}

function escapeColons(text: string): string {
  return text.replaceAll(':', '%3A');
}
