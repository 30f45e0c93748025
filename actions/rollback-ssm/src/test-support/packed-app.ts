import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

const server = `import { createServer } from 'node:http';
const { GATEWRIGHT_VERSION: release, GATEWRIGHT_PORT: port } = process.env;
createServer((request, response) => {
  const bad = BROKEN && request.url === '/orders';
  response.writeHead(bad ? 500 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ release }));
}).listen(Number(port), '127.0.0.1');
`;

const hooks = {
  start: `setsid sh -c 'echo $$ >"$GATEWRIGHT_SHARED_DIR/pid"; exec node server.mjs' </dev/null >/dev/null 2>&1 &`,
  stop: [
    'pid=$(cat "$GATEWRIGHT_SHARED_DIR/pid" 2>/dev/null) || exit 0',
    'kill "$pid" 2>/dev/null || exit 0',
    'while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done',
  ].join('\n'),
  health:
    "node -e 'fetch(`http://127.0.0.1:${process.env.GATEWRIGHT_PORT}/healthz`).then((r) => r.json()).then((b) => process.exit(b.release === process.env.GATEWRIGHT_VERSION ? 0 : 1), () => process.exit(1))'",
};

/** The suite of the little service: its release, and one business route. */
const verify = {
  release: { kind: 'json-path', path: '/healthz', jsonPath: '$.release' },
  deadlineSeconds: 20,
  consecutiveSuccesses: 2,
  intervalSeconds: 0.05,
  requestTimeoutSeconds: 2,
  failuresToFail: 2,
  checks: [
    {
      name: 'orders',
      method: 'GET',
      path: '/orders',
      expect: { status: 200, headers: {}, json: [] },
    },
  ],
};

/** Packs a release of a real little service; returns its digest. `bad` answers 500 on a business route. */
export async function packApp(
  workspace: string,
  version: string,
  quality: 'good' | 'bad',
): Promise<string> {
  const tree = join(workspace, `tree-${version}`);
  await mkdir(join(tree, '.gatewright', 'hooks'), { recursive: true });
  await writeFile(join(tree, 'server.mjs'), server.replace('BROKEN', String(quality === 'bad')));
  const commit = '1f3c9a2b4d5e6f708192a3b4c5d6e7f801234567';
  const facts = `app=orders\nversion=${version}\ncommit=${commit}\nport=8080\n`;
  await writeFile(join(tree, '.gatewright', 'release'), facts);
  for (const [name, body] of Object.entries(hooks)) {
    const file = join(tree, '.gatewright', 'hooks', name);
    await writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    await writeFile(`${file}.timeout`, '15\n');
  }
  const out = join(workspace, `release-${version}`);
  await mkdir(out);
  const archive = join(out, 'release.tar.gz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', tree, '.gatewright', 'server.mjs']);
  const bytes = await readFile(archive);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const manifest = {
    schema: 'gatewright.release/1',
    app: 'orders',
    version,
    commit,
    digest,
    bytes: bytes.length,
    port: 8080,
    verify,
    rollback: { mode: 'safe' },
  };
  await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest));
  return digest;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export const policy = `version: 1
environments:
  production:
    protection: none
    aws:
      region: eu-west-1
      role-to-assume: arn:aws:iam::111122223333:role/gatewright-deploy
      artifact-bucket: acme-releases
    targets:
      tags: { App: orders, Environment: production }
      minimum-hosts: 3
    strategy: { kind: rolling, wave-size: 1 }
    limits: { host-timeout-seconds: 60 }
`;
