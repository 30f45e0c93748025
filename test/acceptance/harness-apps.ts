import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { root } from './harness-runner.ts';

/** The sample application as a user would write it. */
const consumer = join(root, 'test/consumer');

interface Hook {
  readonly command: readonly string[];
  readonly 'timeout-seconds': number;
}

/** How a release differs from the sample application. */
export interface AppChange {
  /** Hooks by name. */
  readonly hooks?: Readonly<Record<string, Hook>>;
  /** Scripts below `bin/`, by name: the body of a shell script. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Other values of gatewright.yml, by path with dots. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Text of files, by path; they replace those of the sample. */
  readonly files?: Readonly<Record<string, string>>;
  /** One of the sample's own later releases, laid over the tree. */
  readonly overlay?: string;
}

/** A start hook that ends when the service listens, so that the first look of the health hook is a good one. */
const startReady = `./bin/start
tries=100
until grep -qs "orders $GATEWRIGHT_VERSION listens" "$GATEWRIGHT_SHARED_DIR/orders.log"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 0.03
done`;

/** What makes the sample quicker, and nothing else. */
const quick: AppChange = {
  scripts: { 'start-ready': startReady },
  hooks: { start: { command: ['./bin/start-ready'], 'timeout-seconds': 5 } },
  config: {
    'verify.deadline-seconds': 5,
    'verify.consecutive-successes': 1,
    'verify.interval-seconds': 0.1,
    'hooks.stop.timeout-seconds': 5,
    'hooks.health.timeout-seconds': 5,
  },
};

/** Writes the tree of a commit of the sample application, changed. */
export async function writeApp(directory: string, change: AppChange): Promise<void> {
  await cp(consumer, directory, { recursive: true });
  if (change.overlay !== undefined) {
    await cp(join(consumer, 'releases', change.overlay), directory, { recursive: true });
  }
}

/** As {@link writeApp}, but stopping and starting without the sample's waits. */
export async function writeQuickApp(directory: string, change: AppChange): Promise<void> {
  await writeApp(directory, change);
  const service = join(directory, 'src/service.mjs');
  const source = await readFile(service, 'utf8');
  await writeFile(service, source.replace('const drainMs = 600', 'const drainMs = 10'));
  await applyChange(directory, quick);
  await applyChange(directory, change);
}

async function applyChange(directory: string, change: AppChange): Promise<void> {
  const file = join(directory, 'gatewright.yml');
  const config = parseDocument(await readFile(file, 'utf8'));
  for (const [name, hook] of Object.entries(change.hooks ?? {})) {
    config.setIn(['hooks', name], config.createNode(hook));
  }
  for (const [path, value] of Object.entries(change.config ?? {})) {
    config.setIn(path.split('.'), config.createNode(value));
  }
  await writeFile(file, config.toString());
  for (const [name, body] of Object.entries(change.scripts ?? {})) {
    const script = join(directory, 'bin', name);
    await writeFile(script, `#!/bin/sh\nset -eu\n${body}\n`);
    await chmod(script, 0o755);
  }
  for (const [path, text] of Object.entries(change.files ?? {})) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}
