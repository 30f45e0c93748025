import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A packed release that can be fetched. */
export interface TestRelease {
  readonly version: string;
  readonly digest: string;
  readonly source: string;
  readonly bytes: number;
  readonly archive: string;
  /** Name of its directory on a host. */
  readonly directory: string;
}

/** Shell text of the hooks; `null` leaves the hook out. */
export type Hooks = Readonly<Record<string, string | null>>;

const note = (hook: string) =>
  `echo "${hook} $GATEWRIGHT_VERSION" >>"$GATEWRIGHT_SHARED_DIR/events"`;

/** Shell text: whether the service lives. A zombie, which nobody has reaped yet, has no `exe` any more. */
export const alive = `[ -e "/proc/$(cat "$GATEWRIGHT_SHARED_DIR/pid")/exe" ]`;

/** A service that is one `sleep`: it is healthy while that lives and was started by this version. */
export const goodHooks = {
  install: note('install'),
  // The background process keeps the output of the hook open, as carelessly written ones do.
  start: `${note('start')}
sleep 300 &
echo "$!" >"$GATEWRIGHT_SHARED_DIR/pid"
echo "$GATEWRIGHT_VERSION" >"$GATEWRIGHT_SHARED_DIR/serving"`,
  stop: `${note('stop')}
kill "$(cat "$GATEWRIGHT_SHARED_DIR/pid")" || exit 1
while ${alive}; do sleep 0.05; done
rm "$GATEWRIGHT_SHARED_DIR/pid"`,
  health: `${alive} && [ "$(cat "$GATEWRIGHT_SHARED_DIR/serving")" = "$GATEWRIGHT_VERSION" ]`,
} as const;

export interface Shelf {
  readonly url: string;
  /** Packs a release and puts it on the shelf. */
  readonly pack: (
    version: string,
    hooks?: Hooks,
    timeouts?: Readonly<Record<string, number>>,
  ) => Promise<TestRelease>;
  close(): Promise<void>;
}

/** A directory of packed releases behind a real HTTP server. */
export async function openShelf(): Promise<Shelf> {
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-shelf-'));
  const server = createServer((request, response) => {
    const stream = createReadStream(
      join(directory, new URL(request.url ?? '/', 'http://shelf').pathname),
    );
    stream.on('error', () => response.writeHead(404).end());
    stream.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const { port } = address;
  const url = `http://127.0.0.1:${port}`;
  let packed = 0;
  return {
    url,
    async pack(version, hooks = {}, timeouts = {}) {
      packed += 1;
      const name = `${packed}.tar.gz`;
      const archive = join(directory, name);
      await packTree(directory, archive, { version, hooks: { ...goodHooks, ...hooks }, timeouts });
      const digest = createHash('sha256')
        .update(await readFile(archive))
        .digest('hex');
      const { size } = await stat(archive);
      const releaseDirectory = `${version}-${digest.slice(0, 12)}`;
      return {
        version,
        digest,
        source: `${url}/${name}`,
        bytes: size,
        archive,
        directory: releaseDirectory,
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}

interface Tree {
  readonly version: string;
  readonly hooks: Hooks;
  readonly timeouts: Readonly<Record<string, number>>;
}

async function packTree(directory: string, archive: string, tree: Tree): Promise<void> {
  const work = await mkdtemp(join(directory, 'tree-'));
  const hooks = join(work, '.gatewright', 'hooks');
  await mkdir(hooks, { recursive: true });
  await writeFile(join(work, 'server.txt'), `the app, ${tree.version}\n`);
  const facts = ['app=sample', `version=${tree.version}`, 'commit=0123abc', 'port=8080'];
  await writeFile(join(work, '.gatewright', 'release'), `${facts.join('\n')}\n`);
  for (const [hook, text] of Object.entries(tree.hooks)) {
    if (text === null) continue;
    await writeFile(join(hooks, hook), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    await writeFile(join(hooks, `${hook}.timeout`), `${tree.timeouts[hook] ?? 10}\n`);
  }
  await promisify(execFile)('tar', ['-czf', archive, '-C', work, '.']);
  await rm(work, { recursive: true });
}
