import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  artifactFileName,
  manifestFileName,
  readAppConfig,
  releaseManifest,
} from '@gatewright/config';
import type { AppConfig, ReleaseManifest } from '@gatewright/config';
import type { ActionContext, ActionOutcome, InputsOf } from '@gatewright/contract';
import type { runCommand } from '@gatewright/process';
import { byPath } from './archive-entry.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import { buildApp } from './build-app.ts';
import { collectTree } from './collect-tree.ts';
import type { contract } from './contract.ts';
import { ownFiles } from './own-files.ts';
import { writeArchive } from './write-archive.ts';

type Inputs = InputsOf<typeof contract>;

export interface Deps {
  readonly context: ActionContext;
  readonly runCommand: typeof runCommand;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Builds the application, packs it, and writes the archive and its manifest. */
export async function run(inputs: Inputs, deps: Deps): Promise<ActionOutcome<typeof contract>> {
  const { workspace } = deps.context.run;
  const directory = resolve(workspace, inputs.workingDirectory);
  const outputDirectory = resolve(workspace, inputs.outputDirectory);

  const app = await readAppConfig(directory, inputs.configPath);
  if (app.package.build !== undefined) {
    const place = { directory, timeoutSeconds: inputs.buildTimeoutSeconds };
    await buildApp(app.package.build, place, deps);
  }
  const tree = await collectTree({
    root: directory,
    include: app.package.include,
    outputDirectory,
  });
  const own = ownFiles(app, inputs.release, inputs.commit);
  const entries = [...own, ...tree].toSorted(byPath);
  deps.context.log.info(`Packing ${entries.length} entries of ${app.app} ${inputs.release}.`);
  const manifest = await write(
    outputDirectory,
    entries,
    (archive) => describe(app, inputs, archive),
    deps,
  );
  return outcome(manifest, outputDirectory, entries);
}

function describe(
  app: AppConfig,
  inputs: Inputs,
  archive: { digest: string; bytes: number },
): ReleaseManifest {
  return releaseManifest.parse({
    schema: 'gatewright.release/1',
    app: app.app,
    version: inputs.release,
    commit: inputs.commit,
    digest: archive.digest,
    bytes: archive.bytes,
    port: app.service.port,
    verify: app.verify,
    rollback: app.rollback,
  });
}

/** A manifest never stands beside an archive that is not its own: it goes first and comes last. */
async function write(
  directory: string,
  entries: readonly ArchiveEntry[],
  manifestOf: (archive: { digest: string; bytes: number }) => ReleaseManifest,
  { context }: Deps,
): Promise<ReleaseManifest> {
  await mkdir(directory, { recursive: true });
  const manifestPath = join(directory, manifestFileName);
  const unfinished = join(directory, `.${randomUUID()}.tmp`);
  await rm(manifestPath, { force: true });
  try {
    const manifest = manifestOf(await writeArchive(unfinished, entries, context.signal));
    await rename(unfinished, join(directory, artifactFileName));
    await writeFile(unfinished, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
    await rename(unfinished, manifestPath);
    return manifest;
  } finally {
    await rm(unfinished, { force: true });
  }
}

function outcome(
  manifest: ReleaseManifest,
  directory: string,
  entries: readonly ArchiveEntry[],
): ActionOutcome<typeof contract> {
  const { app, version, commit, digest, bytes } = manifest;
  const kib = Math.ceil(bytes / 1024);
  return {
    verdict: 'pass',
    reasonCode: 'packaged',
    explanation: `${app} ${version} is packed: ${kib} KiB, SHA-256 ${digest}.`,
    outputs: {
      digest,
      bytes,
      artifactPath: join(directory, artifactFileName),
      manifestPath: join(directory, manifestFileName),
    },
    record: { manifest, entries: entries.length },
    summary: [
      '| Release | Commit | Entries | Size | SHA-256 |',
      '| --- | --- | --- | --- | --- |',
      `| ${app} ${version} | \`${commit}\` | ${entries.length} | ${kib} KiB | \`${digest}\` |`,
      '',
    ].join('\n'),
  };
}
