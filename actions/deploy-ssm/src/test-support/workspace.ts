import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A checkout with a policy and a packed release, as the deploy job finds it. */
export interface Workspace {
  readonly path: string;
  readonly digest: string;
  remove(): Promise<void>;
}

const policy = `version: 1
environments:
  staging:
    protection: none
    aws:
      region: eu-west-1
      role-to-assume: arn:aws:iam::111122223333:role/gatewright-deploy
      artifact-bucket: acme-releases
    targets:
      tags: { App: orders, Environment: staging }
      minimum-hosts: 2
    strategy: { kind: rolling, wave-size: 1 }
`;

export async function makeWorkspace(over: { manifest?: object } = {}): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), 'gatewright-deploy-'));
  const archive = Buffer.from('the archive of the release');
  const digest = createHash('sha256').update(archive).digest('hex');
  const manifest = {
    schema: 'gatewright.release/1',
    app: 'orders',
    version: '1.1.0',
    commit: '1f3c9a2b4d5e6f708192a3b4c5d6e7f801234567',
    digest,
    bytes: archive.byteLength,
    port: 8080,
    verify: {
      release: { kind: 'json-path', path: '/healthz', jsonPath: '$.release' },
      deadlineSeconds: 5,
      consecutiveSuccesses: 1,
      intervalSeconds: 0.05,
      requestTimeoutSeconds: 1,
      failuresToFail: 2,
      checks: [
        {
          name: 'healthz',
          method: 'GET',
          path: '/healthz',
          expect: { status: 200, headers: {}, json: [] },
        },
      ],
    },
    rollback: { mode: 'safe' },
    ...over.manifest,
  };
  await mkdir(join(path, '.github', 'gatewright'), { recursive: true });
  await mkdir(join(path, 'gatewright-release'));
  await writeFile(join(path, '.github', 'gatewright', 'policy.yml'), policy);
  await writeFile(join(path, 'gatewright-release', 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(path, 'gatewright-release', 'release.tar.gz'), archive);
  return { path, digest, remove: () => rm(path, { recursive: true, force: true }) };
}
